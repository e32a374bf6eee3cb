"""Tests of `fundapp.agencies`."""
