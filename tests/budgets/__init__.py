"""Tests of `fundapp.budgets`."""
