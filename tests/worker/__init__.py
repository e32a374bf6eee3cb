"""Tests of `fundapp.worker`."""
