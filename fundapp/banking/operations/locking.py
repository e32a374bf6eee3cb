"""What the operations on lines share: taking a line in hand, and tying it to something."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.banking.errors import ReasonMissingError
from fundapp.banking.models import Match, Statement, StatementLine
from fundapp.banking.reasons import Sentence, pack
from fundapp.banking.workflow import LineAction, next_line_status
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.ids import new_id
from fundapp.ledger.drafts import public_memo
from fundapp.trail.operations import record_event

_LONGEST_REASON = 300


def take_line(public_id: str, action: LineAction) -> StatementLine:
    """The line, locked and already in its new state; NotFoundError, LineTakenError."""
    plain = select(StatementLine).where(StatementLine.public_id == public_id)
    line = lock(plain.options(lazyload(StatementLine.statement)))
    if line is None:
        raise NotFoundError
    line.status = next_line_status(line.status, action)
    line.status_reason = ""
    return line


def tie(
    line: StatementLine,
    said: Sequence[Sentence],
    *,
    payment_id: int | None = None,
    payout_id: int | None = None,
    journal_entry_id: int | None = None,
    actor: Actor,
) -> Match:
    """Write the match and the trail."""
    match = Match(
        id=new_id(),
        line_id=line.id,
        payment_id=payment_id,
        payout_id=payout_id,
        journal_entry_id=journal_entry_id,
        reason=pack(said),
        matched_by=actor.ref,
        matched_at=clock.now(),
    )
    db.session.add(match)
    record_line_event("match", line, actor)
    db.session.flush()
    return match


def require_reason(text: str) -> str:
    """A reason that may stand in the trail; ReasonMissingError, PersonalDataError."""
    reason = public_memo(text)[:_LONGEST_REASON]
    if not reason:
        raise ReasonMissingError(field="reason")
    return reason


def record_line_event(verb: str, line: StatementLine, actor: Actor, note: str = "") -> None:
    """Write to the trail what was done to a line."""
    record_event(
        f"banking:line:{verb}",
        actor=actor,
        subject_type="statement_line",
        subject_ref=line.public_id,
        note=note,
    )


def statement_of(line: StatementLine) -> Statement:
    """The statement of a line that was locked without it."""
    wanted = select(Statement).where(Statement.id == line.statement_id)
    return db.session.scalars(wanted.options(joinedload(Statement.bank_account))).one()
