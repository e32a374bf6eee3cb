"""Months of the books (pure)."""

from datetime import date

#: What opening a closed month again is called among proposals; the database asks for it too
#: (``sql/*/keep_periods.sql``).
REOPENING_KIND = "period-reopening"


def month_start(day: date) -> date:
    """The first day of the month of ``day``, the key of its period."""
    return day.replace(day=1)
