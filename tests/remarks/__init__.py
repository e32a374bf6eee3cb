"""Tests of `fundapp.remarks`."""
