"""Due dates and amounts of instalments (pure).

A Thai school year has two terms; they begin on 16 May and 1 November (Ministry of Education
regulation on the opening and closing of schools, B.E. 2549). A month without the day of the first
instalment takes its last day: 31 January is followed by 28 February and 31 March.
"""

from calendar import monthrange
from datetime import date

from fundapp.giving.errors import ScheduleError
from fundapp.giving.models import Frequency
from fundapp.money import split_evenly

#: (month, day) on which the school terms begin.
TERM_STARTS = ((5, 16), (11, 1))
#: How many unpaid instalments of an open-ended pledge always have a due date from today on.
HORIZON = 12
MAXIMUM_INSTALMENTS = 600
MAXIMUM_YEARS = 50
TIMES_A_YEAR = {
    Frequency.MONTHLY: 12,
    Frequency.QUARTERLY: 4,
    Frequency.TERM: 2,
    Frequency.YEARLY: 1,
}

_MONTHS_BETWEEN = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}


def due_dates(frequency: Frequency, starts_on: date, count: int) -> list[date]:
    """The first ``count`` due dates of a pledge that starts on ``starts_on``.

    Only ``term`` may move the first one: to the first school term that begins on that day or later.
    """
    if frequency is Frequency.ONCE:
        return [starts_on][:count]
    if frequency is Frequency.TERM:
        return _term_dates(starts_on, count)
    step = _MONTHS_BETWEEN[frequency]
    return [add_months(starts_on, step * number) for number in range(count)]


def dates_after(frequency: Frequency, starts_on: date, last: date, count: int) -> list[date]:
    """The next ``count`` due dates after ``last`` of a pledge that starts on ``starts_on``."""
    if count <= 0:
        return []
    # None has more dates than a monthly pledge, and no month is shorter than 28 days.
    passed = max(0, (last - starts_on).days // 28) + 1
    dates = due_dates(frequency, starts_on, passed + count)
    return [day for day in dates if day > last][:count]


def add_months(day: date, months: int) -> date:
    """``day`` so many months later, or the last day of that month when it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def amounts(total_satang: int, count: int) -> list[int]:
    """``total_satang`` in ``count`` instalments, exact to the satang, the larger ones first.

    Raises ScheduleError when the total is less than one satang for each.
    """
    if total_satang < count:
        raise ScheduleError(field="instalments")
    return split_evenly(total_satang, count)


def _term_dates(starts_on: date, count: int) -> list[date]:
    last_year = starts_on.year + count // len(TERM_STARTS) + 1
    starts = (
        date(year, month, day)
        for year in range(starts_on.year, last_year + 1)
        for month, day in TERM_STARTS
    )
    return [day for day in starts if day >= starts_on][:count]
