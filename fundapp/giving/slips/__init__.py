"""Slips of bank transfers: claims that donors send, until the bank's own line books the money."""
