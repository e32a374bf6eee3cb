"""Tests of `fundapp.grants`."""
