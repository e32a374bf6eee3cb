"""Tests of what two people decide."""
