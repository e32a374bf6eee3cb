"""Tests of `fundapp.places`."""
