"""Payouts that a line of a bank statement may show."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select

from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, Payout, PayoutMethod, PayoutReturn

#: A transfer ordered before a long holiday reaches the statement days later.
DAYS_AROUND = 10
_MOST = 20
#: A bank sends money back at most so long after it was paid.
COMEBACK_WITHIN = timedelta(days=180)


def is_payment_of_request() -> ColumnElement[bool]:
    """Joins the payment of a request that stands: none that came back, so one at most."""
    came_back = select(PayoutReturn.payout_id).where(PayoutReturn.payout_id == Payout.id)
    return (Payout.request_id == DisbursementRequest.id) & ~came_back.exists()


def list_returnable_payouts(satang: int, day: date, *, account_code: str) -> list[Payout]:
    """At most 20 payments of exactly that amount out of the account that a bank may send back on
    that day, at most half a year after it, the latest first; none that came back already.
    """
    statement = (
        select(Payout)
        .join(DisbursementRequest, is_payment_of_request())
        .where(
            Payout.amount_satang == satang,
            Payout.method != PayoutMethod.CASH,
            Payout.paid_on.between(day - COMEBACK_WITHIN, day),
            Payout.paid_from_account_code == account_code,
        )
        .order_by(Payout.paid_on.desc(), Payout.id.desc())
        .limit(_MOST)
    )
    return list(db.session.scalars(statement))


def list_unmatched_payouts(
    amount_satang: int, day: date, *, account_code: str, taken: Iterable[int] = ()
) -> list[Payout]:
    """At most 20 payouts of exactly that amount out of the account about that day, the nearest day
    first.

    ``taken`` are ids of payouts that lines of statements are matched to already; matches are not
    known here.
    """
    around = timedelta(days=DAYS_AROUND)
    statement = select(Payout).where(
        Payout.amount_satang == amount_satang,
        Payout.method != PayoutMethod.CASH,
        Payout.paid_on.between(day - around, day + around),
        Payout.paid_from_account_code == account_code,
        Payout.id.not_in(list(taken)),
    )
    payouts = db.session.scalars(statement)
    return sorted(payouts, key=lambda payout: (abs(payout.paid_on - day), payout.id))[:_MOST]
