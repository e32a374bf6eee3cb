"""Tests of `fundapp.payouts`."""
