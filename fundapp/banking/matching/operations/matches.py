"""Matching lines to instalments, payments, payouts and entries, and undoing it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Select, select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.banking.errors import (
    DoesNotFitError,
    LineTakenError,
    TargetTakenError,
    WrongDirectionError,
)
from fundapp.banking.matching import reasons
from fundapp.banking.matching.candidates import Candidate, CandidateKind
from fundapp.banking.matching.queries import (
    find_active_match,
    find_certain,
    list_candidates,
    list_certain_ids,
    list_return_entries,
    list_transfer_entries,
)
from fundapp.banking.matching.steps import (
    change_status,
    incoming_payment,
    payment_ref,
    record_line_event,
    record_match,
    require_line_reason,
    statement_of,
)
from fundapp.banking.matching.workflow import LineAction
from fundapp.banking.models import Match, StatementLine
from fundapp.banking.policy import may_match_lines
from fundapp.banking.sentences import Sentence, sentence
from fundapp.banking.statement_files.queries import get_line, get_statement
from fundapp.db import db, lock
from fundapp.disbursements.models import Payout
from fundapp.errors import DomainError, NotFoundError, StaleError
from fundapp.giving.models import Payment, PaymentStatus
from fundapp.giving.operations import receive_payment, reverse_payment
from fundapp.ledger.drafts import entry_id_of
from fundapp.ledger.models import JournalEntry, Posting
from fundapp.ledger.operations import reverse_entry

#: How many lines one call of `match_certain` matches: few, because others wait for the receipt
#: counter meanwhile.
STEP = 40


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A certain line that could not be matched, and why (untranslated)."""

    row_number: int
    error: DomainError


@dataclass(frozen=True, slots=True)
class CertainResult:
    """What `match_certain` did; ``next_row`` is where to go on in the bank's order, or None."""

    matched: int
    refused: tuple[RefusedLine, ...]
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
    """Match a line to exactly one target; the reasons are determined here and kept with the match.

    An instalment gets a new payment of the line's day and amount, with its receipt; a payment that
    an officer recorded, a payout, or an entry of moved money or of a returned gift stays as it is.
    Raises ForbiddenError, NotFoundError, LineTakenError, TargetTakenError, WrongDirectionError,
    DoesNotFitError, and what `receive_payment` raises.
    """
    require(may_match_lines(actor))
    targets = {
        CandidateKind.INSTALMENT: instalment_reference,
        CandidateKind.PAYMENT: payment_public_id,
        CandidateKind.PAYOUT: payout_public_id,
        CandidateKind.ENTRY: entry_number,
    }
    kind, ref = next((kind, ref) for kind, ref in targets.items() if ref is not None)
    candidates = list_candidates([get_line(public_id)], limit=50)
    why = _reasons(next(iter(candidates.values()), []), kind, ref)
    return _match(public_id, kind, ref, why, actor)


def match_certain(
    statement_public_id: str, *, actor: Actor, after_row: int = 0, step: int | None = STEP
) -> CertainResult:
    """Match the lines of a statement whose text names exactly one thing; ``step`` None takes all.

    The oldest comes first, so the first of two payments of one instalment gets it. A line that the
    rules refuse is reported and left; the others go on. Call it again with
    ``after_row`` set to ``next_row`` until that is None. Raises ForbiddenError and NotFoundError.
    """
    require(may_match_lines(actor))
    statement = get_statement(statement_public_id)
    certain = list_certain_ids(statement.id, after_row)
    chosen = certain if step is None else certain[:step]
    outcomes = [_match_if_certain(line_id, actor) for _row, line_id in chosen]
    return CertainResult(
        matched=sum(isinstance(outcome, Match) for outcome in outcomes),
        refused=tuple(outcome for outcome in outcomes if isinstance(outcome, RefusedLine)),
        next_row=chosen[-1][0] if len(certain) > len(chosen) else None,
    )


def unmatch_line(public_id: str, *, reason: str, actor: Actor) -> Match:
    """Undo a match: its row is kept, and the line can be matched again.

    A payment or entry that the match made is reversed with the reason; one that was there before
    stays. Raises ForbiddenError, NotFoundError, LineTakenError, LineReasonMissingError,
    PersonalDataError, and the ledger's errors.
    """
    require(may_match_lines(actor))
    reason = require_line_reason(reason)
    line = change_status(public_id, LineAction.UNMATCH)
    match = find_active_match(line.id)
    if match is None:
        raise LineTakenError
    match.undone_by, match.undone_at = actor.ref, clock.now()
    db.session.flush()
    _reverse_what_it_made(match, line, reason, actor)
    record_line_event(LineAction.UNMATCH, line, actor, reason)
    db.session.flush()
    return match


def _match(
    public_id: str, kind: CandidateKind, ref: str, why: Sequence[Sentence], actor: Actor
) -> Match:
    line = change_status(public_id, LineAction.MATCH)
    if kind is CandidateKind.INSTALMENT:
        incoming = replace(incoming_payment(line), instalment_reference=ref)
        payment = receive_payment(incoming, actor=actor)
        return record_match(line, why, payment_id=payment.id, actor=actor)
    if kind is CandidateKind.PAYMENT:
        payment = _lock_recorded_payment(line, ref)
        return record_match(line, why, payment_id=payment.id, actor=actor)
    if kind is CandidateKind.ENTRY:
        return record_match(line, why, journal_entry_id=_lock_entry(line, ref), actor=actor)
    return record_match(line, why, payout_id=_lock_payout(line, ref).id, actor=actor)


