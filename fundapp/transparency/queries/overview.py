"""The figures of the public home page.

Live is what came in: gifts, interest, what was brought forward. Nothing of it speaks of a child.
Help paid, bank fees and children are those of the newest publication, and what is in hand is
computed from both; so no figure moves when one child is helped.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fundapp.db.single_reads import read_rows
from fundapp.ledger.models import AccountType, Fund
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
from fundapp.transparency.models import FigureKind
from fundapp.transparency.queries.callbacks import CallbackRate, find_callback_rate
from fundapp.transparency.queries.publications import (
    Published,
    find_published,
    help_paid_by_month,
    last_published_month,
)
from fundapp.transparency.rises import NO_DISTRICT

MONTHS_SHOWN = 12
#: Every visit asks this.
_VERSION = (
    "SELECT (SELECT max(id) FROM journal_entries), (SELECT max(month_on) FROM publications),"
    " (SELECT max(month_on) FROM published_callbacks)"
)


@dataclass(frozen=True, slots=True)
class FundFigures:
    """A fund: what came in until now, and what is published of what went out (satang)."""

    position: FundPosition
    help_satang: int
    fees_satang: int

    @property
    def fund(self) -> Fund:
        """The fund itself."""
        return self.position.fund

    @property
    def income_satang(self) -> int:
        """What the fund received until now."""
        return self.position.income_satang

    @property
    def in_hand_satang(self) -> int:
        """What came in less what is published as spent."""
        came_in = self.position.brought_forward_satang + self.income_satang
        return came_in - self.help_satang - self.fees_satang


@dataclass(frozen=True, slots=True)
class Month:
    """Income of a month of the books, and by how much its publication raised help paid (satang)."""

    starts_on: date
    income_satang: int
    help_satang: int


@dataclass(frozen=True, slots=True)
class DistrictShare:
    """What was paid for how many children of a district; None where it is withheld."""

    district: District
    paid_satang: int | None
    children: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the public home page; ``published`` is None before the first publication."""

    funds: Sequence[FundFigures]
    months: Sequence[Month]
    districts: Sequence[DistrictShare]
    published: Published | None
    callbacks: CallbackRate | None = None

    @property
    def income_satang(self) -> int:
        """Everything that was received until now."""
        return sum(fund.income_satang for fund in self.funds)

    @property
    def help_satang(self) -> int:
        """All help paid that is published."""
        return sum(fund.help_satang for fund in self.funds)

    @property
    def fees_satang(self) -> int:
        """All bank fees that are published."""
        return sum(fund.fees_satang for fund in self.funds)

    @property
    def in_hand_satang(self) -> int:
        """What came in less what is published as spent."""
        return sum(fund.in_hand_satang for fund in self.funds)

    @property
    def brought_forward_satang(self) -> int:
        """What the funds had before these books began."""
        return sum(fund.position.brought_forward_satang for fund in self.funds)

    @property
    def without_district_satang(self) -> int:
        """Help that is published for its fund only."""
        if self.published is None:
            return 0
        kind = FigureKind.HELP_PAID
        return self.published.total(kind, district_code=NO_DISTRICT) or 0

    @property
    def children(self) -> int:
        """The sum of the districts' children that are published."""
        return sum(share.children or 0 for share in self.districts)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has come in."""
        return not (self.income_satang or self.brought_forward_satang)


def books_version() -> Hashable:
    """While it is the same, so are the books and what is published of them."""
    return read_rows(_VERSION)[0]


def overview(today: date) -> Overview:
    """The figures of the public home page on ``today``."""
    published = find_published(last_published_month())
    return Overview(
        funds=[_fund_figures(position, published) for position in fund_balances(today)],
        months=_months(month_start(today)),
        districts=[_share(district, published) for district in list_districts()],
        published=published,
        callbacks=find_callback_rate(),
    )


def _fund_figures(position: FundPosition, published: Published | None) -> FundFigures:
    def total(kind: FigureKind) -> int:
        return (published.total(kind, fund_code=position.fund.code) or 0) if published else 0

    return FundFigures(position, total(FigureKind.HELP_PAID), total(FigureKind.BANK_FEES))


def _share(district: District, published: Published | None) -> DistrictShare:
    def total(kind: FigureKind) -> int | None:
        return published.total(kind, district_code=district.code) if published else None

    return DistrictShare(district, total(FigureKind.HELP_PAID), total(FigureKind.CHILDREN_HELPED))


def _months(last: date) -> list[Month]:
    months = [last]
    while len(months) < MONTHS_SHOWN:
        months.append(_month_before(months[-1]))
    types = {account.code: account.type for account in list_accounts()}
    income: dict[date, int] = defaultdict(int)
    for (month, _fund, code), moved in monthly_movements(months[-1], last).items():
        if types[code] is AccountType.INCOME:
            income[month] += natural_sign(types[code]) * moved.balance_satang
    paid = help_paid_by_month(since=_month_before(months[-1]))
    return [
        Month(month, income[month], paid[month] - paid.get(_month_before(month), 0))
        if month in paid
        else Month(month, income[month], 0)
        for month in reversed(months)
    ]


def _month_before(month: date) -> date:
    return month_start(month - timedelta(days=1))
