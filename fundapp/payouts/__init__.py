"""Payouts by transfer, many at once: batches, the file for the bank, the file of its results."""
