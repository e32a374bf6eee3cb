"""Tests of `fundapp.thai`."""
