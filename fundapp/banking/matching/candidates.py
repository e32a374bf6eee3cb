"""What a line may belong to, with a weight and the reasons (pure, but for opening its text).

Certain is only what the payer or the fund itself wrote into the transfer, and nothing speaks
against: a single reference with the amount that is due of an open pledge, which nobody recorded
before, and no name of somebody else; or a voucher of the same amount. Everything else is for a
person to decide, who sees what speaks against it (`reasons.AGAINST`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fundapp import clock
from fundapp.banking.matching import reasons
from fundapp.banking.matching.names import names_another
from fundapp.banking.matching.policy import names_payer, text_of
from fundapp.banking.models import StatementLine
from fundapp.banking.sentences import Sentence, sentence
from fundapp.disbursements.models import Payout
from fundapp.giving.allocation import open_up_to
from fundapp.giving.models import Instalment, Payment, PaymentStatus, PledgeStatus, Slip
from fundapp.giving.queries import DueInstalment
from fundapp.giving.reader import said_in
from fundapp.giving.references import find_references
from fundapp.labels import LabelledEnum
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import JournalEntry
from fundapp.markers import N_

#: An instalment, or what was read of many at once to compare them.
AnyInstalment = Instalment | DueInstalment
#: Due dates of the same amount: this near is likely, and further away than `WIDE_DAYS` is no
#: candidate.
NEAR_DAYS = 7
WIDE_DAYS = 31
#: Money that comes longer than this after the due date is late.
LATE_DAYS = 31
#: How far the day that an officer recorded and the bank's day may differ: a weekend.
RECORDED_DAYS = 3
#: What another line and another name take from the weight of a candidate.
_TAKEN_WEIGHT = 60
_ANOTHER_WEIGHT = 40

_NOT_ACTIVE = {
    PledgeStatus.COMPLETED: reasons.COMPLETED,
    PledgeStatus.PAUSED: reasons.PAUSED,
    PledgeStatus.CANCELLED: reasons.CANCELLED,
}


class CandidateKind(LabelledEnum):
    """What a line can be matched to."""

    INSTALMENT = "instalment", N_("Instalment")
    PAYMENT = "payment", N_("Recorded payment")
    PAYOUT = "payout", N_("Payout")
    ENTRY = "entry", N_("Entry of the books")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a line may belong to; ``ref`` is its reference, public id or entry number.

    ``is_elsewhere`` says that the money of its fund is not kept in the line's account, so the line
    cannot be matched to it.
    """

    kind: CandidateKind
    ref: str
    target: AnyInstalment | Payment | Payout | JournalEntry
    amount_satang: int
    day: date
    reasons: tuple[Sentence, ...]
    weight: int
    is_certain: bool = False
    is_late: bool = False
    is_elsewhere: bool = False
    let_go_satang: int = 0
    #: The public id of a slip that was sent for it.
    slip_id: str = ""

    @property
    def doubts(self) -> list[Sentence]:
        """What speaks against it."""
        return [reason for reason in self.reasons if reason.text in reasons.AGAINST]

    @property
    def is_of_another(self) -> bool:
        """Whether the bank names somebody else than the giver."""
        return any(reason.text == reasons.OTHER_NAME for reason in self.reasons)


def instalment_by_reference(
    line: StatementLine,
    instalment: Instalment,
    *,
    is_only_reference: bool,
    recorded: Payment | None = None,
) -> Candidate:
    """An instalment whose reference is in the text; certain when nothing speaks against it.

    ``recorded`` is a payment without a line, of this pledge and amount, of about this day.
    """
    text = reasons.REFERENCE if is_only_reference else reasons.REFERENCE_ONE_OF
    why = [sentence(text, reference=instalment.reference)]
    if recorded is not None:
        why.append(sentence(reasons.KNOWN_ALREADY, received_on=recorded.received_on))
    weight = 100 if is_only_reference else 60
    return _instalment(line, instalment, why, weight, is_certain=is_only_reference)


