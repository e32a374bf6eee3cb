"""Matching a line to an instalment, a payment, a payout or an entry, and undoing it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from sqlalchemy import Select, select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.banking.errors import (
    DoesNotFitError,
    InstalmentChangedError,
    LineTakenError,
    TargetTakenError,
    WrongDirectionError,
)
from fundapp.banking.matching import reasons
from fundapp.banking.matching.candidates import Candidate, CandidateKind
from fundapp.banking.matching.locking import lock_line
from fundapp.banking.matching.queries import (
    find_active_matches,
    find_line_of_payment,
    list_candidates,
    list_return_entries,
    list_transfer_entries,
)
from fundapp.banking.matching.steps import (
    change_status,
    incoming_payment,
    line_remark,
    record_line_event,
    record_match,
    require_line_reason,
    statement_of,
    was_made_from,
)
from fundapp.banking.matching.workflow import LineAction
from fundapp.banking.models import Match, StatementLine
from fundapp.banking.policy import may_match_lines, may_release_lines
from fundapp.banking.sentences import Sentence, sentence
from fundapp.banking.statement_files.queries import get_line
from fundapp.db import db, lock
from fundapp.disbursements.models import DisbursementRequest, Payout
from fundapp.disbursements.steps import require_no_names
from fundapp.errors import NotFoundError
from fundapp.giving.locking import lock_pledges
from fundapp.giving.models import Instalment, Payment, PaymentStatus, Pledge
from fundapp.giving.operations import receive_payment, reverse_payment
from fundapp.giving.references import normalise_reference
from fundapp.ledger.drafts import entry_id_of
from fundapp.ledger.models import EntryKind, JournalEntry, Posting
from fundapp.ledger.operations import reverse_entry
from fundapp.remarks.models import ReasonCode, Remark, RemarkKind


@dataclass(frozen=True, slots=True)
class UndoneMatch:
    """What undoing the match of a line did, counted; what is kept was there before the match."""

    reversed_payments: int = 0
    kept_payments: int = 0
    reversed_entries: int = 0
    kept_others: int = 0


def match_line(
    public_id: str,
    *,
    instalment_reference: str | None = None,
    payment_public_id: str | None = None,
    payout_public_id: str | None = None,
    entry_number: str | None = None,
    lets_go: bool = False,
    open_satang: int | None = None,
    actor: Actor,
) -> Match:
    """Match a line to exactly one target; the reasons are determined here and kept with the match.

    An instalment gets a new payment of the line's day and amount, with its receipt; a payment that
    an officer recorded, a payout, or an entry of moved money or of a returned gift stays as it is.
    With ``lets_go`` a small difference from the instalment is let go: it counts as paid, or a
    surplus stays a gift. ``open_satang`` is what the page said is open of the instalment. Raises
    ForbiddenError, NotFoundError, LineTakenError, TargetTakenError, InstalmentChangedError,
    WrongDirectionError, DoesNotFitError, and what `receive_payment` raises.
    """
    require(may_match_lines(actor))
    targets = {
        CandidateKind.INSTALMENT: instalment_reference,
        CandidateKind.PAYMENT: payment_public_id,
        CandidateKind.PAYOUT: payout_public_id,
        CandidateKind.ENTRY: entry_number,
    }
    kind, ref = next((kind, ref) for kind, ref in targets.items() if ref is not None)
    if instalment_reference is not None and open_satang is not None:
        lock_line(public_id)  # the line first, as everybody does
        _require_open(instalment_reference, open_satang)
    candidates = list_candidates([get_line(public_id)], limit=50)
    why = _reasons(next(iter(candidates.values()), []), kind, ref)
    return match_to(public_id, kind, ref, why, lets_go=lets_go, actor=actor)


def match_to(
    public_id: str,
    kind: CandidateKind,
    ref: str,
    why: Sequence[Sentence],
    *,
    lets_go: bool = False,
    actor: Actor,
) -> Match:
    """Match a line to a target for the reasons given. Raises what `match_line` raises."""
    require(may_match_lines(actor))
    line = change_status(public_id, LineAction.MATCH)
    if kind is CandidateKind.INSTALMENT:
        incoming = replace(incoming_payment(line), instalment_reference=ref, lets_go=lets_go)
        payment = receive_payment(incoming, actor=actor)
        if lets_go:
            why = [*_without_difference(why), _let_go(payment)]
        return record_match(line, why, payment_id=payment.id, actor=actor)
    if kind is CandidateKind.PAYMENT:
        payment = _lock_recorded_payment(line, ref)
        return record_match(line, why, payment_id=payment.id, actor=actor)
    if kind is CandidateKind.ENTRY:
        return record_match(line, why, journal_entry_id=_lock_entry(line, ref), actor=actor)
    return record_match(line, why, payout_id=_lock_payout(line, ref).id, actor=actor)


def unmatch_line(
    public_id: str, *, reason: str, code: ReasonCode = ReasonCode.OTHER, actor: Actor
) -> UndoneMatch:
    """Undo the whole match of a line, all parts of it: the rows are kept, and the line can be
    matched again.

    A payment or entry that the match made is reversed with the reason; one that was there before
    stays. Raises ForbiddenError, NotFoundError, LineTakenError, LineReasonMissingError,
    PersonalDataError, NamedError, ChildNamedError, and the ledger's errors.
    """
    require(may_match_lines(actor))
    reason = require_line_reason(reason)
    line = change_status(public_id, LineAction.UNMATCH)
    matches = find_active_matches(line.id)
    if not matches:
        raise LineTakenError
    _require_payees_unnamed(matches, reason, actor)
    remark = line_remark(line, reason, RemarkKind.REVERSAL, code, actor)
    _undo(line, matches, remark, actor)
    undone = [_reverse_what_it_made(match, line, remark, actor) for match in matches]
    db.session.flush()
    return UndoneMatch(
        *(sum(getattr(each, field.name) for each in undone) for field in fields(UndoneMatch))
    )


def _require_payees_unnamed(matches: Sequence[Match], reason: str, actor: Actor) -> None:
    """NamedError when the reason names somebody of a request whose payout is among the matches."""
    payout_ids = [match.payout_id for match in matches if match.payout_id is not None]
    paid = select(DisbursementRequest).join(Payout, Payout.request_id == DisbursementRequest.id)
    for request in db.session.scalars(paid.where(Payout.id.in_(payout_ids))):
        require_no_names(request, reason, "reason", actor)


def undo_match_of_payment(payment_public_id: str, *, reason: Remark, actor: Actor) -> None:
    """Undo the match of a payment that is being reversed, if it has one; its line waits again.

    Other parts of the line stay matched. Raises ForbiddenError.
    """
    require(may_release_lines(actor))
    line_public_id = find_line_of_payment(payment_public_id)
    if line_public_id is None:
        return
    line = change_status(line_public_id, LineAction.UNMATCH)
    of_payment = select(Payment.id).where(Payment.public_id == payment_public_id)
    payment_id = db.session.scalar(of_payment)
    matches = [match for match in find_active_matches(line.id) if match.payment_id == payment_id]
    _undo(line, matches, reason, actor)


def _undo(line: StatementLine, matches: Sequence[Match], reason: Remark, actor: Actor) -> None:
    for match in matches:
        match.undone_by, match.undone_at = actor.ref, clock.now()
    record_line_event(LineAction.UNMATCH, line, actor, reason.trace)
    db.session.flush()
    db.session.expire(line, ["status", "matched_satang"])


def _require_open(reference: str, satang: int) -> None:
    """Another officer may have matched another line to the instalment meanwhile."""
    named = Instalment.reference == normalise_reference(reference)
    lock_pledges(Pledge.id.in_(select(Instalment.pledge_id).where(named)))
    instalment = lock(select(Instalment).where(named))
    if instalment is not None and instalment.open_satang != satang:
        raise InstalmentChangedError


def _let_go(payment: Payment) -> Sentence:
    """What was let go: a shortage, or a surplus that stays a gift."""
    short = sum(part.let_go_satang for part in payment.allocations)
    if short:
        return sentence(reasons.LET_GO, difference_satang=short)
    paid = sum(part.amount_satang for part in payment.allocations)
    return sentence(reasons.LEFT_OVER, difference_satang=payment.amount_satang - paid)


def _without_difference(why: Sequence[Sentence]) -> list[Sentence]:
    return [each for each in why if each.text not in (reasons.SHORT, reasons.OVER)]


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
    fits = payment.amount_satang == line.open_satang and set(db.session.scalars(debited)) == {
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
    is_same_amount = payout.amount_satang == line.open_satang
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


def _reverse_what_it_made(
    match: Match, line: StatementLine, reason: Remark, actor: Actor
) -> UndoneMatch:
    if match.journal_entry_id is not None:
        entry = db.session.get(JournalEntry, match.journal_entry_id)
        if entry is None or not _was_posted_for(entry, line):
            return UndoneMatch(kept_others=1)
        reverse_entry(
            entry.id,
            reason=reason.code.label,
            entry_on=clock.today(),
            digest=reason.digest,
            actor=actor,
        )
        _release_other_line(entry.id, reason, actor)
        return UndoneMatch(reversed_entries=1)
    payment = db.session.get(Payment, match.payment_id) if match.payment_id else None
    if payment is None:
        return UndoneMatch(kept_others=1)
    if not was_made_from(line, payment) or payment.status is not PaymentStatus.RECEIVED:
        return UndoneMatch(kept_payments=1)
    reverse_payment(payment.public_id, reason=reason, actor=actor)
    return UndoneMatch(reversed_payments=1)


def _was_posted_for(entry: JournalEntry, line: StatementLine) -> bool:
    """Whether the match posted the entry, as it does a payout of the card processor."""
    return entry.source_ref == line.public_id or entry.kind is EntryKind.CARD_PAYOUT


def _release_other_line(entry_id: int, reason: Remark, actor: Actor) -> None:
    """The line at the other end of a transfer that was reversed waits to be matched again."""
    active = select(Match).where(Match.journal_entry_id == entry_id, Match.undone_at.is_(None))
    for match in db.session.scalars(active).all():
        line = db.session.get_one(StatementLine, match.line_id)
        _undo(change_status(line.public_id, LineAction.UNMATCH), [match], reason, actor)
