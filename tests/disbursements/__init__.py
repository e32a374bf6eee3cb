"""Tests of `fundapp.disbursements`."""
