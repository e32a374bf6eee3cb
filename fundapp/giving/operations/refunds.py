"""Refunds that one person asked for and another confirmed."""

from collections.abc import Iterable

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock
from fundapp.giving import policy
from fundapp.giving.gateways.values import RefundFacts
from fundapp.giving.locking import lock_payment
from fundapp.giving.models import RefundOrder, RefundStatus, RefundWay
from fundapp.giving.operations.office_refunds import approve_office_refund
from fundapp.giving.operations.refund_requests import take_up_refund_request
from fundapp.giving.steps import check_refund
from fundapp.money import format_baht
from fundapp.trail.operations import record_event

#: A later state is not followed by an earlier one, whenever it is told.
_RANK = (
    RefundStatus.ORDERED,
    RefundStatus.REFUSED,
    RefundStatus.WAITING,
    RefundStatus.PAID,
    RefundStatus.FAILED,
)


def order_refund(
    public_id: str,
    satang: int,
    *,
    way: RefundWay | None = None,
    asked_by: str = "",
    actor: Actor,
) -> RefundOrder:
    """Have a payment given back, all of it or a part. One that came through the card processor goes
    back there: the worker asks for it, and what it says then is booked as any refund. Everything
    else the office pays in the ``way`` given; ``asked_by`` is the public id of who proposed it.

    Raises ForbiddenError, NotFoundError, NotRefundableError, RefundAmountError, RefundWayError, and
    the ledger's InsufficientFundsError and FundShortError.
    """
    require(policy.may_order_refund(actor))
    payment = lock_payment(public_id)
    check_refund(payment, satang, way)
    take_up_refund_request(payment, actor=actor)
    order = RefundOrder(
        payment_id=payment.id,
        intent_id=policy.refund_subject(payment),
        amount_satang=satang,
        ordered_by=actor.ref,
        ordered_at=clock.now(),
    )
    db.session.add(order)
    record_event(
        "giving:refund:order",
        actor=actor,
        subject_type="payment",
        subject_ref=public_id,
        note=format_baht(satang),
    )
    db.session.flush()
    if way is not None:
        approve_office_refund(payment, order, way, asked_by=asked_by, actor=actor)
    return order


def refuse_refund(order_ref: str, *, actor: Actor) -> None:
    """Note that the processor does not give back what was ordered. Raises ForbiddenError."""
    require(policy.may_book_card_payment(actor))
    order = lock(select(RefundOrder).where(RefundOrder.public_id == order_ref))
    if order is not None and order.status is RefundStatus.ORDERED:
        order.status = RefundStatus.REFUSED
        db.session.flush()


def note_refunds(refunds: Iterable[RefundFacts], *, actor: Actor) -> None:
    """Keep how far the ordered refunds of a payment are; one that failed stays so. Raises
    ForbiddenError.
    """
    require(policy.may_book_card_payment(actor))
    by_ref = {each.ref: each for each in refunds if each.ref}
    if not by_ref:
        return
    orders = select(RefundOrder).where(RefundOrder.public_id.in_(by_ref))
    for order in db.session.scalars(orders.order_by(RefundOrder.id)):
        told = by_ref[order.public_id]
        order.refund_id = told.refund_id
        # What was asked earlier may be answered later.
        if _RANK.index(told.status) > _RANK.index(order.status):
            order.status = told.status
    db.session.flush()
