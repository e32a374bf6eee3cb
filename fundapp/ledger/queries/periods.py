"""Months of the books, and which days can still be posted on."""

from datetime import date

from sqlalchemy import select

from fundapp import clock
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.ledger.errors import PeriodClosedError
from fundapp.ledger.models import Period, PeriodStatus
from fundapp.ledger.periods import month_start

_MONTHS_SHOWN = 12


def list_periods(fiscal_year: int) -> list[Period]:
    """The last twelve months up to the end of a fiscal year (B.E.) that are over, newest first."""
    is_over = Period.ends_on < clock.today()
    statement = select(Period).where(is_over, Period.fiscal_year <= fiscal_year)
    newest_first = statement.order_by(Period.starts_on.desc()).limit(_MONTHS_SHOWN)
    return list(db.session.scalars(newest_first))


def get_period(starts_on: str) -> Period:
    """The month that begins on this day, as an address writes it; NotFoundError."""
    try:
        period = db.session.get(Period, date.fromisoformat(starts_on))
    except ValueError:
        period = None
    if period is None:
        raise NotFoundError
    return period


def first_open_day(day: date) -> date:
    """The day in the books of what happened on ``day``: that day, or the first day of the next open
    month when its own is closed. PeriodClosedError when no month up to today is open.
    """
    open_months = (
        select(Period.starts_on)
        .where(
            Period.status == PeriodStatus.OPEN,
            Period.starts_on.between(month_start(day), clock.today()),
        )
        .order_by(Period.starts_on)
    )
    month = db.session.scalar(open_months.limit(1))
    if month is None:
        raise PeriodClosedError(field="entry_on")
    return max(day, month)
