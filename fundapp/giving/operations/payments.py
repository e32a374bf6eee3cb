"""Payments are recorded, and reversed when they were wrong."""

from dataclasses import dataclass

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.errors import NotFoundError, require_readable_name
from fundapp.giving import emails, policy
from fundapp.giving.allocation import allocate
from fundapp.giving.drafts import IncomingPayment
from fundapp.giving.errors import (
    FundClosedToGiftsError,
    IncomingPaymentError,
    PaymentRefUsedError,
    UnknownReferenceError,
)
from fundapp.giving.locking import lock_payment, lock_pledge
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
from fundapp.giving.receipts.operations import issue_receipt, take_number, void_receipt
from fundapp.giving.references import normalise_reference
from fundapp.giving.steps import extend, settle, take_allocations_back
from fundapp.giving.workflow import PaymentAction, next_payment_status
from fundapp.ids import new_id, new_public_id
from fundapp.ledger.drafts import EntryDraft, PostingDraft, public_memo
from fundapp.ledger.errors import OtherAccountError
from fundapp.ledger.models import EntryKind, Fund
from fundapp.ledger.operations import post_entry, reverse_entry
from fundapp.mail.operations import queue_message
from fundapp.markers import N_
from fundapp.trail.operations import record_event

#: The memo of a payment's journal entry; shown in the reader's language.
MEMOS: dict[Method, str] = {
    Method.PROMPTPAY: N_("Donation by PromptPay"),
    Method.TRANSFER: N_("Donation by bank transfer"),
    Method.CARD: N_("Donation by card"),
    Method.CASH: N_("Donation in cash"),
    Method.CHEQUE: N_("Donation by cheque"),
}


@dataclass(frozen=True, slots=True)
class _Attribution:
    """Whose payment it is, and what it is for; ``named`` is the instalment that the payer named."""

    donor: Donor
    fund: Fund
    pledge: Pledge | None
    named: Instalment | None
    donor_name: str
    is_anonymous: bool


def receive_payment(incoming: IncomingPayment, *, actor: Actor) -> Payment:
    """Record money that arrived: allocated, posted, with its receipt, and a thank-you queued for a
    donor with an e-mail address.

    How it is allocated: `fundapp.giving.allocation`; a surplus stays a gift to the same fund.
    Raises ForbiddenError, IncomingPaymentError, UnknownReferenceError, FundClosedToGiftsError,
    PaymentRefUsedError, NotFoundError, UnreadableNameError, and the ledger's OtherAccountError and
    PeriodClosedError.
    """
    require(policy.may_record_payment(actor))
    _check(incoming)
    known = _recorded_as(incoming)
    if known is not None:
        return known
    attribution = _attribute(incoming, actor)
    if not attribution.fund.keeps_in(incoming.asset_account_code):
        raise OtherAccountError(field="account")
    payment = _payment(incoming, attribution, actor)
    _allocate(payment, attribution)
    # Every writer locks the pledge first and the receipt counter second, so none waits for another
    # that waits for it.
    number = take_number(clock.today(), actor=actor)
    payment.journal_entry_id = _post(payment, incoming, number.label, actor)
    db.session.add(payment)
    receipt = issue_receipt(payment, attribution.fund, attribution.donor_name, number, actor=actor)
    _record("receive", payment, actor)
    if payment.donor.email:
        queue_message(emails.thank_you(payment, receipt, attribution.pledge), actor=actor)
    db.session.flush()
    return payment


def reverse_payment(public_id: str, *, reason: str, actor: Actor) -> Payment:
    """Reverse a payment that was recorded wrongly; once at most. One that the bank took back is
    returned (`return_payment`).

    The reversal is posted today, the instalments are open again, the receipt is void but kept.
    Raises ForbiddenError, NotFoundError, PaymentReversedError, IncomingPaymentError without a
    reason, and the ledger's errors when the reason holds personal data or the money is spent.
    """
    require(policy.may_record_payment(actor))
    reason = public_memo(reason, field="reason")
    if not reason:
        raise IncomingPaymentError(N_("Say why the payment is reversed."), field="reason")
    payment = lock_payment(public_id)
    reversed_status = next_payment_status(payment.status, PaymentAction.REVERSE)
    reversal = reverse_entry(
        payment.journal_entry_id, reason=reason, entry_on=clock.today(), actor=actor
    )
    payment.status, payment.reversal_entry_id = reversed_status, reversal.id
    take_allocations_back(payment)
    receipt = db.session.scalars(select(Receipt).where(Receipt.payment_id == payment.id)).one()
    void_receipt(receipt, reason=reason, actor=actor)
    _record("reverse", payment, actor, reason)
    db.session.flush()
    return payment


def _check(incoming: IncomingPayment) -> None:
    if incoming.amount_satang <= 0:
        raise IncomingPaymentError(N_("The amount must be more than zero."), field="amount")
    if incoming.received_on > clock.today():
        raise IncomingPaymentError(
            N_("This day is still to come. Enter the day on which the money arrived."),
            field="received_on",
        )
    require_readable_name(incoming.payer_name, field="payer_name")


