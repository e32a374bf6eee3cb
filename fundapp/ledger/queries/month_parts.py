"""From one day to another as whole months, and days that are added to them or taken away."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement

from fundapp.ledger.periods import month_start

_MID_MONTH = 15
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PartOfMonth:
    """Some days of one month, which are added or taken away."""

    from_on: date
    to_on: date
    sign: int


def are_inside(month: Any, from_on: date, to_on: date) -> tuple[ColumnElement[bool], ...]:
    """Asked of the first day of a month: a whole month, and one that has more of its days inside
    than outside.
    """
    first, last = month_start(from_on), month_start(to_on)
    return (
        month >= first if from_on.day <= _MID_MONTH else month > first,
        month <= last if to_on.day > _MID_MONTH else month < last,
    )


def parts_of_months(from_on: date, to_on: date) -> Iterator[PartOfMonth]:
    """What is to be added to these months, or taken from them: the shorter part of each."""
    if from_on.day > _MID_MONTH:
        yield PartOfMonth(from_on, _month_end(from_on), 1)
    elif from_on.day > 1:
        yield PartOfMonth(month_start(from_on), from_on - _DAY, -1)
    if to_on.day <= _MID_MONTH:
        yield PartOfMonth(month_start(to_on), to_on, 1)
    elif to_on < _month_end(to_on):
        yield PartOfMonth(to_on + _DAY, _month_end(to_on), -1)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
