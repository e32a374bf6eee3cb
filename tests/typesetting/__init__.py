"""Tests of `fundapp.typesetting`."""
