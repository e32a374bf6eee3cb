"""Closing months of the books, and opening them again."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.ledger.errors import PeriodNotOverError, ReopeningNotAgreedError
from fundapp.ledger.models import Period, PeriodReopening, PeriodStatus, ReopenReason
from fundapp.ledger.operations.year_ends import close_year, take_back_closing
from fundapp.ledger.periods import REOPENING_KIND, month_start
from fundapp.ledger.policy import may_close_period
from fundapp.ledger.steps import require_closable, require_reopenable
from fundapp.proposals.models import Proposal, ProposalStatus
from fundapp.trail.operations import record_event


def close_period(day: date, *, actor: Actor) -> Period:
    """Close the month of ``day``; postings under way are waited for, later ones are refused. With
    the last month of a fiscal year the year is closed: income and expenses go to net assets, and
    earlier months without an entry are closed too.

    Raises ForbiddenError, NotFoundError for a month that the books do not have, PeriodNotOverError,
    and PeriodBlockedError while something of the list of `fundapp.ledger.closing` is left.
    """
    require(may_close_period(actor))
    period = _lock_period(day)
    if period.ends_on >= clock.today():
        raise PeriodNotOverError(field="day", params={"ends_on": period.ends_on})
    if not period.is_open:
        return period
    earlier = _lock_earlier(period) if period.ends_year else []
    _hold((*earlier, period), actor)
    require_closable(period)
    if period.ends_year:
        close_year(period, actor=actor)
    for month in (*earlier, period):
        month.status = PeriodStatus.CLOSED
        month.closed_at = clock.now()
        _record("close", month, actor)
    return period


def reopen_period(
    day: date, *, reason: ReopenReason, proposal: Proposal | None, actor: Actor
) -> Period:
    """Let the closed month of ``day`` take entries again, as two people agreed in ``proposal``.
    What was published of it stays. What closed a fiscal year is taken back with its last month.

    Raises ForbiddenError, NotFoundError for a month that the books do not have,
    PeriodNotClosedError, YearClosedError and ReopeningNotAgreedError. The database asks for the two
    people as well.
    """
    require(may_close_period(actor))
    period = _lock_period(day)
    require_reopenable(period)
    is_agreed = (
        proposal is not None
        and proposal.status is ProposalStatus.CONFIRMED
        and (proposal.kind, proposal.subject) == (REOPENING_KIND, period.starts_on.isoformat())
    )
    if proposal is None or not is_agreed:
        raise ReopeningNotAgreedError
    db.session.add(
        PeriodReopening(
            starts_on=period.starts_on,
            closed_at=period.closed_at,
            closed_by=period.closed_by,
            reason=reason,
            proposal_id=proposal.id,
            reopened_at=clock.now(),
        )
    )
    db.session.flush()
    period.status = PeriodStatus.OPEN
    period.closed_at = None
    period.closed_by = None
    _record("reopen", period, actor, note=str(reason))
    if period.ends_year:
        take_back_closing(period, actor=actor)
    return period


def _lock_period(day: date) -> Period:
    period = lock(select(Period).where(Period.starts_on == month_start(day)))
    if period is None:
        raise NotFoundError
    return period


def _lock_earlier(period: Period) -> list[Period]:
    """The earlier months that are open, in their order."""
    earlier = select(Period).where(
        Period.starts_on < period.starts_on, Period.status == PeriodStatus.OPEN
    )
    return list(db.session.scalars(earlier.order_by(Period.starts_on).with_for_update()))


def _hold(months: Sequence[Period], actor: Actor) -> None:
    """Wait for the postings under way in these months, and keep later ones waiting: on PostgreSQL
    by changing their rows (``wait_for_postings.sql``). What is read from here on is all there is.
    """
    for month in months:
        month.closed_by = actor.ref
    db.session.flush()


def _record(verb: str, period: Period, actor: Actor, note: str = "") -> None:
    record_event(
        f"ledger:period:{verb}",
        actor=actor,
        subject_type="period",
        subject_ref=period.starts_on.isoformat(),
        note=note,
    )
    db.session.flush()
