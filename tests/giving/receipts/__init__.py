"""Tests of `fundapp.giving.receipts`."""
