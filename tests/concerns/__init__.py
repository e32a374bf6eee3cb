"""Tests of `fundapp.concerns`."""
