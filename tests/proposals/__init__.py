"""Tests of `fundapp.proposals`."""
