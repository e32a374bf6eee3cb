"""What donors ask for on the pages of their receipts: to have a gift back."""

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.giving import emails, policy
from fundapp.giving.errors import AlreadyAskedError, RefundStepError
from fundapp.giving.locking import lock_payment
from fundapp.giving.models import (
    Payment,
    RefundRefusal,
    RefundRequest,
    RefundRequestStatus,
    RefundWay,
)
from fundapp.giving.operations.office_refunds import tell_giver
from fundapp.giving.steps import check_refund
from fundapp.trail.operations import record_event


def ask_for_refund(payment_ref: str, satang: int, way: RefundWay, *, actor: Actor) -> RefundRequest:
    """Note that a giver wants a gift back, all of it or a part; the office decides. The giver gets
    a message, so that somebody who found the link cannot ask unseen.

    Raises ForbiddenError, NotFoundError, AlreadyAskedError, NotRefundableError, RefundAmountError.
    """
    require(policy.may_ask_for_refund(actor))
    payment = lock_payment(payment_ref)
    if _open_of(payment.id) is not None:
        raise AlreadyAskedError
    check_refund(payment, satang, None if policy.is_of_processor(payment) else way)
    asked = RefundRequest(
        payment_id=payment.id,
        amount_satang=satang,
        way=way,
        status=RefundRequestStatus.OPEN,
        asked_at=clock.now(),
    )
    db.session.add(asked)
    _record("ask", payment, actor)
    tell_giver(payment, satang, way, emails.RefundNews.ASKED, actor)
    return asked


def withdraw_refund_request(payment_ref: str, *, actor: Actor) -> None:
    """Ask no more. Raises ForbiddenError, NotFoundError, RefundStepError."""
    require(policy.may_ask_for_refund(actor))
    payment = lock_payment(payment_ref)
    asked = _open_of(payment.id)
    if asked is None:
        raise RefundStepError
    _decide(asked, RefundRequestStatus.WITHDRAWN, actor)
    _record("withdraw", payment, actor)


def refuse_refund_request(public_id: str, *, reason: RefundRefusal, actor: Actor) -> RefundRequest:
    """Refuse what a giver asked for, who is told why. Raises ForbiddenError, NotFoundError,
    RefundStepError.
    """
    require(policy.may_refuse_refund(actor))
    asked = lock(select(RefundRequest).where(RefundRequest.public_id == public_id))
    if asked is None:
        raise NotFoundError
    payment = db.session.get_one(Payment, asked.payment_id)
    if asked.status is not RefundRequestStatus.OPEN:
        raise RefundStepError
    _decide(asked, RefundRequestStatus.REFUSED, actor, reason)
    _record("refuse", payment, actor, reason)
    news = emails.RefundNews.REFUSED
    tell_giver(payment, asked.amount_satang, asked.way, news, actor, reason)
    return asked


def take_up_refund_request(payment: Payment, *, actor: Actor) -> None:
    """Note that two people confirmed a refund of the payment, if its giver had asked for one."""
    asked = _open_of(payment.id)
    if asked is not None:
        _decide(asked, RefundRequestStatus.TAKEN_UP, actor)


def _open_of(payment_id: int) -> RefundRequest | None:
    found = select(RefundRequest).where(
        RefundRequest.payment_id == payment_id, RefundRequest.status == RefundRequestStatus.OPEN
    )
    return lock(found)


def _decide(
    asked: RefundRequest,
    status: RefundRequestStatus,
    actor: Actor,
    refusal: RefundRefusal | None = None,
) -> None:
    asked.status, asked.refusal = status, refusal
    asked.decided_by, asked.decided_at = actor.ref, clock.now()
    db.session.flush()


def _record(verb: str, payment: Payment, actor: Actor, note: str = "") -> None:
    record_event(
        f"giving:refund:{verb}",
        actor=actor,
        subject_type="payment",
        subject_ref=payment.public_id,
        note=note,
    )
    db.session.flush()
