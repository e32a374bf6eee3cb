"""Row locks of giving. Each is held until the unit of work ends, and reads its row again."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import lazyload

from fundapp.db import lock, lock_all
from fundapp.errors import NotFoundError
from fundapp.giving.models import Donor, OfficeRefund, Payment, Pledge, RefundOrder


def lock_pledge(condition: ColumnElement[bool]) -> Pledge:
    """The one pledge that fits ``condition``, locked; NotFoundError.

    Whoever changes an instalment holds its pledge's lock.
    """
    statement = select(Pledge).where(condition)
    pledge = lock(statement.options(lazyload(Pledge.donor), lazyload(Pledge.fund)))
    if pledge is None:
        raise NotFoundError
    return pledge


def lock_pledges(condition: ColumnElement[bool]) -> list[Pledge]:
    """The pledges that fit ``condition``, locked in one order, without their donors and funds."""
    statement = select(Pledge).where(condition).order_by(Pledge.id)
    return lock_all(statement.options(lazyload(Pledge.donor), lazyload(Pledge.fund)))


def lock_payment(public_id: str) -> Payment:
    """The payment, locked; NotFoundError."""
    statement = select(Payment).where(Payment.public_id == public_id)
    payment = lock(statement.options(lazyload(Payment.donor)))
    if payment is None:
        raise NotFoundError
    return payment


def lock_donors(*public_ids: str) -> list[Donor]:
    """The donors with these ids, in that order, locked in one order; NotFoundError."""
    statement = select(Donor).where(Donor.public_id.in_(public_ids)).order_by(Donor.id)
    locked = {donor.public_id: donor for donor in lock_all(statement)}
    if not locked.keys() >= set(public_ids):
        raise NotFoundError
    return [locked[public_id] for public_id in public_ids]


def lock_donor(public_id: str) -> Donor:
    """The donor, locked; NotFoundError."""
    donor = lock(select(Donor).where(Donor.public_id == public_id))
    if donor is None:
        raise NotFoundError
    return donor


def lock_office_refund(order_ref: str) -> OfficeRefund:
    """The refund that the office pays, its order locked; NotFoundError."""
    order = lock(select(RefundOrder).where(RefundOrder.public_id == order_ref))
    statement = select(OfficeRefund).where(OfficeRefund.order_id == (order.id if order else None))
    refund = lock(statement)
    if refund is None:
        raise NotFoundError
    return refund
