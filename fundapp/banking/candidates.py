"""What a line may belong to, with a weight and the reasons in words (pure).

Certain is only what the payer or the fund itself wrote into the transfer: one reference, one
voucher of the same amount. Everything else is for a person to decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fundapp.banking import reasons
from fundapp.banking.models import StatementLine
from fundapp.banking.policy import names_payer, text_of
from fundapp.banking.reasons import Sentence, sentence
from fundapp.disbursements.models import Payout
from fundapp.giving.models import Instalment, Payment, PledgeStatus
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import JournalEntry

NEAR_DAYS = 7
WIDE_DAYS = 31
#: An instalment that was due longer ago than this is late.
LATE_DAYS = 31
#: An officer's note and the bank's day differ over a weekend.
RECORDED_DAYS = 3

_STOPPED = {
    PledgeStatus.COMPLETED: reasons.COMPLETED,
    PledgeStatus.PAUSED: reasons.PAUSED,
    PledgeStatus.CANCELLED: reasons.CANCELLED,
}


class CandidateKind(StrEnum):
    """What a line can be matched to."""

    INSTALMENT = "instalment"
    PAYMENT = "payment"
    PAYOUT = "payout"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing a line may belong to; ``ref`` names it: a reference, a public id or an entry's
    number.
    """

    kind: CandidateKind
    ref: str
    thing: Instalment | Payment | Payout | JournalEntry
    amount_satang: int
    day: date
    reasons: tuple[Sentence, ...]
    weight: int
    is_certain: bool = False
    is_late: bool = False


def by_reference(line: StatementLine, instalment: Instalment, *, only_one: bool) -> Candidate:
    """An instalment whose reference stands in the text; certain when it is the only one there."""
    text = reasons.REFERENCE if only_one else reasons.REFERENCE_ONE_OF
    named = sentence(text, reference=instalment.reference)
    return _instalment(line, instalment, [named], 100 if only_one else 60, is_certain=only_one)


def by_amount(line: StatementLine, instalment: Instalment) -> Candidate | None:
    """An open instalment of the same amount, due about the day of the line; else None."""
    apart = abs((line.booked_on - instalment.due_on).days)
    if apart > WIDE_DAYS:
        return None
    near = apart <= NEAR_DAYS
    text = reasons.NEAR if near else reasons.WIDE
    said = [sentence(text, due_on=instalment.due_on)]
    weight = 50 if near else 30
    if names_payer(text_of(line), instalment.pledge.donor_name):
        said.append(sentence(reasons.PAYER))
        weight += 35
    return _instalment(line, instalment, said, weight)


def by_history(line: StatementLine, instalment: Instalment, given_on: date) -> Candidate:
    """The next instalment of somebody whose money looked the same to the bank before."""
    is_same = instalment.open_satang == line.deposit_satang
    said = [sentence(reasons.HISTORY, given_on=given_on)]
    return _instalment(line, instalment, said, 80 if is_same else 35)


def chosen(line: StatementLine, instalment: Instalment) -> Candidate:
    """An instalment that a person looked for."""
    return _instalment(line, instalment, [sentence(reasons.CHOSEN)], 10)


def recorded(line: StatementLine, payment: Payment, named: Instalment | None) -> Candidate:
    """A payment of the same amount that an officer recorded about the day of the line.

    Certain when the text names a reference of the same pledge: then recording it again would count
    it twice.
    """
    is_named = named is not None and named.pledge_id == payment.pledge_id
    same_day = payment.received_on == line.booked_on
    said = [sentence(reasons.RECORDED, received_on=payment.received_on)]
    if is_named and named is not None:
        said.append(sentence(reasons.REFERENCE, reference=named.reference))
    weight = 110 if is_named else 90 if same_day else 45
    if names_payer(text_of(line), payment.donor.name):
        said.append(sentence(reasons.PAYER))
        weight += 5
    return Candidate(
        CandidateKind.PAYMENT,
        payment.public_id,
        payment,
        payment.amount_satang,
        payment.received_on,
        tuple(said),
        weight,
        is_certain=is_named,
    )


