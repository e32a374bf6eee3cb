"""Tests of `fundapp.mail`."""
