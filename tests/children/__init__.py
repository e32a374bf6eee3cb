"""Tests of children."""
