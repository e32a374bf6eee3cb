"""Tests of `fundapp.access`."""
