"""Audit packs: everything about a period in one archive, with the hash of each file."""
