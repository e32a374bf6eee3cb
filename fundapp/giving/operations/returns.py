"""Payments that the bank took back: returned cheques, chargebacks, corrections of the bank."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.giving import emails, policy
from fundapp.giving.channels.queries import has_way
from fundapp.giving.errors import (
    CardPaymentError,
    NotReturnableError,
    PaymentReversedError,
    ReturnDayError,
)
from fundapp.giving.locking import lock_office_refund, lock_payment
from fundapp.giving.models import Payment, RefundRefusal, ReturnReason
from fundapp.giving.operations.office_refunds import give_again
from fundapp.giving.queries.refunds import Refunded, find_taking, taking_key, trace_refunded
from fundapp.giving.receipts.operations import void_receipt
from fundapp.giving.receipts.queries import get_valid_receipt
from fundapp.giving.steps import take_allocations_back
from fundapp.giving.workflow import PaymentAction, next_payment_status
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind, Posting
from fundapp.ledger.operations import post_entry, return_gift
from fundapp.ledger.queries import first_open_day
from fundapp.mail.operations import queue_message
from fundapp.trail.operations import record_event


def return_payment(
    public_id: str, *, reason: ReturnReason, returned_on: date, actor: Actor
) -> Payment:
    """Book that the bank took a payment back on ``returned_on``; once at most.

    It is booked at once, even when the money is spent: what is missing is the fund's shortage; in
    the next open month when that of the day is closed. The
    instalments are open again, the receipt is void but kept, and the donor is
    told. Of a gift that the office refunded, all is taken back that came: see `_take_refunded`.
    Raises ForbiddenError, NotFoundError, PaymentReversedError, NotReturnableError,
    CardPaymentError for what only the card processor returns, ReturnDayError and the ledger's
    PeriodClosedError.
    """
    require(policy.may_record_payment(actor))
    payment = lock_payment(public_id)
    refunded = trace_refunded(payment)
    if refunded is None:
        next_payment_status(payment.status, PaymentAction.RETURN)
    if policy.is_of_processor(payment) and not policy.may_book_card_payment(actor):
        raise CardPaymentError
    if not policy.is_returnable(payment.method):
        raise NotReturnableError
    if not payment.received_on <= returned_on <= clock.today():
        raise ReturnDayError(field="returned_on")
    if refunded is None:
        _return(payment, reason, returned_on, actor)
    else:
        _take_refunded(refunded.first, reason, returned_on, actor)
    return payment


def _take_refunded(first: Payment, reason: ReturnReason, day: date, actor: Actor) -> None:
    """The bank took all of a gift of which the office had refunded a part, or everything.

    What waits to be paid to the giver is cancelled. What counts of the gift is returned, each part
    to what is owed (2130), from where one entry takes it to the bank's account; what was paid to
    the giver already is the fund's loss in that entry (5230), which so equals the bank's line.
    Raises PaymentReversedError when a part of the gift was returned or reversed before.
    """
    lock_payment(first.public_id)
    for each in _traced(first).waiting:
        refund = lock_office_refund(each.order.public_id)
        give_again(refund, RefundRefusal.TAKEN_BACK, actor)
    found = _traced(first)
    together = sum(part.amount_satang for part in found.counting)
    together += sum(part.amount_satang for part in found.paid)
    if together != first.amount_satang or find_taking(first):
        raise PaymentReversedError
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for payment in found.counting:
        _return(lock_payment(payment.public_id), reason, day, actor)
        for given in payment.designations:
            sums[given.fund_code, chart.REFUNDS_PAYABLE] += given.amount_satang
    for paid in found.paid:
        for fund_code, satang in _by_fund(paid.journal_entry_id):
            sums[fund_code, chart.REFUNDED_AND_TAKEN_BACK] += satang
    came_in = select(Posting.debit_account_code).where(Posting.entry_id == first.journal_entry_id)
    account_code = db.session.scalars(came_in.limit(1)).one()
    draft = EntryDraft(
        kind=EntryKind.GIFT_TAKEN,
        entry_on=first_open_day(day),
        memo=reason.label,
        postings=[
            PostingDraft(fund_code, debited, account_code, satang)
            for (fund_code, debited), satang in sorted(sums.items())
        ],
        source_type="payment",
        source_ref=first.public_id,
        maker=actor.ref,
        idempotency_key=taking_key(first),
    )
    post_entry(draft, actor=actor)


def _traced(first: Payment) -> Refunded:
    """What became of it by now; PaymentReversedError when it was not refunded."""
    db.session.flush()
    found = trace_refunded(first)
    if found is None:
        raise PaymentReversedError
    return found


def _by_fund(entry_id: int) -> list[tuple[str, int]]:
    postings = select(Posting.fund_code, Posting.amount_satang).where(Posting.entry_id == entry_id)
    return [(fund_code, satang) for fund_code, satang in db.session.execute(postings)]


def _return(payment: Payment, reason: ReturnReason, returned_on: date, actor: Actor) -> None:
    """Return one payment, in the books and for its giver; the caller holds its lock."""
    status = next_payment_status(payment.status, PaymentAction.RETURN)
    entry = return_gift(
        payment.journal_entry_id,
        reason=reason.label,
        entry_on=first_open_day(returned_on),
        actor=actor,
    )
    payment.status, payment.reversal_entry_id = status, entry.id
    payment.return_reason, payment.returned_on = reason, returned_on
    take_allocations_back(payment)
    receipt = get_valid_receipt(payment.id)
    # The reason is a message id, translated where it is shown.
    void_receipt(receipt, reason=reason.label, actor=actor)
    record_event(
        "giving:payment:return",
        actor=actor,
        subject_type="payment",
        subject_ref=payment.public_id,
        note=reason,
    )
    if has_way(payment.donor):
        queue_message(emails.payment_returned(payment, receipt), actor=actor)
    db.session.flush()
