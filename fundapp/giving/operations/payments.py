"""Payments are recorded, and reversed when they were wrong."""

from collections.abc import Sequence

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.name_guard import require_no_child_named
from fundapp.crypto import keyring
from fundapp.db import db
from fundapp.errors import require_readable_name
from fundapp.giving import emails, policy
from fundapp.giving.allocation import allocate, allocate_letting_go, pay
from fundapp.giving.attribution import Attribution, attribute, lock_named_pledges
from fundapp.giving.drafts import GiftNews, IncomingPayment
from fundapp.giving.errors import (
    IncomingPaymentError,
    PaymentRefUsedError,
)
from fundapp.giving.models import (
    Allocation,
    Designation,
    Method,
    Payment,
    PaymentStatus,
    Receipt,
)
from fundapp.giving.reader import said_with_many
from fundapp.giving.receipts.operations import (
    ReceiptDraft,
    ReceiptNumber,
    issue_receipts,
    take_numbers,
)
from fundapp.giving.sharing import Sharer, designations_of
from fundapp.giving.slips.steps import close_slips
from fundapp.giving.steps import extend, settle
from fundapp.ids import new_id, new_public_id
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.errors import OtherAccountError
from fundapp.ledger.models import EntryKind, Fund
from fundapp.ledger.operations import post_entries
from fundapp.mail.drafts import MessageDraft
from fundapp.mail.operations import queue_messages
from fundapp.mail.queries import linked_among
from fundapp.markers import N_
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_events

#: The memo of a payment's journal entry; shown in the reader's language.
MEMOS: dict[Method, str] = {
    Method.PROMPTPAY: N_("Donation by PromptPay"),
    Method.TRANSFER: N_("Donation by bank transfer"),
    Method.CARD: N_("Donation by card"),
    Method.CASH: N_("Donation in cash"),
    Method.CHEQUE: N_("Donation by cheque"),
}


def receive_payment(incoming: IncomingPayment, *, actor: Actor) -> Payment:
    """Record money that arrived. See `receive_payments`."""
    return receive_payments([incoming], actor=actor)[0]


def receive_payments(incomings: Sequence[IncomingPayment], *, actor: Actor) -> list[Payment]:
    """Record money that arrived, all of it or none: allocated, posted, with its receipts, and a
    thank-you queued for each donor whom a way leads to; the payments in the order given.

    How it is allocated: `fundapp.giving.allocation`; a surplus stays a gift to the same fund.
    Many are written with few statements. Raises ForbiddenError, IncomingPaymentError,
    UnknownReferenceError, FundClosedToGiftsError, LetGoRefusedError, PaymentRefUsedError,
    NotFoundError, UnreadableNameError, ChildNamedError when the note names a child, and the
    ledger's OtherAccountError and PeriodClosedError.
    """
    require(policy.may_record_payment(actor))
    for incoming in incomings:
        _check(incoming)
    known = _recorded_before(incomings)
    new = [incoming for incoming in incomings if incoming.external_ref not in known]
    written = iter(_write(new, actor) if new else ())
    return [known.get(incoming.external_ref) or next(written) for incoming in incomings]


def _write(incomings: Sequence[IncomingPayment], actor: Actor) -> list[Payment]:
    """Write payments that are new."""
    pledges = lock_named_pledges(incomings)
    attributions = [attribute(incoming, pledges, actor) for incoming in incomings]
    payments, sharer = [], Sharer()
    for incoming, attribution in zip(incomings, attributions, strict=True):
        if not incoming.is_of_refund and not attribution.keeps_in(incoming.asset_account_code):
            raise OtherAccountError(field="account")
        payments.append(_payment(incoming, attribution, sharer, actor))
        _allocate(payments[-1], attribution, lets_go=incoming.lets_go)
    # Every writer locks the pledges first and the receipt counter second, so none waits for another
    # that waits for it.
    numbers = take_numbers(clock.today(), len(payments), actor=actor)
    _post(payments, incomings, numbers, actor)
    db.session.add_all(payments)
    receipts = issue_receipts(
        [
            ReceiptDraft(payment, _receipt_fund(payment), attribution.donor_name, number)
            for payment, attribution, number in zip(payments, attributions, numbers, strict=True)
        ],
        actor=actor,
    )
    record_events(
        "giving:payment:receive",
        actor=actor,
        subject_type="payment",
        subject_refs=[payment.public_id for payment in payments],
    )
    without = {each.donor.public_id for each in payments if not each.donor.email}
    linked = linked_among("donor", without)
    thanks = [
        (payment, receipt, incoming.news)
        for payment, receipt, incoming in zip(payments, receipts, incomings, strict=True)
        # Nothing is written for the many whom no way leads to.
        if payment.donor.email or payment.donor.public_id in linked
    ]
    queue_messages(_messages(thanks), actor=actor)
    for pledge in {one.pledge.id: one.pledge for one in attributions if one.pledge}.values():
        extend(pledge, clock.today())
    db.session.flush()
    # With what is recorded anew out of a refund no money came, so no slip is of it.
    pairs = zip(payments, incomings, strict=True)
    close_slips([payment for payment, incoming in pairs if not incoming.is_of_refund], actor)
    return payments


