"""Tests of slips."""
