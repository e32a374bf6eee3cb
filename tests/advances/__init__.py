"""Tests of `fundapp.advances`."""