def _messages(thanks: Sequence[tuple[Payment, Receipt, GiftNews]]) -> list[MessageDraft]:
    """What the givers are told; in whose honour the gifts are is read for all at once."""
    said = said_with_many({each.pledge.id for each, _receipt, _news in thanks if each.pledge})
    messages = []
    for payment, receipt, news in thanks:
        if news is GiftNews.ARRIVED:
            own = said.get(payment.pledge.id) if payment.pledge else None
            honours = own.in_honour_of if own else ""
            messages.append(emails.thank_you(payment, receipt, honours=honours))
        else:
            messages.append(emails.gift_kept(payment, receipt, news))
    return messages


def _check(incoming: IncomingPayment) -> None:
    if incoming.amount_satang <= 0:
        raise IncomingPaymentError(N_("The amount must be more than zero."), field="amount")
    if incoming.received_on > clock.today():
        raise IncomingPaymentError(
            N_("This day is still to come. Enter the day on which the money arrived."),
            field="received_on",
        )
    require_readable_name(incoming.payer_name, field="payer_name")
    require_no_child_named(incoming.note, field="note")


def _recorded_before(incomings: Sequence[IncomingPayment]) -> dict[str | None, Payment]:
    """The payments already recorded under the same external references; PaymentRefUsedError when
    the content of one differs.
    """
    by_ref = {one.external_ref: one for one in incomings if one.external_ref is not None}
    if not by_ref:
        return {}
    same = (Payment.external_ref.in_(by_ref), Payment.status == PaymentStatus.RECEIVED)
    known = {
        payment.external_ref: payment
        for payment in db.session.scalars(select(Payment).where(*same))
    }
    for payment in known.values():
        if payment.form_digest != _keyed(by_ref[payment.external_ref or ""]):
            raise PaymentRefUsedError(
                public_id=payment.public_id, amount_satang=payment.amount_satang
            )
    return known


def _keyed(incoming: IncomingPayment) -> str:
    """The digest of what was typed, under a key: a note or a name cannot be guessed from it."""
    return keyring().lookup(incoming.digest, "payments.form_digest").hex()


def _receipt_fund(payment: Payment) -> Fund:
    """The fund that the row of its receipt names: the first that gets something."""
    return payment.designations[0].fund


def _payment(
    incoming: IncomingPayment, attribution: Attribution, sharer: Sharer, actor: Actor
) -> Payment:
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
        status=PaymentStatus.RECEIVED,
        recorded_by=actor.ref,
        recorded_at=clock.now(),
        form_digest=None if incoming.external_ref is None else _keyed(incoming),
    )
    if incoming.note:
        write_remark(
            incoming.note,
            kind=RemarkKind.PAYMENT_NOTE,
            subject_type="payment",
            subject_ref=payment.public_id,
            actor=actor,
        )
    pledge, satang = attribution.pledge, incoming.amount_satang
    if pledge is not None and incoming.parts:
        payment.designations = designations_of(satang, incoming.parts, pledge)
    elif pledge is not None and pledge.is_split:
        payment.designations = sharer.designate(satang, pledge)
    else:
        payment.designations = [Designation(fund=attribution.fund, amount_satang=satang)]
    return payment


def _allocate(payment: Payment, attribution: Attribution, *, lets_go: bool) -> None:
    pledge = attribution.pledge
    if pledge is None:
        return
    limit = pledge.let_go_limit_satang
    if lets_go:
        parts = [allocate_letting_go(payment.amount_satang, attribution.named, limit)]
    else:
        parts = allocate(
            payment.amount_satang,
            pledge.instalments,
            named=attribution.named,
            status=pledge.status,
        )
    pay(parts)
    for part in parts:
        allocation = Allocation(
            instalment_id=part.instalment.id,
            amount_satang=part.satang,
            let_go_satang=part.let_go_satang,
            let_go_limit_satang=limit if part.let_go_satang else 0,
        )
        payment.allocations.append(allocation)
    settle(pledge)


def _post(
    payments: Sequence[Payment],
    incomings: Sequence[IncomingPayment],
    numbers: Sequence[ReceiptNumber],
    actor: Actor,
) -> None:
    """Post the payments, and note the journal entry of each."""
    drafts = [
        _entry(payment, incoming, number.label, actor)
        for payment, incoming, number in zip(payments, incomings, numbers, strict=True)
    ]
    for payment, posted in zip(payments, post_entries(drafts, actor=actor), strict=True):
        payment.journal_entry_id = posted.id


def _entry(
    payment: Payment, incoming: IncomingPayment, receipt_label: str, actor: Actor
) -> EntryDraft:
    postings = [
        PostingDraft(
            part.fund.code,
            incoming.asset_account_code,
            policy.income_account(part.fund, payment.donor),
            part.amount_satang,
        )
        for part in payment.designations
    ]
    return EntryDraft(
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
