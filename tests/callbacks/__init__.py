"""Tests of `fundapp.callbacks`."""
