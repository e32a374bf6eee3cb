"""Steps on a pledge that several operations share; the caller holds the pledge's lock, unless a
step takes it.
"""

from datetime import date

from sqlalchemy import insert, select

from fundapp.db import db
from fundapp.giving import policy, schedule
from fundapp.giving.errors import NotRefundableError, RefundAmountError
from fundapp.giving.locking import lock_pledge
from fundapp.giving.models import (
    Instalment,
    Payment,
    PaymentStatus,
    Pledge,
    PledgeStatus,
    RefundOrder,
    RefundStatus,
)
from fundapp.giving.references import new_reference
from fundapp.giving.workflow import PledgeAction, is_possible, next_pledge_status
from fundapp.ids import new_id
from fundapp.money import format_baht

_ON_ITS_WAY = (RefundStatus.ORDERED, RefundStatus.WAITING)


def add_instalments(pledge: Pledge, parts: list[tuple[date, int]], *, existing: int = 0) -> None:
    """Write due dates and amounts (satang) as instalments ``existing`` + 1 and on, in one
    statement.
    """
    db.session.flush()
    rows = [
        {
            "id": new_id(),
            "pledge_id": pledge.id,
            "number": number,
            "reference": new_reference(),
            "due_on": due_on,
            "amount_satang": satang,
            "paid_satang": 0,
        }
        for number, (due_on, satang) in enumerate(parts, start=existing + 1)
    ]
    if rows:
        db.session.execute(insert(Instalment), rows)
        db.session.expire(pledge, ["instalments"])


def extend(pledge: Pledge, today: date) -> int:
    """Add the instalments that an open-ended, active pledge lacks for its horizon; how many were
    added.
    """
    if pledge.instalment_count is not None or pledge.status is not PledgeStatus.ACTIVE:
        return 0
    instalments = pledge.instalments
    ahead = sum(1 for row in instalments if row.open_satang and row.due_on >= today)
    if ahead >= schedule.HORIZON:
        return 0
    existing = len(instalments)
    last = max(instalment.due_on for instalment in instalments)
    dates = schedule.due_dates(
        pledge.frequency, pledge.starts_on, existing + schedule.MAXIMUM_INSTALMENTS
    )
    # Dates that passed while the pledge was paused are left out: nobody is asked for them later.
    coming = [day for day in dates if day > last and day >= today][: schedule.HORIZON - ahead]
    add_instalments(pledge, [(day, pledge.amount_satang) for day in coming], existing=existing)
    return len(coming)


def take_allocations_back(payment: Payment) -> None:
    """Open the instalments again that a payment had paid; its pledge is locked here."""
    if payment.pledge_id is None:
        return
    pledge = lock_pledge(Pledge.id == payment.pledge_id)
    by_id = {instalment.id: instalment for instalment in pledge.instalments}
    for allocation in payment.allocations:
        instalment = by_id[allocation.instalment_id]
        instalment.let_go_satang -= allocation.let_go_satang
        instalment.paid_satang -= allocation.amount_satang + allocation.let_go_satang
    settle(pledge)


def settle(pledge: Pledge) -> None:
    """Bring the pledge's state in line with its money: complete when all is paid, active again
    when not.
    """
    is_paid = all(instalment.open_satang == 0 for instalment in pledge.instalments)
    if pledge.status is PledgeStatus.COMPLETED:
        if not is_paid:
            pledge.status = next_pledge_status(pledge.status, PledgeAction.REOPEN)
    elif is_paid and pledge.instalment_count and is_possible(pledge.status, PledgeAction.COMPLETE):
        pledge.status = next_pledge_status(pledge.status, PledgeAction.COMPLETE)


def check_refund(payment: Payment, satang: int) -> None:
    """Raise NotRefundableError or RefundAmountError when so much of it cannot be given back."""
    if payment.status is not PaymentStatus.RECEIVED or not policy.is_of_processor(payment):
        raise NotRefundableError
    same = RefundOrder.intent_id == policy.intent_of(payment)
    on_its_way = select(RefundOrder.id).where(same, RefundOrder.status.in_(_ON_ITS_WAY))
    if db.session.scalars(on_its_way).first() is not None:
        raise NotRefundableError
    if not 0 < satang <= payment.amount_satang:
        most = format_baht(payment.amount_satang)
        raise RefundAmountError(field="amount", params={"most": most})
