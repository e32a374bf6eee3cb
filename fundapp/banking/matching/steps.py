"""Steps that several operations on lines share."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.banking.errors import (
    LineReasonMissingError,
    NoGeneralFundError,
    PartlyMatchedError,
    TransferRefusedError,
    WrongDirectionError,
)
from fundapp.banking.matching.locking import lock_line
from fundapp.banking.matching.policy import method_of
from fundapp.banking.matching.queries.suspense import find_first_fund
from fundapp.banking.matching.workflow import BY_MATCHES, LineAction, next_line_status
from fundapp.banking.models import Match, Statement, StatementLine
from fundapp.banking.sentences import Sentence, to_json
from fundapp.children.name_guard import require_no_child_named
from fundapp.db import db
from fundapp.giving.models import Payment
from fundapp.giving.operations import IncomingPayment
from fundapp.ids import new_id
from fundapp.ledger.drafts import public_memo
from fundapp.ledger.models import Fund
from fundapp.ledger.queries import first_open_day
from fundapp.markers import N_
from fundapp.remarks.models import ReasonCode, Remark, RemarkKind
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_event, record_events

_LONGEST_REASON = 300
_LONGEST_SLIP = 60
_SLIP = "ใบนำฝาก"
#: A number with at most four letters before it: it stays in the books, so it is no words.
_SLIP_NUMBER = re.compile(r"[^\W\d_]{0,4}[ .-]{0,2}[0-9][0-9A-Z ./-]*")


def change_status(public_id: str, action: LineAction) -> StatementLine:
    """The line, locked and in the state that ``action`` leads to; NotFoundError, LineTakenError.

    Whether it is matched follows from its matches: the database changes that when they are written
    or undone (``sql/*/keep_matched_amounts.sql``).
    """
    line = lock_line(public_id)
    status = next_line_status(line.status, action)
    if action not in BY_MATCHES:
        line.status = status
    line.status_reason = ""
    return line


def fund_of(account_code: str) -> Fund:
    """The fund that bears what the bank takes from an account and gets what it pays.

    NoGeneralFundError when no fund keeps money there.
    """
    fund = find_first_fund(account_code)
    if fund is None:
        raise NoGeneralFundError
    return fund


def require_whole(line: StatementLine) -> None:
    """PartlyMatchedError when a part of the line is matched already."""
    if line.matched_satang:
        raise PartlyMatchedError


def incoming_payment(
    line: StatementLine,
    satang: int | None = None,
    *,
    part: int | None = None,
    booked_on: date | None = None,
) -> IncomingPayment:
    """The money of a line as it arrived: on the bank's day, in the bank's account.

    ``satang`` is a part of it, ``part`` the number of that part; without them it is what is not
    matched yet. Money of a closed month is booked into the next open one; ``booked_on`` is that
    day, when it was read before. Raises WrongDirectionError when the line is money out, and
    PeriodClosedError.
    """
    if not line.deposit_satang:
        raise WrongDirectionError
    return IncomingPayment(
        amount_satang=line.open_satang if satang is None else satang,
        received_on=line.booked_on,
        method=method_of(line),
        asset_account_code=statement_of(line).bank_account.account_code,
        booked_on=booked_on or first_open_day(line.booked_on),
        external_ref=payment_ref(line, part),
    )


def slip_number(slip: str) -> str:
    """The number of a deposit slip for the books; TransferRefusedError, PersonalDataError."""
    # Behind its word the number of a slip is none of an account.
    memo = public_memo(f"{_SLIP} {slip}", field="slip")
    number = memo.removeprefix(_SLIP).strip()[:_LONGEST_SLIP]
    if number and not (_SLIP_NUMBER.fullmatch(number) and any(map(str.isdigit, number))):
        raise TransferRefusedError(
            N_("Enter the number of the slip alone, without words."), field="slip"
        )
    return number


def payment_ref(line: StatementLine, part: int | None = None) -> str:
    """The external reference of a payment that was recorded from the line, or from a part of it."""
    return f"bank:{line.public_id}" if part is None else f"bank:{line.public_id}:{part}"


def was_made_from(line: StatementLine, payment: Payment) -> bool:
    """Whether a payment was recorded from the line."""
    ref = payment.external_ref or ""
    return ref == payment_ref(line) or ref.startswith(f"{payment_ref(line)}:")


def record_match(
    line: StatementLine,
    reasons: Sequence[Sentence],
    *,
    payment_id: int | None = None,
    payout_id: int | None = None,
    journal_entry_id: int | None = None,
    amount_satang: int | None = None,
    actor: Actor,
) -> Match:
    """Write the match of a line, or of a part of it, to exactly one of the three, and the trail."""
    match = match_of(
        line,
        reasons,
        payment_id=payment_id,
        payout_id=payout_id,
        journal_entry_id=journal_entry_id,
        amount_satang=amount_satang,
        actor=actor,
    )
    record_matches({match: line}, actor=actor)
    return match


def match_of(
    line: StatementLine,
    reasons: Sequence[Sentence],
    *,
    payment_id: int | None = None,
    payout_id: int | None = None,
    journal_entry_id: int | None = None,
    amount_satang: int | None = None,
    actor: Actor,
) -> Match:
    """A match that is still to be written; without an amount it is of all that is open."""
    return Match(
        id=new_id(),
        line_id=line.id,
        bank_account_code=line.bank_account_code,
        payment_id=payment_id,
        payout_id=payout_id,
        journal_entry_id=journal_entry_id,
        amount_satang=line.open_satang if amount_satang is None else amount_satang,
        reason=to_json(reasons),
        matched_by=actor.ref,
        matched_at=clock.now(),
    )


def record_matches(matches: Mapping[Match, StatementLine], *, actor: Actor) -> None:
    """Write matches of lines, and the trail; the lines are read anew when they are used next."""
    db.session.add_all(matches)
    record_events(
        "banking:line:match",
        actor=actor,
        subject_type="statement_line",
        subject_refs=[line.public_id for line in matches.values()],
    )
    db.session.flush()
    for line in matches.values():
        db.session.expire(line, ["status", "matched_satang"])


def line_remark(
    line: StatementLine, text: str, kind: RemarkKind, code: ReasonCode, actor: Actor
) -> Remark:
    """The remark that holds a reason of what is done to the line."""
    return write_remark(
        text,
        kind=kind,
        code=code,
        subject_type="statement_line",
        subject_ref=line.public_id,
        actor=actor,
    )


def require_line_reason(text: str) -> str:
    """The reason, cleaned; LineReasonMissingError, PersonalDataError, ChildNamedError."""
    reason = public_memo(text, field="reason")[:_LONGEST_REASON]
    if not reason:
        raise LineReasonMissingError(field="reason")
    require_no_child_named(reason, field="reason")
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
    return db.session.get_one(Statement, line.statement_id)
