"""Due dates and amounts of instalments."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.giving.errors import ScheduleError
from fundapp.giving.models import Frequency
from fundapp.giving.schedule import add_months, amounts, due_dates


def test_a_thousand_over_three():
    assert amounts(100_000, 3) == [33_334, 33_333, 33_333]


@given(st.integers(1, 10**12), st.integers(1, 600))
def test_amounts_are_exact_and_even(total, count):
    if total < count:
        with pytest.raises(ScheduleError):
            amounts(total, count)
        return
    parts = amounts(total, count)
    assert sum(parts) == total
    assert max(parts) - min(parts) <= 1


def test_once_is_one_day():
    assert due_dates(Frequency.ONCE, date(2026, 11, 24), 5) == [date(2026, 11, 24)]


def test_a_month_without_the_day_takes_its_last():
    days = due_dates(Frequency.MONTHLY, date(2027, 12, 31), 5)
    assert days == [
        date(2027, 12, 31),
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 4, 30),
    ]


def test_quarters_keep_the_day():
    days = due_dates(Frequency.QUARTERLY, date(2026, 11, 30), 3)
    assert days == [date(2026, 11, 30), date(2027, 2, 28), date(2027, 5, 30)]


def test_years_from_a_leap_day():
    days = due_dates(Frequency.YEARLY, date(2028, 2, 29), 5)
    assert days == [
        date(2028, 2, 29),
        date(2029, 2, 28),
        date(2030, 2, 28),
        date(2031, 2, 28),
        date(2032, 2, 29),
    ]


@pytest.mark.parametrize(
    ("starts_on", "first"),
    [
        (date(2026, 5, 15), date(2026, 5, 16)),
        (date(2026, 5, 16), date(2026, 5, 16)),
        (date(2026, 5, 17), date(2026, 11, 1)),
        (date(2026, 11, 1), date(2026, 11, 1)),
        (date(2026, 11, 2), date(2027, 5, 16)),
    ],
)
def test_terms_begin_on_16_may_and_1_november(starts_on, first):
    days = due_dates(Frequency.TERM, starts_on, 7)
    assert days[0] == first
    assert len(days) == 7
    assert {(day.month, day.day) for day in days} == {(5, 16), (11, 1)}


@given(
    st.sampled_from([Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.TERM, Frequency.YEARLY]),
    st.dates(date(2020, 1, 1), date(2100, 12, 31)),
    st.integers(1, 600),
)
def test_dates_rise_and_none_is_missing(frequency, starts_on, count):
    days = due_dates(frequency, starts_on, count)
    assert len(days) == count
    assert days == sorted(set(days))
    assert days[0] >= starts_on


def test_adding_no_month_changes_nothing():
    assert add_months(date(2026, 12, 31), 0) == date(2026, 12, 31)