def instalment_by_amount(line: StatementLine, instalment: DueInstalment) -> Candidate:
    """An open instalment of the same amount, due within `WIDE_DAYS` of the day of the line."""
    is_near = abs((line.booked_on - instalment.due_on).days) <= NEAR_DAYS
    why = [sentence(reasons.NEAR if is_near else reasons.WIDE, due_on=instalment.due_on)]
    weight = 50 if is_near else 30
    if names_payer(text_of(line), instalment.pledge.donor_name):
        why.append(sentence(reasons.PAYER))
        weight += 35
    return _instalment(line, instalment, why, weight)


def instalment_by_history(
    line: StatementLine, instalment: DueInstalment, given_on: date
) -> Candidate:
    """The next instalment of a donor whose earlier money had the same text of the bank."""
    is_same_amount = instalment.open_satang == line.open_satang
    why = [sentence(reasons.HISTORY, given_on=given_on)]
    # An officer found before that money with this text is the donor's, whomever it names.
    weight = 80 if is_same_amount else 35
    return _instalment(line, instalment, why, weight, compares_name=False)


def instalment_by_slip(
    line: StatementLine, slip: Slip, *, is_named: bool, is_twice: bool
) -> Candidate:
    """The instalment that a waiting slip was sent for; ``is_named`` says that the line's text has
    the slip's own reference, ``is_twice`` that the slip was sent for another gift too.
    """
    why = [sentence(reasons.SLIP_SENT, sent_on=clock.local_day(slip.sent_at))]
    if is_named:
        why.insert(0, sentence(reasons.SLIP_NAMES))
    if is_twice:
        why.append(sentence(reasons.SLIP_TWICE))
    candidate = _instalment(line, slip.instalment, why, 95 if is_named else 70)
    return replace(candidate, slip_id=slip.public_id)


def instalment_by_search(line: StatementLine, instalment: AnyInstalment) -> Candidate:
    """An instalment that a person searched for."""
    return _instalment(line, instalment, [sentence(reasons.CHOSEN)], 10)


def recorded_payment(line: StatementLine, payment: Payment, named: Instalment | None) -> Candidate:
    """A payment of the same amount that an officer recorded about the day of the line.

    ``named`` is an instalment that it paid, whose reference is in the text. With it the payment is
    certain, unless the bank names somebody else: recording the money again would count it twice.
    """
    why = [sentence(reasons.RECORDED, received_on=payment.received_on)]
    weight = 90 if payment.received_on == line.booked_on else 45
    if named is not None:
        why.append(sentence(reasons.REFERENCE, reference=named.reference))
        weight = 110
    if payment.status is PaymentStatus.RETURNED:
        why.append(sentence(reasons.RETURNED_LATER))
    givers = [payment.donor.name, *_givers(named)]
    text = text_of(line)
    is_another = _is_another(text, payment, givers, named is None)
    if is_another:
        why.append(sentence(reasons.OTHER_NAME))
        weight -= _ANOTHER_WEIGHT // 2
    elif names_payer(text, payment.donor.name):
        why.append(sentence(reasons.PAYER))
        weight += 5
    return Candidate(
        CandidateKind.PAYMENT,
        payment.public_id,
        payment,
        payment.amount_satang,
        payment.received_on,
        tuple(why),
        weight,
        is_certain=named is not None and not is_another,
    )


def payout_of_amount(line: StatementLine, payout: Payout, vouchers: Iterable[str]) -> Candidate:
    """A payout of the same amount; certain when its voucher is among ``vouchers`` of the text."""
    is_named = payout.voucher in vouchers
    why = [sentence(reasons.PAID_OUT, paid_on=payout.paid_on)]
    weight = 50 - min(abs((line.booked_on - payout.paid_on).days), 10)
    if payout.bank_reference and payout.bank_reference in text_of(line):
        why.insert(0, sentence(reasons.BANK_REFERENCE))
        weight = 80
    if is_named:
        why.insert(0, sentence(reasons.VOUCHER, voucher=payout.voucher))
        weight = 100
    return Candidate(
        CandidateKind.PAYOUT,
        payout.public_id,
        payout,
        payout.amount_satang,
        payout.paid_on,
        tuple(why),
        weight,
        is_certain=is_named,
    )


