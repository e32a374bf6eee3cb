"""Tests of `fundapp.council`."""
