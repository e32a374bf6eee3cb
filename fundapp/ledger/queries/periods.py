"""Months of the books, and which days can still be posted on."""

from datetime import date

from sqlalchemy import extract, select
from sqlalchemy.orm import aliased

from fundapp import clock
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.ledger.errors import PeriodClosedError
from fundapp.ledger.models import (
    REVERSING,
    JournalEntry,
    Period,
    PeriodReopening,
    PeriodStatus,
)
from fundapp.ledger.models.periods import LAST_MONTH
from fundapp.ledger.periods import month_start
from fundapp.ledger.queries.journal import is_of_kinds

_MONTHS_SHOWN = 12
#: Corrections that a page shows of a month.
_MOST_CORRECTIONS = 100


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


def find_closed_year_after(starts_on: date) -> Period | None:
    """The last month of the newest closed fiscal year that ends after the month of this day."""
    closed = select(Period).where(
        Period.starts_on > starts_on,
        Period.status == PeriodStatus.CLOSED,
        extract("month", Period.ends_on) == LAST_MONTH,
    )
    return db.session.scalar(closed.order_by(Period.starts_on.desc()).limit(1))


def list_reopenings(from_on: date, to_on: date) -> list[PeriodReopening]:
    """When months with a day from ``from_on`` to ``to_on`` were opened again, the oldest first."""
    statement = (
        select(PeriodReopening)
        .join(Period, Period.starts_on == PeriodReopening.starts_on)
        .where(Period.starts_on <= to_on, Period.ends_on >= from_on)
        .order_by(PeriodReopening.reopened_at, PeriodReopening.id)
    )
    return list(db.session.scalars(statement))


def list_corrections(from_on: date, to_on: date) -> list[tuple[JournalEntry, JournalEntry]]:
    """Entries after ``to_on`` that undo an entry of these days, with that entry; the first
    hundred.
    """
    original, later = aliased(JournalEntry), aliased(JournalEntry)
    statement = (
        select(later, original)
        .join(original, original.id == later.reverses_entry_id)
        .where(
            # The few that undo something come first.
            is_of_kinds(*REVERSING, entry=later),
            later.entry_on > to_on,
            original.entry_on.between(from_on, to_on),
        )
        .order_by(later.entry_on, later.id)
        .limit(_MOST_CORRECTIONS)
    )
    return [(entry, undone) for entry, undone in db.session.execute(statement)]
