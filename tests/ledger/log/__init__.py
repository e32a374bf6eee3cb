"""The sealed log."""
