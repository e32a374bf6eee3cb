"""Payouts that a line of a bank statement may show."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select

from fundapp.children.models import Child
from fundapp.db import db
from fundapp.disbursements.models import (
    DisbursementRequest,
    Payout,
    PayoutMethod,
    PayoutReturn,
    RequestLine,
    ShareReturn,
    ShareReturnLine,
)

#: A transfer ordered before a long holiday reaches the statement days later.
DAYS_AROUND = 10
_MOST = 20
#: A bank sends money back at most so long after it was paid.
COMEBACK_WITHIN = timedelta(days=180)


def is_payment_of_request() -> ColumnElement[bool]:
    """Joins the payment of a request that stands: none that came back, so one at most."""
    came_back = select(PayoutReturn.payout_id).where(PayoutReturn.payout_id == Payout.id)
    return (Payout.request_id == DisbursementRequest.id) & ~came_back.exists()


def is_share_out() -> ColumnElement[bool]:
    """Of a line of a request: its share did not come back by itself."""
    back = select(ShareReturnLine.line_id).where(ShareReturnLine.line_id == RequestLine.id)
    return ~back.exists()


def days_of_shares_back(request: DisbursementRequest) -> dict[int, date]:
    """By line of the request, the day on which its share was with the fund again."""
    statement = (
        select(ShareReturnLine.line_id, ShareReturn.returned_on)
        .join(ShareReturn, ShareReturn.id == ShareReturnLine.return_id)
        .join(Payout, Payout.id == ShareReturn.payout_id)
        .where(Payout.request_id == request.id)
    )
    rows = db.session.execute(statement)
    return {line_id: day for line_id, day in rows}  # noqa: C416 - rows are no pairs to mypy


def shares_back_of(child: Child) -> dict[int, date]:
    """By request, the day on which the share of the child was with the fund again."""
    statement = (
        select(RequestLine.request_id, ShareReturn.returned_on)
        .join(ShareReturnLine, ShareReturnLine.line_id == RequestLine.id)
        .join(ShareReturn, ShareReturn.id == ShareReturnLine.return_id)
        .where(RequestLine.child_id == child.id)
    )
    rows = db.session.execute(statement)
    return {request_id: day for request_id, day in rows}  # noqa: C416 - rows are no pairs to mypy


def list_returnable_payouts(
    amounts: Collection[int],
    days: tuple[date, date],
    *,
    account_codes: Collection[str],
    named: Collection[str] = (),
) -> list[Payout]:
    """At most 20 payments of these amounts out of these accounts that a bank may send back between
    two days, at most half a year after it: those with the vouchers ``named``, then the latest;
    none that came back already.
    """
    first, last = days
    statement = (
        select(Payout)
        .join(DisbursementRequest, is_payment_of_request())
        .where(
            Payout.amount_satang.in_(amounts),
            Payout.method != PayoutMethod.CASH,
            Payout.paid_on.between(first - COMEBACK_WITHIN, last),
            Payout.paid_from_account_code.in_(account_codes),
        )
        .order_by(Payout.voucher.not_in(named), Payout.paid_on.desc(), Payout.id.desc())
        .limit(_MOST)
    )
    return list(db.session.scalars(statement))


def has_larger_payout(satang: int, day: date, *, account_code: str) -> bool:
    """Whether a transfer of more than that went out of the account in the half year before that
    day, and stands: a part of it may come back.
    """
    larger = (
        select(Payout.id)
        .join(DisbursementRequest, is_payment_of_request())
        .where(
            Payout.amount_satang > satang,
            Payout.method != PayoutMethod.CASH,
            Payout.paid_on.between(day - COMEBACK_WITHIN, day),
            Payout.paid_from_account_code == account_code,
        )
    )
    return db.session.scalar(larger.limit(1)) is not None


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
