"""Tests of fundapp.audit."""