def transfer_entry(line: StatementLine, entry: JournalEntry) -> Candidate:
    """An entry of money that was moved or given back, of the amount and about the line's day."""
    why = sentence(reasons.MOVED, moved_on=entry.entry_on)
    if entry.source_type == "refund":
        text = reasons.SENT_BACK if line.deposit_satang else reasons.GIVEN_BACK
        why = sentence(text, paid_on=entry.entry_on)
    return Candidate(
        CandidateKind.ENTRY,
        entry_number(entry.id),
        entry,
        entry.total_satang,
        entry.entry_on,
        (why,),
        90 if entry.entry_on == line.booked_on else 45,
    )


def return_entry(
    line: StatementLine, entry: JournalEntry, returned_on: date, reason: str = reasons.RETURNED
) -> Candidate:
    """An entry of a gift that the bank took back, or of help that it sent back, of the same amount
    about the day of the line.
    """
    return Candidate(
        CandidateKind.ENTRY,
        entry_number(entry.id),
        entry,
        entry.total_satang,
        returned_on,
        (sentence(reason, returned_on=returned_on),),
        95 if returned_on == line.booked_on else 70,
    )


def ranked(candidates: Iterable[Candidate], limit: int) -> list[Candidate]:
    """The likeliest candidates first; one that was found twice is listed once, with all reasons."""
    merged: dict[tuple[CandidateKind, str], Candidate] = {}
    for candidate in candidates:
        key = (candidate.kind, candidate.ref)
        merged[key] = _merge(merged[key], candidate) if key in merged else candidate
    likeliest_first = sorted(merged.values(), key=lambda each: (-each.weight, each.day, each.ref))
    return likeliest_first[:limit]


def share_out(
    lines: Sequence[StatementLine], by_line: Mapping[int, Sequence[Candidate]]
) -> dict[int, list[Candidate]]:
    """Each thing is offered to one line: to the one that it fits best, the first of equals.

    The other lines keep it as a possibility, with that said.
    """
    pairs = [
        (-candidate.weight, place, line, candidate)
        for place, line in enumerate(lines)
        for candidate in by_line.get(line.id, ())
        if not candidate.is_elsewhere
    ]
    holders: dict[tuple[CandidateKind, str], StatementLine] = {}
    served: set[int] = set()
    for _weight, _place, line, candidate in sorted(pairs, key=lambda pair: pair[:2]):
        key = (candidate.kind, candidate.ref)
        if line.id not in served and key not in holders:
            holders[key] = line
            served.add(line.id)
    return {
        line.id: [
            _shared(candidate, line, holders.get((candidate.kind, candidate.ref), line))
            for candidate in by_line.get(line.id, ())
        ]
        for line in lines
    }


def _shared(candidate: Candidate, line: StatementLine, holder: StatementLine) -> Candidate:
    """The candidate of a line when ``holder`` is offered it."""
    if holder is line:
        return candidate
    why = (*candidate.reasons, sentence(reasons.OTHER_LINE, booked_on=holder.booked_on))
    weight = candidate.weight - _TAKEN_WEIGHT
    return replace(candidate, reasons=why, weight=weight, is_certain=False, let_go_satang=0)


def _merge(first: Candidate, second: Candidate) -> Candidate:
    by_text = {reason.text: reason for reason in (*first.reasons, *second.reasons)}
    return replace(
        first,
        reasons=tuple(by_text.values()),
        weight=max(first.weight, second.weight) + 5,
        is_certain=first.is_certain or second.is_certain,
        is_late=first.is_late or second.is_late,
        is_elsewhere=first.is_elsewhere or second.is_elsewhere,
        slip_id=first.slip_id or second.slip_id,
    )


