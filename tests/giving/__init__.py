"""Tests of `fundapp.giving`."""
