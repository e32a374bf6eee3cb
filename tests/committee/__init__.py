"""Tests of `fundapp.committee`."""
