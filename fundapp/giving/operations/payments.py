"""Money that arrived: received, and reversed when it proves wrong."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.giving import policy
from fundapp.giving.errors import (
    ArrivalError,
    FundClosedToGiftsError,
    PaymentKnownError,
    UnknownReferenceError,
)
from fundapp.giving.models import (
    Allocation,
    Designation,
    Donor,
    Instalment,
    Method,
    Payment,
    PaymentStatus,
    Pledge,
    Receipt,
)
from fundapp.giving.operations.donors import register_donor
from fundapp.giving.operations.pledges import extend, locked_pledge, settle
from fundapp.giving.operations.receipts import issue_receipt, take_number, void_receipt
from fundapp.giving.operations.thanks import queue_thanks
from fundapp.giving.workflow import PaymentAction, next_payment_status
from fundapp.ids import new_id, new_public_id
from fundapp.ledger.drafts import Draft, Line, public_memo
from fundapp.ledger.models import EntryKind, Fund
from fundapp.ledger.operations import post_entry, reverse_entry
from fundapp.markers import N_
from fundapp.trail.operations import record_event

#: What the books say of a payment; shown in the reader's language.
MEMOS: dict[Method, str] = {
    Method.PROMPTPAY: N_("Donation by PromptPay"),
    Method.TRANSFER: N_("Donation by bank transfer"),
    Method.CARD: N_("Donation by card"),
    Method.CASH: N_("Donation in cash"),
    Method.CHEQUE: N_("Donation by cheque"),
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """Money that came, and what is known about it.

    ``instalment_reference`` or ``pledge_id`` say what it was promised for; without them
    ``fund_code`` says where it goes. Without a donor, ``payer_name`` (or nobody) gave it.
    ``external_ref`` is what makes it one: the same one twice is the same payment.
    """

    amount_satang: int
    received_on: date
    method: Method
    asset_account_code: str
    donor_id: int | None = None
    instalment_reference: str | None = None
    pledge_id: int | None = None
    fund_code: str | None = None
    is_anonymous: bool = False
    external_ref: str | None = None
    note: str = ""
    payer_name: str = ""


@dataclass(frozen=True, slots=True)
class _Landing:
    """Where an arrival lands."""

    donor: Donor
    fund: Fund
    pledge: Pledge | None
    named: Instalment | None
    donor_name: str
    is_anonymous: bool


def receive_payment(arrival: Arrival, *, actor: str, issued_on: date | None = None) -> Payment:
    """Record money that arrived: allocated, in the books, with its receipt and a thank-you queued.

    The named instalment is paid first, then the pledge's open ones by due day; what is left is a
    further gift to the same fund. ``issued_on`` is the receipt's day, today unless older books are
    taken over. Raises ArrivalError, UnknownReferenceError, FundClosedToGiftsError,
    PaymentKnownError, NotFoundError, and the ledger's PeriodClosedError.
    """
    _check(arrival)
    known = _recorded_as(arrival)
    if known is not None:
        return known
    landing = _land(arrival, actor)
    payment = _payment(arrival, landing, actor)
    _allocate(payment, landing)
    # Nothing after this waits for a lock that somebody holding the counter could want.
    number = take_number(issued_on or clock.today())
    payment.journal_entry_id = _post(payment, arrival, landing, number.label, actor)
    db.session.add(payment)
    receipt = issue_receipt(payment, landing.fund, landing.donor_name, number, actor=actor)
    _record("receive", payment, actor)
    queue_thanks(payment, receipt, landing.pledge)
    db.session.flush()
    return payment


def reverse_payment(public_id: str, *, reason: str, actor: str) -> Payment:
    """Undo a payment that bounced, was charged back or recorded wrongly; once at most.

    The books get a reversal of today, its instalments are open again, its receipt is void but kept.
    Raises NotFoundError, AlreadyReversedError, ArrivalError without a reason, and the ledger's
    errors when the reason holds personal data or the money is already spent.
    """
    reason = public_memo(reason)
    if not reason:
        raise ArrivalError(N_("Say why the payment is reversed."), field="reason")
    plain = (lazyload(Payment.donor),)
    payment = lock(select(Payment).where(Payment.public_id == public_id).options(*plain))
    if payment is None:
        raise NotFoundError
    reversed_status = next_payment_status(payment.status, PaymentAction.REVERSE)
    reversal = reverse_entry(
        payment.journal_entry_id, reason=reason, entry_on=clock.today(), maker=actor
    )
    payment.status, payment.reversal_entry_id = reversed_status, reversal.id
    _take_back(payment)
    receipt = db.session.scalars(select(Receipt).where(Receipt.payment_id == payment.id)).one()
    void_receipt(receipt, reason=reason, actor=actor)
    _record("reverse", payment, actor, reason)
    db.session.flush()
    return payment


def _check(arrival: Arrival) -> None:
    if arrival.amount_satang <= 0:
        raise ArrivalError(N_("The amount must be more than zero."), field="amount")
    if arrival.received_on > clock.today():
        raise ArrivalError(
            N_("This day is still to come. Enter the day on which the money arrived."),
            field="received_on",
        )


def _recorded_as(arrival: Arrival) -> Payment | None:
    """The payment that counts under the same external reference, if it says the same."""
    if arrival.external_ref is None:
        return None
    same = (
        Payment.external_ref == arrival.external_ref,
        Payment.status == PaymentStatus.RECEIVED,
    )
    known = db.session.scalar(select(Payment).where(*same))
    if known is None:
        return None
    said = (arrival.amount_satang, arrival.received_on, arrival.method)
    if (known.amount_satang, known.received_on, known.method) != said:
        raise PaymentKnownError
    return known


def _land(arrival: Arrival, actor: str) -> _Landing:
    named, pledge = _promise(arrival)
    donor = _donor(arrival, pledge, actor)
    fund = _fund(arrival, pledge)
    if pledge is not None and donor.id == pledge.donor_id:
        name, anonymous = pledge.donor_name or donor.name, pledge.is_anonymous
    else:
        name, anonymous = donor.name, False
    is_anonymous = arrival.is_anonymous or anonymous or not name
    return _Landing(donor, fund, pledge, named, name, is_anonymous)


def _promise(arrival: Arrival) -> tuple[Instalment | None, Pledge | None]:
    """The instalment the payer named and its pledge, or the pledge alone, locked."""
    if arrival.instalment_reference is None:
        by_id = arrival.pledge_id
        return None, None if by_id is None else locked_pledge(Pledge.id == by_id)
    reference = arrival.instalment_reference.upper()
    named = select(Instalment.pledge_id).where(Instalment.reference == reference)
    try:
        pledge = locked_pledge(Pledge.id == named.scalar_subquery())
    except NotFoundError:
        raise UnknownReferenceError(field="reference") from None
    if arrival.pledge_id not in (None, pledge.id):
        raise ArrivalError(N_("This reference belongs to another pledge."), field="reference")
    return next(one for one in pledge.instalments if one.reference == reference), pledge


def _donor(arrival: Arrival, pledge: Pledge | None, actor: str) -> Donor:
    donor_id = arrival.donor_id or (pledge.donor_id if pledge else None)
    if donor_id is None:
        return register_donor(arrival.payer_name, actor=actor)
    donor = db.session.get(Donor, donor_id)
    if donor is None:
        raise NotFoundError
    return donor


def _fund(arrival: Arrival, pledge: Pledge | None) -> Fund:
    """The pledge's fund, or the one that was chosen; money for a pledge goes nowhere else."""
    if pledge is not None and arrival.fund_code not in (None, pledge.fund_code):
        raise ArrivalError(
            N_("This pledge is for another fund. Choose that fund, or leave the reference empty."),
            field="fund",
        )
    code = pledge.fund_code if pledge else arrival.fund_code
    fund = db.session.get(Fund, code) if code else None
    if fund is None:
        raise FundClosedToGiftsError(N_("Choose the fund that this money is for."), field="fund")
    return fund


