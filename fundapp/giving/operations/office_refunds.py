"""Refunds that the office pays: what two people decide of them, and what becomes a gift again.

At approval the gift is undone in the books and owed to the giver (2130); what is kept of it is
recorded anew out of what is owed, of the day of the gift, with a receipt of its own. Nothing moves
at the bank before the refund is paid, so the line with which the gift came stays matched.
"""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.giving import emails, policy
from fundapp.giving.channels.queries import has_way
from fundapp.giving.drafts import GiftNews, IncomingPayment
from fundapp.giving.errors import RefundStepError
from fundapp.giving.locking import lock_office_refund
from fundapp.giving.models import (
    Instalment,
    OfficeRefund,
    Payment,
    RefundOrder,
    RefundRefusal,
    RefundStatus,
    RefundWay,
    ReturnReason,
)
from fundapp.giving.operations.payments import receive_payment
from fundapp.giving.receipts.operations import void_receipt
from fundapp.giving.receipts.queries import get_valid_receipt
from fundapp.giving.shares import ShareTerms
from fundapp.giving.sharing import parts_given_back, parts_kept
from fundapp.giving.steps import take_allocations_back
from fundapp.giving.workflow import PaymentAction, next_payment_status
from fundapp.ledger import chart
from fundapp.ledger.operations import refund_gift
from fundapp.ledger.queries import first_open_day
from fundapp.mail.operations import queue_message
from fundapp.trail.operations import record_event


def approve_office_refund(
    payment: Payment, order: RefundOrder, way: RefundWay, *, asked_by: str, actor: Actor
) -> None:
    """Owe the giver what was ordered: the gift is undone, its receipt void, its instalments open
    again, and what is kept is recorded anew. The caller holds the payment's lock and has checked.

    Raises the ledger's InsufficientFundsError and FundShortError: a refund is a decision, and takes
    no more than its fund has.
    """
    named = _first_instalment(payment)
    take_allocations_back(payment)
    status = next_payment_status(payment.status, PaymentAction.RETURN)
    today = clock.today()
    receipt = get_valid_receipt(payment.id)
    void_receipt(receipt, reason=ReturnReason.REFUND.label, actor=actor)
    kept = payment.amount_satang - order.amount_satang
    # What is kept comes first, so that the fund needs to have no more than goes back.
    again = None
    if kept:
        parts = parts_kept(payment, kept)
        ref = f"refund:{order.public_id}"
        again = _record(payment, kept, parts, GiftNews.KEPT, ref, named, actor)
    entry = refund_gift(
        payment.journal_entry_id,
        reason=ReturnReason.REFUND.label,
        entry_on=first_open_day(today),
        asked_by=asked_by,
        actor=actor,
    )
    payment.status, payment.reversal_entry_id = status, entry.id
    payment.return_reason, payment.returned_on = ReturnReason.REFUND, today
    order.status = RefundStatus.WAITING
    db.session.add(
        OfficeRefund(
            order_id=order.id,
            way=way,
            asked_by=asked_by,
            approved_by=actor.ref,
            kept_id=again.id if again else None,
        )
    )
    db.session.flush()
    tell_giver(payment, order.amount_satang, way, emails.RefundNews.CONFIRMED, actor)


def cancel_office_refund(order_ref: str, *, reason: RefundRefusal, actor: Actor) -> Payment:
    """Give back nothing of a refund that is not paid: the money is a gift again, of the day of the
    first one, with a receipt of its own. The giver is told.

    Raises ForbiddenError, NotFoundError, RefundStepError.
    """
    require(policy.may_refuse_refund(actor))
    return give_again(lock_office_refund(order_ref), reason, actor)


def give_again(refund: OfficeRefund, reason: RefundRefusal, actor: Actor) -> Payment:
    """Let what was to be given back be a gift again; the caller holds the refund's lock.

    Raises RefundStepError unless it waits to be paid.
    """
    order = refund.order
    if order.status is not RefundStatus.WAITING:
        raise RefundStepError
    payment = order.payment
    named = _first_instalment(payment)
    kept_again = db.session.get(Payment, refund.kept_id) if refund.kept_id else None
    parts = parts_given_back(payment, kept_again)
    ref = f"refund-cancelled:{order.public_id}"
    satang = order.amount_satang
    again = _record(payment, satang, parts, GiftNews.AGAIN, ref, named, actor)
    refund.cancelled_for, refund.given_again_id = reason, again.id
    order.status = RefundStatus.REFUSED
    record_event(
        "giving:refund:cancel",
        actor=actor,
        subject_type="payment",
        subject_ref=payment.public_id,
        note=reason,
    )
    db.session.flush()
    news = emails.RefundNews.CANCELLED
    tell_giver(payment, order.amount_satang, refund.way, news, actor, reason)
    return again


def tell_giver(
    payment: Payment,
    satang: int,
    way: RefundWay,
    news: emails.RefundNews,
    actor: Actor,
    reason: RefundRefusal | None = None,
) -> None:
    """Queue the message about a step of a refund, for a giver whom a way leads to."""
    if has_way(payment.donor):
        queue_message(emails.refund_news(payment, satang, way, news, reason), actor=actor)


def _first_instalment(payment: Payment) -> str | None:
    """The reference of the first instalment that the payment paid."""
    ids = [row.instalment_id for row in payment.allocations]
    rows = [db.session.get_one(Instalment, each) for each in ids]
    return min(rows, key=lambda row: row.number).reference if rows else None


def _record(
    payment: Payment,
    satang: int,
    parts: tuple[ShareTerms, ...],
    news: GiftNews,
    ref: str,
    named: str | None,
    actor: Actor,
) -> Payment:
    """Record a part of what is owed as a gift of the same day; of a split one, each fund's own."""
    return receive_payment(
        IncomingPayment(
            amount_satang=satang,
            received_on=payment.received_on,
            method=payment.method,
            asset_account_code=chart.REFUNDS_PAYABLE,
            booked_on=first_open_day(clock.today()),
            donor_id=payment.donor_id,
            pledge_id=payment.pledge_id,
            instalment_reference=named,
            fund_code=payment.designations[0].fund_code,
            is_anonymous=payment.is_anonymous,
            external_ref=ref,
            parts=parts if payment.pledge_id else (),
            news=news,
        ),
        actor=actor,
    )