def _instalment(
    line: StatementLine,
    instalment: AnyInstalment,
    why: list[Sentence],
    weight: int,
    is_certain: bool = False,
    compares_name: bool = True,
) -> Candidate:
    came_late, came = _came_late(line, instalment), line.open_satang
    elsewhere = is_kept_elsewhere(line, instalment)
    named = instalment if is_certain and isinstance(instalment, Instalment) else None
    why = [*why, *_differences(came, instalment, named)]
    if any(reason.text in (reasons.NEAR, reasons.WIDE) for reason in why):
        why = [reason for reason in why if reason.text != reasons.EXACT]
    # Whoever wrote the reference meant this pledge, though a bank writes names in other letters.
    text = text_of(line)
    is_named = instalment.reference in find_references(text)
    if compares_name and _is_another(text, instalment, _givers(instalment), not is_named):
        why.append(sentence(reasons.OTHER_NAME))
        weight -= _ANOTHER_WEIGHT
    if came_late:
        why.append(sentence(reasons.LATE, due_on=instalment.due_on))
    if elsewhere:
        why.append(sentence(reasons.OTHER_ACCOUNT))
    return Candidate(
        CandidateKind.INSTALMENT,
        instalment.reference,
        instalment,
        instalment.open_satang,
        instalment.due_on,
        tuple(why),
        weight,
        is_certain=is_certain and not any(reason.text in reasons.AGAINST for reason in why),
        is_late=came_late,
        is_elsewhere=elsewhere,
        let_go_satang=0 if elsewhere else _let_go(came, instalment),
    )


def is_kept_elsewhere(line: StatementLine, instalment: AnyInstalment) -> bool:
    """Whether the money of the instalment's fund may not lie in the line's account."""
    account_code = line.statement.bank_account.account_code
    return not instalment.pledge.keeps_in(account_code)


def _givers(instalment: AnyInstalment | None) -> list[str]:
    """The names of the giver of an instalment, each once."""
    if instalment is None:
        return []
    names = instalment.pledge.donor_name, instalment.pledge.donor.name
    return list(dict.fromkeys(names))


def _is_another(
    text: str, target: AnyInstalment | Payment, givers: Sequence[str], if_unsure: bool
) -> bool:
    """Whether the bank names neither the giver nor whoever pays for them, as the pledge says."""
    if not names_another(text, *givers, if_unsure=if_unsure):
        return False
    payer = said_in(target.pledge.details if target.pledge else None).payer_name
    return not payer or names_another(text, payer, if_unsure=if_unsure)


def _came_late(line: StatementLine, instalment: AnyInstalment) -> bool:
    """Whether the money came long after the due date, or after the pledge was cancelled."""
    is_cancelled = instalment.pledge.status is PledgeStatus.CANCELLED
    return is_cancelled or (line.booked_on - instalment.due_on).days > LATE_DAYS


def _differences(came: int, instalment: AnyInstalment, named: Instalment | None) -> list[Sentence]:
    """How amount and pledge differ from what is expected; if ``named``, those before it too."""
    differences = []
    not_active = _NOT_ACTIVE.get(instalment.pledge.status)
    if not_active:
        differences.append(sentence(not_active))
    due = instalment.open_satang
    if due == came:
        differences.append(sentence(reasons.EXACT))
    elif came < due:
        differences.append(sentence(reasons.SHORT, short_satang=due - came))
    elif due and named is not None and open_up_to(named, named.pledge.instalments) == came:
        differences.append(sentence(reasons.UP_TO))
    elif due:
        differences.append(sentence(reasons.OVER, over_satang=came - due))
    elif not not_active:
        differences.append(sentence(reasons.SURPLUS))
    return differences


def _let_go(came: int, instalment: AnyInstalment) -> int:
    """The small difference that the fund may let go, in satang: a shortage, or a surplus."""
    pledge, difference = instalment.pledge, abs(instalment.open_satang - came)
    is_open = instalment.open_satang > 0 and pledge.status is PledgeStatus.ACTIVE
    return difference if is_open and 0 < difference <= pledge.let_go_limit_satang else 0
