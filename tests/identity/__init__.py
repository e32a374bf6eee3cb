"""Tests of `fundapp.identity`."""
