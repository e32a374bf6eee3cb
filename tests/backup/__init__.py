"""Tests of `fundapp.backup`."""
