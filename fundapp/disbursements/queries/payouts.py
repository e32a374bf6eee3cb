"""Payouts: what the bank should show, and what was paid, in counts and sums."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from fundapp.db import db
from fundapp.disbursements.models import (
    DisbursementRequest,
    Need,
    Payout,
    PayoutMethod,
    RequestLine,
)

T = TypeVar("T")

#: A transfer ordered before a long holiday reaches the statement days later.
DAYS_AROUND = 10


@dataclass(frozen=True, slots=True)
class AssistanceTotal:
    """Help that was paid. ``children`` is exact: suppress small counts before publishing."""

    payouts: int
    children: int
    paid_satang: int


def list_unmatched_payouts(
    amount_satang: int,
    day: date,
    *,
    account_code: str | None = None,
    taken: Iterable[int] = (),
    limit: int = 20,
) -> list[Payout]:
    """Payouts of exactly that amount out of a bank account about that day, the nearest day first.

    ``taken`` are ids of payouts that statement lines have already found; matches are not known
    here.
    """
    around = timedelta(days=DAYS_AROUND)
    statement = select(Payout).where(
        Payout.amount_satang == amount_satang,
        Payout.method != PayoutMethod.CASH,
        Payout.paid_on.between(day - around, day + around),
        Payout.id.not_in(list(taken)),
    )
    if account_code is not None:
        statement = statement.where(Payout.paid_from_account_code == account_code)
    found = list(db.session.scalars(statement))
    return sorted(found, key=lambda payout: (abs(payout.paid_on - day), payout.id))[:limit]


def paid_by_district(from_on: date, to_on: date) -> dict[str, AssistanceTotal]:
    """Help paid from ``from_on`` to ``to_on``, both days inside, by district code."""
    return _totals(DisbursementRequest.district_code, from_on, to_on)


def paid_by_need(from_on: date, to_on: date) -> dict[Need, AssistanceTotal]:
    """Help paid from ``from_on`` to ``to_on``, both days inside, by need."""
    return _totals(DisbursementRequest.need, from_on, to_on)


def _totals(key: InstrumentedAttribute[T], from_on: date, to_on: date) -> dict[T, AssistanceTotal]:
    paid = Payout.paid_on.between(from_on, to_on)
    of_request = Payout.request_id == DisbursementRequest.id
    sums = (
        select(key, func.count(), func.sum(Payout.amount_satang))
        .join(Payout, of_request)
        .where(paid)
        .group_by(key)
    )
    children = (
        select(key, func.count(RequestLine.child_id.distinct()))
        .join(Payout, of_request)
        .join(RequestLine, RequestLine.request_id == DisbursementRequest.id)
        .where(paid)
        .group_by(key)
    )
    helped = dict(db.session.execute(children).all())
    return {
        row[0]: AssistanceTotal(
            payouts=row[1], children=helped.get(row[0], 0), paid_satang=int(row[2])
        )
        for row in db.session.execute(sums)
    }
