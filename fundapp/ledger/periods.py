"""Months of the books (pure)."""

from datetime import date


def month_start(day: date) -> date:
    """The first day of the month of ``day``, the key of its period."""
    return day.replace(day=1)
