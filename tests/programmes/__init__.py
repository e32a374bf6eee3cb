"""Tests of `fundapp.programmes`."""
