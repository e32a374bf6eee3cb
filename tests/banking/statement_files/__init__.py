"""Tests of `fundapp.banking.statement_files`."""
