"""Closing months of the books, and opening them again."""

from datetime import date

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.ledger.errors import PeriodNotClosedError, PeriodNotOverError
from fundapp.ledger.models import Period, PeriodStatus, ReopenReason
from fundapp.ledger.periods import month_start
from fundapp.ledger.policy import may_close_period
from fundapp.trail.operations import record_event


def close_period(day: date, *, actor: Actor) -> Period:
    """Close the month of ``day``; postings under way are waited for, later ones are refused.

    Raises ForbiddenError, NotFoundError for a month that the books do not have, and
    PeriodNotOverError.
    """
    require(may_close_period(actor))
    period = _lock_period(day)
    if period.ends_on >= clock.today():
        raise PeriodNotOverError(field="day", params={"ends_on": period.ends_on})
    period.status = PeriodStatus.CLOSED
    period.closed_at = clock.now()
    period.closed_by = actor.ref
    _record("close", period, actor)
    return period


def reopen_period(day: date, *, reason: ReopenReason, actor: Actor) -> Period:
    """Let the closed month of ``day`` take entries again. What was published of it stays.

    Raises ForbiddenError, NotFoundError for a month that the books do not have, and
    PeriodNotClosedError.
    """
    require(may_close_period(actor))
    period = _lock_period(day)
    if period.status is not PeriodStatus.CLOSED:
        raise PeriodNotClosedError
    period.status = PeriodStatus.OPEN
    period.closed_at = None
    period.closed_by = None
    _record("reopen", period, actor, note=str(reason))
    return period


def _lock_period(day: date) -> Period:
    period = lock(select(Period).where(Period.starts_on == month_start(day)))
    if period is None:
        raise NotFoundError
    return period


def _record(verb: str, period: Period, actor: Actor, note: str = "") -> None:
    record_event(
        f"ledger:period:{verb}",
        actor=actor,
        subject_type="period",
        subject_ref=period.starts_on.isoformat(),
        note=note,
    )
    db.session.flush()
