"""Tests of `fundapp.trail`."""
