"""Batches of gifts with control totals, and lists of givers whose money came together."""
