"""Steps that several operations on lines share."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.banking.errors import LineReasonMissingError, WrongDirectionError
from fundapp.banking.matching.locking import lock_line
from fundapp.banking.matching.policy import method_of
from fundapp.banking.matching.workflow import LineAction, next_line_status
from fundapp.banking.models import Match, Statement, StatementLine
from fundapp.banking.sentences import Sentence, to_json
from fundapp.db import db
from fundapp.giving.operations import IncomingPayment
from fundapp.ids import new_id
from fundapp.ledger.drafts import public_memo
from fundapp.ledger.queries import first_open_day
from fundapp.trail.operations import record_event

_LONGEST_REASON = 300


def change_status(public_id: str, action: LineAction) -> StatementLine:
    """The line, locked and in the state that ``action`` leads to; NotFoundError, LineTakenError."""
    line = lock_line(public_id)
    line.status = next_line_status(line.status, action)
    line.status_reason = ""
    return line


def incoming_payment(line: StatementLine) -> IncomingPayment:
    """The money of a line as it arrived: on the bank's day, in the bank's account.

    A line of a closed month is booked into the next open one. Raises WrongDirectionError when the
    line is money out, and PeriodClosedError.
    """
    if not line.deposit_satang:
        raise WrongDirectionError
    return IncomingPayment(
        amount_satang=line.deposit_satang,
        received_on=line.booked_on,
        method=method_of(line),
        asset_account_code=statement_of(line).bank_account.account_code,
        booked_on=first_open_day(line.booked_on),
        external_ref=payment_ref(line),
    )


def payment_ref(line: StatementLine) -> str:
    """The external reference of a payment that was recorded from the line."""
    return f"bank:{line.public_id}"


def record_match(
    line: StatementLine,
    reasons: Sequence[Sentence],
    *,
    payment_id: int | None = None,
    payout_id: int | None = None,
    journal_entry_id: int | None = None,
    actor: Actor,
) -> Match:
    """Write the match of a line to exactly one of the three, and the trail."""
    match = Match(
        id=new_id(),
        line_id=line.id,
        bank_account_code=line.bank_account_code,
        payment_id=payment_id,
        payout_id=payout_id,
        journal_entry_id=journal_entry_id,
        reason=to_json(reasons),
        matched_by=actor.ref,
        matched_at=clock.now(),
    )
    db.session.add(match)
    record_line_event("match", line, actor)
    db.session.flush()
    return match


def require_line_reason(text: str) -> str:
    """A reason that may be written to the trail; LineReasonMissingError, PersonalDataError."""
    reason = public_memo(text, field="reason")[:_LONGEST_REASON]
    if not reason:
        raise LineReasonMissingError(field="reason")
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
    """The statement, with its bank account, of a line that was locked without it."""
    query = select(Statement).where(Statement.id == line.statement_id)
    return db.session.scalars(query.options(joinedload(Statement.bank_account))).one()
