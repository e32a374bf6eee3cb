"""Gifts in kind: goods and services, with the value that the giver declared. They are no money."""