def _recorded_as(incoming: IncomingPayment) -> Payment | None:
    """The payment already recorded under the same external reference; PaymentRefUsedError when its
    content differs.
    """
    if incoming.external_ref is None:
        return None
    same = (
        Payment.external_ref == incoming.external_ref,
        Payment.status == PaymentStatus.RECEIVED,
    )
    known = db.session.scalar(select(Payment).where(*same))
    if known is None:
        return None
    if known.form_digest != incoming.digest:
        raise PaymentRefUsedError(public_id=known.public_id, amount_satang=known.amount_satang)
    return known


def _attribute(incoming: IncomingPayment, actor: Actor) -> _Attribution:
    named, pledge = _pledge(incoming)
    donor = _donor(incoming, pledge, actor)
    fund = _fund(incoming, pledge)
    if pledge is not None and donor.id == pledge.donor_id:
        name, anonymous = pledge.donor_name or donor.name, pledge.is_anonymous
    else:
        name, anonymous = donor.name, False
    is_anonymous = incoming.is_anonymous or anonymous or not name
    return _Attribution(donor, fund, pledge, named, name, is_anonymous)


def _pledge(incoming: IncomingPayment) -> tuple[Instalment | None, Pledge | None]:
    """The instalment that the payer named and its pledge, or the pledge alone, locked."""
    if incoming.instalment_reference is None:
        pledge_id = incoming.pledge_id
        return None, None if pledge_id is None else lock_pledge(Pledge.id == pledge_id)
    reference = normalise_reference(incoming.instalment_reference)
    named = select(Instalment.pledge_id).where(Instalment.reference == reference)
    try:
        pledge = lock_pledge(Pledge.id == named.scalar_subquery())
    except NotFoundError:
        raise UnknownReferenceError(field="reference") from None
    if incoming.pledge_id not in (None, pledge.id):
        raise IncomingPaymentError(
            N_("This reference belongs to another pledge."), field="reference"
        )
    instalments = pledge.instalments
    return next(row for row in instalments if row.reference == reference), pledge


def _donor(incoming: IncomingPayment, pledge: Pledge | None, actor: Actor) -> Donor:
    donor_id = incoming.donor_id or (pledge.donor_id if pledge else None)
    if donor_id is None:
        return register_donor(incoming.payer_name, actor=actor)
    donor = db.session.get(Donor, donor_id)
    if donor is None:
        raise NotFoundError
    return donor


def _fund(incoming: IncomingPayment, pledge: Pledge | None) -> Fund:
    """The pledge's fund, or the one that was chosen when there is no pledge."""
    if pledge is not None and incoming.fund_code not in (None, pledge.fund_code):
        raise IncomingPaymentError(
            N_("This pledge is for another fund. Choose that fund, or leave the reference empty."),
            field="fund",
        )
    code = pledge.fund_code if pledge else incoming.fund_code
    fund = db.session.get(Fund, code) if code else None
    if fund is None:
        raise FundClosedToGiftsError(N_("Choose the fund that this money is for."), field="fund")
    return fund


def _payment(incoming: IncomingPayment, attribution: _Attribution, actor: Actor) -> Payment:
    payment = Payment(
        id=new_id(),
        public_id=new_public_id(),
        donor=attribution.donor,
        pledge=attribution.pledge,
        method=incoming.method,
        amount_satang=incoming.amount_satang,
        received_on=incoming.received_on,
        is_anonymous=attribution.is_anonymous,
        external_ref=incoming.external_ref,
        note=incoming.note,
        status=PaymentStatus.RECEIVED,
        recorded_by=actor.ref,
        recorded_at=clock.now(),
        form_digest=None if incoming.external_ref is None else incoming.digest,
    )
    payment.designations = [
        Designation(fund=attribution.fund, amount_satang=incoming.amount_satang)
    ]
    return payment


def _allocate(payment: Payment, attribution: _Attribution) -> None:
    pledge = attribution.pledge
    if pledge is None:
        return
    parts = allocate(
        payment.amount_satang,
        pledge.instalments,
        named=attribution.named,
        status=pledge.status,
    )
    for instalment, satang in parts:
        instalment.paid_satang += satang
        payment.allocations.append(Allocation(instalment_id=instalment.id, amount_satang=satang))
    settle(pledge)
    extend(pledge, clock.today())


def _post(payment: Payment, incoming: IncomingPayment, receipt_label: str, actor: Actor) -> int:
    """Post the payment; the id of its journal entry."""
    postings = [
        PostingDraft(
            part.fund.code,
            incoming.asset_account_code,
            policy.income_account(part.fund, payment.donor),
            part.amount_satang,
        )
        for part in payment.designations
    ]
    draft = EntryDraft(
        kind=EntryKind.DONATION,
        entry_on=incoming.booked_on or payment.received_on,
        memo=MEMOS[payment.method],
        postings=postings,
        source_type="payment",
        source_ref=payment.public_id,
        maker=actor.ref,
        idempotency_key=f"payment:{payment.public_id}",
        receipt=receipt_label,
    )
    return post_entry(draft, actor=actor).id


def _record(verb: str, payment: Payment, actor: Actor, note: str = "") -> None:
    record_event(
        f"giving:payment:{verb}",
        actor=actor,
        subject_type="payment",
        subject_ref=payment.public_id,
        note=note,
    )
