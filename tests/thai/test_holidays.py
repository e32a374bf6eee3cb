"""Public holidays and weekends."""

from datetime import date

import pytest

from fundapp.thai.holidays import is_public_holiday, is_weekend

pytestmark = pytest.mark.sqlite  # pure

#: What was announced of some months: days off that are no weekend.
DAYS_OFF = {
    (2023, 1): [2],
    (2024, 1): [1, 2],
    (2024, 2): [26],
    (2024, 4): [8, 15, 16],
    (2024, 7): [22, 29],
    (2025, 4): [7, 14, 15, 16],
    (2026, 3): [3],
    (2026, 6): [1, 3],
    (2026, 7): [28, 29, 30],
    (2026, 12): [7, 10, 31],
    (2027, 7): [19, 20, 28],
}


def test_the_days_off_of_each_month_are_those_announced():
    for (year, month), wanted in DAYS_OFF.items():
        days = [date(year, month, number) for number in range(1, 29)]
        days += [date(year, month, number) for number in (29, 30)] if month != 2 else []
        days += [date(year, month, 31)] if month in {1, 3, 7, 12} else []
        off = [day.day for day in days if is_public_holiday(day) and not is_weekend(day)]
        assert off == wanted, (year, month)
