"""Tests of `fundapp.banking.reconciliation`."""