def _match_if_certain(line_id: int, actor: Actor) -> Match | RefusedLine | None:
    """The match, the refusal of the rules (rolled back alone), or None for a line that is no
    longer certain.
    """
    line = db.session.get_one(StatementLine, line_id, populate_existing=True)
    row = line.row_number
    try:
        with db.session.begin_nested():
            certain = find_certain(line)
            if certain is None:
                return None
            return _match(line.public_id, certain.kind, certain.ref, certain.reasons, actor)
    except StaleError:
        return None
    except DomainError as error:
        return RefusedLine(row, error)


def _reasons(candidates: Sequence[Candidate], kind: CandidateKind, ref: str) -> Sequence[Sentence]:
    """The reasons of a candidate; a target that was no candidate was chosen by hand."""
    key = (kind, ref.upper() if kind is CandidateKind.INSTALMENT else ref)
    same = (candidate for candidate in candidates if (candidate.kind, candidate.ref) == key)
    candidate = next(same, None)
    return candidate.reasons if candidate else [sentence(reasons.CHOSEN)]


def _lock_recorded_payment(line: StatementLine, public_id: str) -> Payment:
    """A payment that was recorded before, locked, of this amount in this account."""
    if not line.deposit_satang:
        raise WrongDirectionError
    query = select(Payment).where(Payment.public_id == public_id)
    payment = lock(query.options(lazyload(Payment.donor)))
    if payment is None:
        raise NotFoundError
    _require_unmatched(select(Match.id).where(Match.payment_id == payment.id))
    debited = select(Posting.debit_account_code).where(Posting.entry_id == payment.journal_entry_id)
    fits = payment.amount_satang == line.deposit_satang and set(db.session.scalars(debited)) == {
        statement_of(line).bank_account.account_code
    }
    if payment.status is PaymentStatus.REVERSED or not fits:
        raise DoesNotFitError
    return payment


def _lock_payout(line: StatementLine, public_id: str) -> Payout:
    """A payout, locked, of this amount out of this account."""
    if not line.withdrawal_satang:
        raise WrongDirectionError
    query = select(Payout).where(Payout.public_id == public_id)
    payout = lock(query.options(lazyload(Payout.payer)))
    if payout is None:
        raise NotFoundError
    _require_unmatched(select(Match.id).where(Match.payout_id == payout.id))
    account_code = statement_of(line).bank_account.account_code
    is_same_amount = payout.amount_satang == line.withdrawal_satang
    if not is_same_amount or payout.paid_from_account_code != account_code:
        raise DoesNotFitError
    return payout


def _lock_entry(line: StatementLine, number: str) -> int:
    """The id of an entry, locked, that moved the money of the line or returned its gift."""
    entry = lock(select(JournalEntry).where(JournalEntry.id == entry_id_of(number)))
    if entry is None:
        raise NotFoundError
    _require_unmatched(
        select(Match.id).where(
            Match.journal_entry_id == entry.id,
            Match.bank_account_code == line.bank_account_code,
        )
    )
    candidates = [
        *list_transfer_entries([line]).get(line.id, []),
        *list_return_entries([line]).get(line.id, []),
    ]
    if number not in [candidate.ref for candidate in candidates]:
        raise DoesNotFitError
    return entry.id


def _require_unmatched(matches: Select[int]) -> None:
    if db.session.scalar(matches.where(Match.undone_at.is_(None)).limit(1)) is not None:
        raise TargetTakenError


def _reverse_what_it_made(match: Match, line: StatementLine, reason: str, actor: Actor) -> None:
    entry = db.session.get(JournalEntry, match.journal_entry_id) if match.journal_entry_id else None
    if entry is not None and entry.source_ref == line.public_id:
        reverse_entry(entry.id, reason=reason, entry_on=clock.today(), actor=actor)
        _release_other_line(entry.id, reason, actor)
    if match.payment_id is None:
        return
    payment = db.session.get(Payment, match.payment_id)
    made_here = payment is not None and payment.external_ref == payment_ref(line)
    if payment is not None and made_here and payment.status is PaymentStatus.RECEIVED:
        reverse_payment(payment.public_id, reason=reason, actor=actor)


def _release_other_line(entry_id: int, reason: str, actor: Actor) -> None:
    """The line at the other end of a transfer that was reversed waits to be matched again."""
    active = select(Match).where(Match.journal_entry_id == entry_id, Match.undone_at.is_(None))
    for match in db.session.scalars(active).all():
        line = db.session.get_one(StatementLine, match.line_id)
        change_status(line.public_id, LineAction.UNMATCH)
        match.undone_by, match.undone_at = actor.ref, clock.now()
        record_line_event(LineAction.UNMATCH, line, actor, reason)
