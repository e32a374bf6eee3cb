"""Figures of the books: sums of balances, each with the filter that lists its entries."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from fundapp.audit.statements.description import (
    Behind,
    BookFigure,
    ColumnKind,
    StatementColumn,
    natural_sum,
)
from fundapp.ledger import queries as ledger
from fundapp.ledger.models import Account, Fund
from fundapp.ledger.queries import Movement, Sum
from fundapp.thai.calendar import fiscal_year_be, fiscal_year_bounds
from fundapp.web.filters import day as day_text
from fundapp.web.locale import localized


@dataclass(frozen=True, slots=True)
class Days:
    """What moved in some days, of one fund or all, with or without the closing of fiscal years;
    figures are sums of it.
    """

    balances: ledger.Balances
    from_on: date
    to_on: date
    fund_code: str | None
    with_year_ends: bool

    def moved(self, accounts: Iterable[str], fund_code: str | None = None) -> Movement:
        """What moved in the accounts whose codes begin so; of one fund if named."""
        begins = tuple(accounts)
        parts = (
            moved
            for (fund, code), moved in self.balances.items()
            if code.startswith(begins) and fund_code in (None, fund)
        )
        return sum(parts, Movement())

    def figure(
        self, accounts: Iterable[str], sum_: Sum, fund_code: str | None = None
    ) -> BookFigure:
        """The sum, with the entries behind it."""
        begins, fund = tuple(accounts), fund_code or self.fund_code
        behind = Behind(begins, sum_, fund, self.from_on, self.to_on, self.with_year_ends)
        return BookFigure(sum_.of(self.moved(begins, fund_code)), behind)

    def natural(self, code: str, fund_code: str | None = None) -> BookFigure:
        """The sum of an account in its own direction."""
        return self.figure((code,), natural_sum(code), fund_code)

    def has(self, accounts: Iterable[str]) -> bool:
        """Whether anything moved there."""
        begins = tuple(accounts)
        return any(code.startswith(begins) for _fund, code in self.balances)


def until(day: date, fund_code: str | None = None) -> Days:
    """All that moved from the beginning of the books to the end of a day."""
    balances = ledger.balances_as_of(day, fund_code)
    return Days(balances, ledger.first_day_of_books(), day, fund_code, with_year_ends=True)


def without_year_ends(days: Days) -> Days:
    """The same but for the closing of fiscal years, so that income and expenses show whole."""
    year_ends = ledger.year_end_movements(days.from_on, days.to_on, days.fund_code)
    balances = _less(days.balances, year_ends)
    return Days(balances, days.from_on, days.to_on, days.fund_code, with_year_ends=False)


def after(earlier: Days, days: Days, *, with_year_ends: bool = False) -> Days:
    """What moved after the last of the earlier days, both beginning with the books; without the
    closing of fiscal years unless it is asked for.
    """
    from_on = earlier.to_on + timedelta(days=1)
    balances = _less(days.balances, earlier.balances)
    moved = Days(balances, from_on, days.to_on, days.fund_code, with_year_ends=True)
    return moved if with_year_ends else without_year_ends(moved)


def _less(balances: ledger.Balances, others: ledger.Balances) -> ledger.Balances:
    moved = {key: each - others.get(key, Movement()) for key, each in balances.items()}
    return {key: each for key, each in moved.items() if each != Movement()}


def between(from_on: date, to_on: date, fund_code: str | None = None) -> Days:
    """What moved from one day to another, both inside, but for the closing of fiscal years."""
    return after(until(day_before(from_on), fund_code), until(to_on, fund_code))


def year_before(day: date) -> date:
    """The same day a year earlier, of 29 February the last of the month."""
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))


def day_before(day: date) -> date:
    """The day before. No filter takes a day before 1900."""
    return day - timedelta(days=1)


def fiscal_year_start(day: date) -> date:
    """The first day of the fiscal year of a day."""
    return fiscal_year_bounds(fiscal_year_be(day))[0]


def accounts_in(*spans: Days, begins: str = "") -> list[Account]:
    """The accounts that moved in any of these days, by code."""
    moved = {code for span in spans for _fund, code in span.balances}
    return [
        account
        for account in ledger.list_accounts()
        if account.code in moved and account.code.startswith(begins)
    ]


def baht(key: str, label: str, *, blank_zero: bool = False) -> StatementColumn:
    """A column of amounts."""
    return StatementColumn(f"{key}_baht", label, ColumnKind.AMOUNT, blank_zero=blank_zero)


def of_funds(funds: Sequence[Fund]) -> list[StatementColumn]:
    """A column of amounts for each fund, called by its code."""
    return [
        StatementColumn(f"{fund.code}_baht", fund.code, ColumnKind.AMOUNT, name=localized(fund))
        for fund in funds
    ]


def fund_names(funds: Sequence[Fund]) -> tuple[str, ...]:
    """What the codes of funds stand for, below a statement."""
    return (" · ".join(f"{fund.code}: {localized(fund)}" for fund in funds),) if funds else ()


def at_end(day: date) -> str:
    """Of which day a statement is."""
    return _("At the end of %(day)s", day=day_text(day))


def from_to(first: date, last: date) -> str:
    """Of which days a statement is."""
    return _("From %(first)s to %(last)s", first=day_text(first), last=day_text(last))


def whose(fund_code: str | None) -> str:
    """Of which fund a statement is."""
    return localized(ledger.get_fund(fund_code)) if fund_code else _("All funds")


def shown_funds(fund_code: str | None) -> list[Fund]:
    """The funds that have a column: all, or the chosen one."""
    return [fund for fund in ledger.list_funds() if fund_code in (None, fund.code)]
