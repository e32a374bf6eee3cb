"""Petty cash and advances: cash that a named person of the staff holds until a clearing date."""
