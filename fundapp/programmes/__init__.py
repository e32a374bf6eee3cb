"""Phases of the programme: when, where and for whom the fund works, and how many it reached."""
