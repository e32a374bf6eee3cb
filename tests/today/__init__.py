"""Tests of `fundapp.today`."""
