"""The figures of the public pages."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from fundapp.children.suppression import K, suppress
from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, Payout, RequestLine
from fundapp.ledger.models import AccountType, JournalEntry
from fundapp.ledger.periods import month_start
from fundapp.ledger.queries import (
    FundPosition,
    fund_balances,
    list_accounts,
    monthly_movements,
    natural_sign,
)
from fundapp.places.models import District
from fundapp.places.queries import list_districts

MONTHS_SHOWN = 12
_LAST_ENTRY_ID = select(func.max(JournalEntry.id))


@dataclass(frozen=True, slots=True)
class Month:
    """Income and expenses of a month of the books, in satang."""

    starts_on: date
    income_satang: int
    expense_satang: int


@dataclass(frozen=True, slots=True)
class DistrictShare:
    """What was paid for children of a district, and for how many; None where it is withheld."""

    district: District
    paid_satang: int | None
    children: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the public home page. Money in the books is as of now."""

    funds: Sequence[FundPosition]
    months: Sequence[Month]
    districts: Sequence[DistrictShare]
    districts_until: date

    @property
    def income_satang(self) -> int:
        """All that was ever received."""
        return sum(one.income_satang for one in self.funds)

    @property
    def expense_satang(self) -> int:
        """All that was ever spent or approved to be spent."""
        return sum(one.expense_satang for one in self.funds)

    @property
    def in_hand_satang(self) -> int:
        """What all funds may still spend."""
        return sum(one.net_assets_satang for one in self.funds)

    @property
    def brought_forward_satang(self) -> int:
        """What the funds had before these books began."""
        return self.in_hand_satang - self.income_satang + self.expense_satang

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever booked."""
        return not any(one.income_satang or one.net_assets_satang for one in self.funds)


def last_entry_id() -> int:
    """The id of the newest entry, 0 before the first: as long as it stays, so do the books."""
    # Asked on every visit: below the ORM, which would cost more than the answer.
    found: int | None = db.session.connection().execute(_LAST_ENTRY_ID).scalar()
    return found or 0


def overview(today: date) -> Overview:
    """The figures of the public home page on ``today``."""
    this_month = month_start(today)
    return Overview(
        funds=fund_balances(today),
        months=_months(this_month),
        districts=district_shares(this_month),
        districts_until=this_month - timedelta(days=1),
    )


def district_shares(before: date) -> list[DistrictShare]:
    """What was paid before a day for children of each district, small groups withheld.

    Withheld are districts with fewer than ten children helped, districts where one child had more
    than half of the money, and as many more as keep those from being worked out.
    """
    found = {row.district_code: row for row in _paid_by_district(before)}
    districts = list_districts()
    shown = suppress({d.code: _weight(found.get(d.code)) for d in districts})
    return [
        DistrictShare(
            district=one,
            paid_satang=_paid(found, one.code) if shown[one.code] is not None else None,
            children=shown[one.code],
        )
        for one in districts
    ]


def _weight(row: Any | None) -> int:
    """The number of children; where one has most of the money, a number that is withheld."""
    if row is None:
        return 0
    children, paid, largest = int(row[1]), int(row[2]), int(row[3])
    return min(children, K - 1) if largest * 2 > paid else children


def _paid(found: dict[str, Any], code: str) -> int:
    return int(found[code][2]) if code in found else 0


def _paid_by_district(before: date) -> Sequence[Any]:
    by_child = (
        select(
            DisbursementRequest.district_code,
            RequestLine.child_id,
            func.sum(RequestLine.amount_satang).label("paid"),
        )
        .join(Payout, Payout.request_id == DisbursementRequest.id)
        .join(RequestLine, RequestLine.request_id == DisbursementRequest.id)
        .where(Payout.paid_on < before)
        .group_by(DisbursementRequest.district_code, RequestLine.child_id)
        .subquery()
    )
    return db.session.execute(
        select(
            by_child.c.district_code,
            func.count(),
            func.sum(by_child.c.paid),
            func.max(by_child.c.paid),
        ).group_by(by_child.c.district_code)
    ).all()


def _months(last: date) -> list[Month]:
    months = [last]
    while len(months) < MONTHS_SHOWN:
        months.append(month_start(months[-1] - timedelta(days=1)))
    types = {account.code: account.type for account in list_accounts()}
    sums: dict[tuple[date, AccountType], int] = defaultdict(int)
    for (month, _fund, code), moved in monthly_movements(months[-1], last).items():
        sums[month, types[code]] += natural_sign(types[code]) * moved.balance_satang
    return [
        Month(month, sums[month, AccountType.INCOME], sums[month, AccountType.EXPENSE])
        for month in reversed(months)
    ]
