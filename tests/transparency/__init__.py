"""Tests of fundapp.transparency."""
