"""Tying lines to instalments, payments, payouts and entries, and undoing it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Select, select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.banking import reasons
from fundapp.banking.candidates import Candidate, CandidateKind
from fundapp.banking.errors import (
    DoesNotFitError,
    LineTakenError,
    TargetTakenError,
    WrongDirectionError,
)
from fundapp.banking.models import Match, StatementLine
from fundapp.banking.operations.locking import (
    record_line_event,
    require_reason,
    statement_of,
    take_line,
    tie,
)
from fundapp.banking.policy import method_of
from fundapp.banking.queries import (
    find_active_match,
    find_certain,
    get_line,
    get_statement,
    list_candidates,
    list_certain_ids,
)
from fundapp.banking.queries.cash import list_cash_moves
from fundapp.banking.reasons import Sentence, sentence
from fundapp.banking.workflow import LineAction
from fundapp.db import db, lock
from fundapp.disbursements.models import Payout
from fundapp.errors import DomainError, NotFoundError, StaleError
from fundapp.giving.models import Payment, PaymentStatus
from fundapp.giving.operations import IncomingPayment, receive_payment, reverse_payment
from fundapp.ledger.drafts import entry_id_of
from fundapp.ledger.models import JournalEntry, Posting
from fundapp.ledger.operations import reverse_entry

#: How many lines a step of "match all certain ones" takes on: short enough not to keep others
#: waiting for the receipt counter.
STEP = 40


@dataclass(frozen=True, slots=True)
class Refused:
    """A certain line that could not be matched, and why (untranslated)."""

    row_number: int
    error: DomainError


@dataclass(frozen=True, slots=True)
class CertainResult:
    """One step of `match_certain`; ``next_row`` is where to go on, None at the end."""

    matched: int
    refused: tuple[Refused, ...]
    next_row: int | None


def match_line(
    public_id: str,
    *,
    instalment_reference: str | None = None,
    payment_public_id: str | None = None,
    payout_public_id: str | None = None,
    entry_number: str | None = None,
    actor: Actor,
) -> Match:
    """Match a line to exactly one thing; why is found out here and kept with the match.

    An instalment gets a new payment of the line's day and amount, with its receipt; a payment that
    an officer recorded, a payout or an entry of moved cash stays as it is. Raises NotFoundError,
    LineTakenError, TargetTakenError, WrongDirectionError, DoesNotFitError, and what
    `receive_payment` raises.
    """
    given = (instalment_reference, payment_public_id, payout_public_id, entry_number)
    kind, ref = next(
        (kind, ref) for kind, ref in zip(CandidateKind, given, strict=True) if ref is not None
    )
    known = list_candidates([get_line(public_id)], limit=50)
    said = _why(next(iter(known.values()), []), kind, ref)
    return _match(public_id, kind, ref, said, actor)


def match_certain(
    statement_public_id: str, *, actor: Actor, after_row: int = 0, step: int | None = STEP
) -> CertainResult:
    """Match the lines of a statement whose text names exactly one thing; ``step`` None takes all.

    A line that the rules refuse is told and left; the others go on. Call it again with
    ``after_row`` set to ``next_row`` until that is None. Raises NotFoundError.
    """
    statement = get_statement(statement_public_id)
    certain = list_certain_ids(statement.id, after_row)
    taken = certain if step is None else certain[:step]
    refused: list[Refused] = []
    matched = sum(_match_one_certain(row, line_id, refused, actor) for row, line_id in taken)
    more = len(certain) > len(taken)
    return CertainResult(matched, tuple(refused), taken[-1][0] if more else None)


def record_as_gift(
    public_id: str,
    *,
    fund_code: str,
    donor_name: str = "",
    donor_id: int | None = None,
    is_anonymous: bool = False,
    actor: Actor,
) -> Match:
    """Record a line as a gift that nobody had promised; without a name the donor is unknown.

    Raises NotFoundError, LineTakenError, WrongDirectionError, and what `receive_payment` raises.
    """
    line = take_line(public_id, LineAction.MATCH)
    arrival = replace(
        _arrival(line),
        fund_code=fund_code,
        donor_id=donor_id,
        payer_name=donor_name,
        is_anonymous=is_anonymous,
    )
    payment = receive_payment(arrival, actor=actor)
    return tie(line, [sentence(reasons.NEW_GIFT)], payment_id=payment.id, actor=actor)


def unmatch_line(public_id: str, *, reason: str, actor: Actor) -> Match:
    """Undo a match: the row is kept, the line waits again.

    A payment or entry that the match made is reversed with the reason; one that was there before
    stays. Raises NotFoundError, LineTakenError, ReasonMissingError, PersonalDataError, and the
    ledger's errors.
    """
    reason = require_reason(reason)
    line = take_line(public_id, LineAction.UNMATCH)
    match = find_active_match(line.id)
    if match is None:
        raise LineTakenError
    match.undone_by, match.undone_at = actor.ref, clock.now()
    db.session.flush()
    _reverse_what_it_made(match, line, reason, actor)
    record_line_event("unmatch", line, actor, reason)
    db.session.flush()
    return match


def _match(
    public_id: str, kind: CandidateKind, ref: str, said: Sequence[Sentence], actor: Actor
) -> Match:
    line = take_line(public_id, LineAction.MATCH)
    if kind is CandidateKind.INSTALMENT:
        payment = receive_payment(replace(_arrival(line), instalment_reference=ref), actor=actor)
        return tie(line, said, payment_id=payment.id, actor=actor)
    if kind is CandidateKind.PAYMENT:
        return tie(line, said, payment_id=_recorded_payment(line, ref).id, actor=actor)
    if kind is CandidateKind.ENTRY:
        return tie(line, said, journal_entry_id=_cash_entry(line, ref), actor=actor)
    return tie(line, said, payout_id=_payout(line, ref).id, actor=actor)


def _match_one_certain(row: int, line_id: int, refused: list[Refused], actor: Actor) -> int:
    """1 when the line was matched. What the rules refuse is rolled back alone."""
    try:
        with db.session.begin_nested():
            line = db.session.get(StatementLine, line_id, populate_existing=True)
            found = find_certain(line) if line else None
            if line is None or found is None:
                return 0
            _match(line.public_id, found.kind, found.ref, found.reasons, actor)
    except StaleError:
        return 0
    except DomainError as error:
        refused.append(Refused(row, error))
        return 0
    return 1


def _why(known: Sequence[Candidate], kind: CandidateKind, ref: str) -> Sequence[Sentence]:
    """The reasons of a candidate; something that was no candidate was chosen by hand."""
    wanted = (kind, ref.upper() if kind is CandidateKind.INSTALMENT else ref)
    found = next((one for one in known if (one.kind, one.ref) == wanted), None)
    return found.reasons if found else [sentence(reasons.CHOSEN)]


def _arrival(line: StatementLine) -> IncomingPayment:
    """The money of a line as it arrived: on the bank's day, in the bank's account."""
    if not line.deposit_satang:
        raise WrongDirectionError
    return IncomingPayment(
        amount_satang=line.deposit_satang,
        received_on=line.booked_on,
        method=method_of(line),
        asset_account_code=statement_of(line).bank_account.account_code,
        external_ref=_external_ref(line),
    )


def _external_ref(line: StatementLine) -> str:
    return f"bank:{line.public_id}"


def _recorded_payment(line: StatementLine, public_id: str) -> Payment:
    """A payment that stands in the books already, locked, of this amount in this account."""
    if not line.deposit_satang:
        raise WrongDirectionError
    plain = select(Payment).where(Payment.public_id == public_id)
    payment = lock(plain.options(lazyload(Payment.donor)))
    if payment is None:
        raise NotFoundError
    _require_free(select(Match.id).where(Match.payment_id == payment.id))
    debited = select(Posting.debit_account_code).where(Posting.entry_id == payment.journal_entry_id)
    fits = payment.amount_satang == line.deposit_satang and set(db.session.scalars(debited)) == {
        statement_of(line).bank_account.account_code
    }
    if payment.status is not PaymentStatus.RECEIVED or not fits:
        raise DoesNotFitError
    return payment


def _payout(line: StatementLine, public_id: str) -> Payout:
    """A payout, locked, of this amount out of this account."""
    if not line.withdrawal_satang:
        raise WrongDirectionError
    plain = select(Payout).where(Payout.public_id == public_id)
    payout = lock(plain.options(lazyload(Payout.payer)))
    if payout is None:
        raise NotFoundError
    _require_free(select(Match.id).where(Match.payout_id == payout.id))
    account_code = statement_of(line).bank_account.account_code
    said = (payout.amount_satang, payout.paid_from_account_code)
    if said != (line.withdrawal_satang, account_code):
        raise DoesNotFitError
    return payout


def _cash_entry(line: StatementLine, number: str) -> int:
    """The id of an entry, locked, that moved cash as the line says."""
    entry = lock(select(JournalEntry).where(JournalEntry.id == entry_id_of(number)))
    if entry is None:
        raise NotFoundError
    _require_free(select(Match.id).where(Match.journal_entry_id == entry.id))
    if number not in [one.ref for one in list_cash_moves([line]).get(line.id, [])]:
        raise DoesNotFitError
    return entry.id


def _require_free(matches: Select[int]) -> None:
    if db.session.scalar(matches.where(Match.undone_at.is_(None)).limit(1)) is not None:
        raise TargetTakenError


def _reverse_what_it_made(match: Match, line: StatementLine, reason: str, actor: Actor) -> None:
    entry = db.session.get(JournalEntry, match.journal_entry_id) if match.journal_entry_id else None
    if entry is not None and entry.source_ref == line.public_id:
        reverse_entry(entry.id, reason=reason, entry_on=clock.today(), actor=actor)
    if match.payment_id is None:
        return
    payment = db.session.get(Payment, match.payment_id)
    made_here = payment is not None and payment.external_ref == _external_ref(line)
    if payment is not None and made_here and payment.status is PaymentStatus.RECEIVED:
        reverse_payment(payment.public_id, reason=reason, actor=actor)