def _payment(arrival: Arrival, landing: _Landing, actor: str) -> Payment:
    payment = Payment(
        id=new_id(),
        public_id=new_public_id(),
        donor=landing.donor,
        pledge=landing.pledge,
        method=arrival.method,
        amount_satang=arrival.amount_satang,
        received_on=arrival.received_on,
        is_anonymous=landing.is_anonymous,
        external_ref=arrival.external_ref,
        note=arrival.note,
        status=PaymentStatus.RECEIVED,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    payment.designations = [Designation(fund=landing.fund, amount_satang=arrival.amount_satang)]
    return payment


def _allocate(payment: Payment, landing: _Landing) -> None:
    pledge = landing.pledge
    if pledge is None:
        return
    parts = policy.spread(payment.amount_satang, pledge.instalments, landing.named, pledge.status)
    for instalment, satang in parts:
        instalment.paid_satang += satang
        payment.allocations.append(Allocation(instalment_id=instalment.id, amount_satang=satang))
    settle(pledge)
    extend(pledge, clock.today())


def _post(payment: Payment, arrival: Arrival, landing: _Landing, receipt: str, actor: str) -> int:
    income = policy.income_account(landing.fund, landing.donor)
    lines = [
        Line(part.fund.code, arrival.asset_account_code, income, part.amount_satang)
        for part in payment.designations
    ]
    draft = Draft(
        kind=EntryKind.DONATION,
        entry_on=payment.received_on,
        memo=MEMOS[payment.method],
        lines=lines,
        source_type="payment",
        source_ref=payment.public_id,
        maker=actor,
        idempotency_key=f"payment:{payment.public_id}",
        receipt=receipt,
    )
    return post_entry(draft).id


def _take_back(payment: Payment) -> None:
    if payment.pledge_id is None:
        return
    pledge = locked_pledge(Pledge.id == payment.pledge_id)
    by_id = {one.id: one for one in pledge.instalments}
    for allocation in payment.allocations:
        by_id[allocation.instalment_id].paid_satang -= allocation.amount_satang
    settle(pledge)


def _record(verb: str, payment: Payment, actor: str, note: str = "") -> None:
    record_event(
        f"giving:payment:{verb}",
        actor=actor,
        subject_type="payment",
        subject_ref=payment.public_id,
        note=note,
    )
