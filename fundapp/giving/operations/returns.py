"""Payments that the bank took back: returned cheques, chargebacks, corrections of the bank."""

from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.giving import emails, policy
from fundapp.giving.channels.queries import has_way
from fundapp.giving.errors import CardPaymentError, NotReturnableError, ReturnDayError
from fundapp.giving.locking import lock_payment
from fundapp.giving.models import Payment, ReturnReason
from fundapp.giving.receipts.operations import void_receipt
from fundapp.giving.receipts.queries import get_valid_receipt
from fundapp.giving.steps import take_allocations_back
from fundapp.giving.workflow import PaymentAction, next_payment_status
from fundapp.ledger.operations import return_gift
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
    told. Raises ForbiddenError, NotFoundError, PaymentReversedError, NotReturnableError,
    CardPaymentError for what only the card processor returns, ReturnDayError and the ledger's
    PeriodClosedError.
    """
    require(policy.may_record_payment(actor))
    payment = lock_payment(public_id)
    status = next_payment_status(payment.status, PaymentAction.RETURN)
    if policy.is_of_processor(payment) and not policy.may_book_card_payment(actor):
        raise CardPaymentError
    if not policy.is_returnable(payment.method):
        raise NotReturnableError
    if not payment.received_on <= returned_on <= clock.today():
        raise ReturnDayError(field="returned_on")
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
    return payment
