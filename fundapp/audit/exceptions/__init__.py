"""Entries that stand out: each explains itself, and none stops anything."""
