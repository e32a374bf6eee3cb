"""Tests of `fundapp.banking`."""
