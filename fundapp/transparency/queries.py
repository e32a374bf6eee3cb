"""The figures of the public home page."""

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
    """What was paid for how many children of a district; None where it is withheld."""

    district: District
    paid_satang: int | None
    children: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the public home page; the money is as of now."""

    funds: Sequence[FundPosition]
    months: Sequence[Month]
    districts: Sequence[DistrictShare]
    districts_until: date

    @property
    def income_satang(self) -> int:
        """Everything that was received."""
        return sum(position.income_satang for position in self.funds)

    @property
    def expense_satang(self) -> int:
        """Everything that was spent or approved to be spent."""
        return sum(position.expense_satang for position in self.funds)

    @property
    def in_hand_satang(self) -> int:
        """What all funds may still spend."""
        return sum(position.net_assets_satang for position in self.funds)

    @property
    def brought_forward_satang(self) -> int:
        """What the funds had before these books began."""
        return self.in_hand_satang - self.income_satang + self.expense_satang

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been booked."""
        return not any(
            position.income_satang or position.net_assets_satang for position in self.funds
        )


def last_entry_id() -> int:
    """The id of the newest entry, 0 before the first; while it is the same, so are the books."""
    # Every visit runs this: without the ORM, which would cost more than the statement.
    entry_id: int | None = db.session.connection().execute(_LAST_ENTRY_ID).scalar()
    return entry_id or 0


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
    than half of the money, and further districts as needed so that those cannot be calculated.
    """
    paid_rows = {row.district_code: row for row in _paid_by_district(before)}
    districts = list_districts()
    shown = suppress({d.code: _count_to_suppress(paid_rows.get(d.code)) for d in districts})
    return [
        DistrictShare(
            district=district,
            paid_satang=(
                _paid(paid_rows, district.code) if shown[district.code] is not None else None
            ),
            children=shown[district.code],
        )
        for district in districts
    ]


def _count_to_suppress(row: Any | None) -> int:
    """The number of children; where one had most of the money, a number that is withheld."""
    if row is None:
        return 0
    children, paid, largest = int(row[1]), int(row[2]), int(row[3])
    return min(children, K - 1) if largest * 2 > paid else children


def _paid(paid_rows: dict[str, Any], code: str) -> int:
    return int(paid_rows[code][2]) if code in paid_rows else 0


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
