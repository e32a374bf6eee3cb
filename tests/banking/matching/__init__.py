"""Tests of `fundapp.banking.matching`."""