def paid_out(line: StatementLine, payout: Payout, vouchers: Iterable[str]) -> Candidate:
    """A payout of the same amount; certain when the text names its voucher."""
    text = text_of(line)
    is_named = payout.voucher in vouchers
    said = [sentence(reasons.PAID_OUT, paid_on=payout.paid_on)]
    weight = 50 - min(abs((line.booked_on - payout.paid_on).days), 10)
    if payout.bank_reference and payout.bank_reference in text:
        said.insert(0, sentence(reasons.BANK_REFERENCE))
        weight = 80
    if is_named:
        said.insert(0, sentence(reasons.VOUCHER, voucher=payout.voucher))
        weight = 100
    return Candidate(
        CandidateKind.PAYOUT,
        payout.public_id,
        payout,
        payout.amount_satang,
        payout.paid_on,
        tuple(said),
        weight,
        is_certain=is_named,
    )


def cash_moved(line: StatementLine, entry: JournalEntry) -> Candidate:
    """An entry of cash that was paid in or drawn, of the same amount about the day of the line."""
    return Candidate(
        CandidateKind.ENTRY,
        entry_number(entry.id),
        entry,
        entry.total_satang,
        entry.entry_on,
        (sentence(reasons.CASH_MOVED, moved_on=entry.entry_on),),
        90 if entry.entry_on == line.booked_on else 45,
    )


def ranked(candidates: Iterable[Candidate], limit: int) -> list[Candidate]:
    """The candidates, likeliest first; what was found in two ways stands once, with all reasons."""
    merged: dict[tuple[CandidateKind, str], Candidate] = {}
    for one in candidates:
        key = (one.kind, one.ref)
        merged[key] = _merge(merged[key], one) if key in merged else one
    order = sorted(merged.values(), key=lambda one: (-one.weight, one.day, one.ref))
    return order[:limit]


def _merge(first: Candidate, second: Candidate) -> Candidate:
    said = {one.text: one for one in (*first.reasons, *second.reasons)}
    return Candidate(
        first.kind,
        first.ref,
        first.thing,
        first.amount_satang,
        first.day,
        tuple(said.values()),
        max(first.weight, second.weight) + 5,
        is_certain=first.is_certain or second.is_certain,
        is_late=first.is_late or second.is_late,
    )


def _instalment(
    line: StatementLine,
    instalment: Instalment,
    said: list[Sentence],
    weight: int,
    is_certain: bool = False,
) -> Candidate:
    late = is_late(line, instalment)
    said = [*said, *_differences(line, instalment)]
    if any(one.text in (reasons.NEAR, reasons.WIDE) for one in said):
        said = [one for one in said if one.text != reasons.EXACT]
    if late:
        said.append(sentence(reasons.LATE, due_on=instalment.due_on))
    return Candidate(
        CandidateKind.INSTALMENT,
        instalment.reference,
        instalment,
        instalment.open_satang,
        instalment.due_on,
        tuple(said),
        weight,
        is_certain=is_certain,
        is_late=late,
    )


def is_late(line: StatementLine, instalment: Instalment) -> bool:
    """Whether the money came long after it was due, or after the pledge had been cancelled."""
    is_over = instalment.pledge.status is PledgeStatus.CANCELLED
    return is_over or (line.booked_on - instalment.due_on).days > LATE_DAYS


def _differences(line: StatementLine, instalment: Instalment) -> list[Sentence]:
    """How amount and pledge differ from what was promised."""
    said = []
    stopped = _STOPPED.get(instalment.pledge.status)
    if stopped:
        said.append(sentence(stopped))
    still, came = instalment.open_satang, line.deposit_satang
    if still == came:
        said.append(sentence(reasons.EXACT))
    elif came < still:
        said.append(sentence(reasons.SHORT, short_satang=still - came))
    elif still:
        said.append(sentence(reasons.OVER, over_satang=came - still))
    elif not stopped:
        said.append(sentence(reasons.FURTHER))
    return said
