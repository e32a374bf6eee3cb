"""The demo's days: three fiscal years, the last of which holds the present day (pure).

The history begins on the first day of the fiscal year before the last one and ends yesterday, so
the same day always gives the same history.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from fundapp.clock import BANGKOK
from fundapp.giving.schedule import add_months
from fundapp.thai.calendar import fiscal_year_be, fiscal_year_bounds

#: How many fiscal years the history covers, the present one in part.
YEARS = 3
#: For how many whole months there are bank statements; earlier payments were recorded by hand.
STATEMENT_MONTHS = 3
_RAMADAN = 9
_ISLAMIC_EPOCH = date(622, 7, 19)


@dataclass(frozen=True, slots=True)
class Span:
    """The days of the history, from ``first`` to the day before ``today``."""

    first: date
    today: date

    @property
    def last(self) -> date:
        """Yesterday."""
        return self.today - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days the history has."""
        return (self.today - self.first).days

    @property
    def statements_from(self) -> date:
        """The first day that a bank statement covers."""
        return max(self.first, add_months(self.today.replace(day=1), -STATEMENT_MONTHS))

    def day(self, rng: Random, *, after: float = 0.0, before: float = 1.0) -> date:
        """A random day between two shares of the history."""
        return self.first + timedelta(days=int(self.days * rng.uniform(after, before)))

    def months(self) -> list[date]:
        """The first day of every month with a day in the history."""
        months = [self.first]
        while (following := month_after(months[-1])) <= self.last:
            months.append(following)
        return months


def span_of(today: date) -> Span:
    """The history of a demo that is loaded on ``today``."""
    first, _ = fiscal_year_bounds(fiscal_year_be(today) - YEARS + 1)
    return Span(first, today)


def month_after(day: date) -> date:
    """The first day of the month after the one of ``day``."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def workday(day: date) -> date:
    """``day``, or the Monday after it when it is a Saturday or Sunday."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def office_hour(rng: Random, day: date) -> datetime:
    """A random instant of the day while offices are open in Thailand."""
    minute = rng.randrange(8 * 60 + 30, 16 * 60 + 30)
    local = datetime.combine(day, time(minute // 60, minute % 60, rng.randrange(60)), BANGKOK)
    return local.astimezone(UTC)


def ramadans(span: Span) -> list[tuple[date, date]]:
    """First and last days of the months of Ramadan in the history.

    By the tabular Islamic calendar, which may differ by a day from what is announced.
    """
    first_year = (span.first.year - 622) * 33 // 32
    months = [_islamic_month(year, _RAMADAN) for year in range(first_year, first_year + YEARS + 3)]
    return [
        (start, start + timedelta(days=29))
        for start in months
        if span.first <= start and start + timedelta(days=29) <= span.last
    ]


def _islamic_month(year: int, month: int) -> date:
    """The first day of a month of the tabular Islamic calendar."""
    days = (year - 1) * 354 + (3 + 11 * year) // 30 + (59 * (month - 1) + 1) // 2
    return _ISLAMIC_EPOCH + timedelta(days=days)


def noon(day: date) -> datetime:
    """Midday in Thailand."""
    return datetime.combine(day, time(12), BANGKOK).astimezone(UTC)
