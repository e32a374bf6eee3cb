"""Confirmation letters: donors and payees of a sample are asked what they gave and received."""
