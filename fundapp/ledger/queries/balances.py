"""Balances of any day: whole months from ``account_months``, and the days of part of one month.

The cost grows with the number of funds × accounts × months and days of half a month, never with the
number of entries. Amounts are satang.
"""

import calendar
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.sql import ColumnElement

from fundapp import clock
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.ledger.models import (
    Account,
    AccountType,
    BalanceDelta,
    Fund,
    FundBalance,
    JournalEntry,
    Posting,
)
from fundapp.ledger.periods import month_start
from fundapp.ledger.queries.account_days import sums_of_days
from fundapp.ledger.queries.account_months import ACCOUNT_MONTHS
from fundapp.ledger.queries.accounts import list_accounts, list_funds, natural_sign
from fundapp.ledger.queries.year_ends import year_end_sums

_MID_MONTH = 15


@dataclass(frozen=True, slots=True)
class Movement:
    """Total debits and credits of one account."""

    debit_satang: int = 0
    credit_satang: int = 0

    @property
    def balance_satang(self) -> int:
        """Debits less credits."""
        return self.debit_satang - self.credit_satang

    def __add__(self, other: "Movement") -> "Movement":
        return Movement(
            self.debit_satang + other.debit_satang, self.credit_satang + other.credit_satang
        )

    def __sub__(self, other: "Movement") -> "Movement":
        return Movement(
            self.debit_satang - other.debit_satang, self.credit_satang - other.credit_satang
        )


#: By (fund code, account code).
Balances = dict[tuple[str, str], Movement]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What lies in the asset accounts now, by fund, as the books have it."""

    balances: Balances

    def of_fund(self, fund_code: str, account_code: str) -> int:
        """The fund's share of an account, in satang; below zero when it owes other funds there."""
        return self.balances.get((fund_code, account_code), Movement()).balance_satang

    def in_all(self, account_code: str) -> int:
        """The account of all funds together, in satang."""
        return sum(
            moved.balance_satang
            for (_fund_code, code), moved in self.balances.items()
            if code == account_code
        )


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """An account with movement: its totals, and its closing balance as a debit or a credit."""

    account: Account
    movement: Movement

    @property
    def balance_satang(self) -> int:
        """Debits less credits."""
        return self.movement.balance_satang

    @property
    def debit_satang(self) -> int:
        """The closing balance when it is a debit, else 0."""
        return max(self.balance_satang, 0)

    @property
    def credit_satang(self) -> int:
        """The closing balance when it is a credit, else 0."""
        return max(-self.balance_satang, 0)


@dataclass(frozen=True, slots=True)
class FundPosition:
    """The position of a fund; what came in less what was spent or approved is available."""

    fund: Fund
    brought_forward_satang: int
    income_satang: int
    expense_satang: int
    assets_satang: int
    liabilities_satang: int

    @property
    def net_assets_satang(self) -> int:
        """What the fund may still spend; below zero: its shortage."""
        return self.brought_forward_satang + self.income_satang - self.expense_satang


def balances_as_of(
    as_of: date, fund_code: str | None = None, account_codes: Sequence[str] | None = None
) -> Balances:
    """Total debits and credits of every account in every fund, up to and including ``as_of``; of
    one fund or some accounts if named.
    """
    of = fund_code, account_codes
    wanted = _wanted(*of)
    month = month_start(as_of)
    month_end = _month_end(month)
    # The shorter way: the whole month less its rest (nothing, for today), or its beginning only.
    if as_of >= clock.today() or as_of.day > _MID_MONTH:
        whole = _months(ACCOUNT_MONTHS.c.month_on <= month, *wanted)
        rest = _tail(as_of + timedelta(days=1), month_end, *of) if as_of < month_end else {}
        return _merge(whole, _undo(rest))
    return _merge(_months(ACCOUNT_MONTHS.c.month_on < month, *wanted), _tail(month, as_of, *of))


def find_holdings(fund_code: str | None = None) -> Holdings:
    """What lies in each account now; of one fund if named."""
    return Holdings(balances_as_of(clock.today(), fund_code))


def trial_balance(as_of: date, fund_code: str | None = None) -> list[TrialBalanceRow]:
    """Every account with movement up to and including ``as_of``, by code; of one fund if named."""
    totals: dict[str, Movement] = defaultdict(Movement)
    for (_, account_code), moved in balances_as_of(as_of, fund_code).items():
        totals[account_code] += moved
    return [
        TrialBalanceRow(account, totals[account.code])
        for account in list_accounts()
        if totals[account.code] != Movement()
    ]


def fund_balances(as_of: date) -> list[FundPosition]:
    """The position of each fund at the end of ``as_of``, in the funds' order. Income and expenses
    are those since the books began, whichever years are closed.
    """
    types = {account.code: account.type for account in list_accounts()}
    sums: dict[tuple[str, AccountType], int] = defaultdict(int)
    kept = _merge(balances_as_of(as_of), _undo(year_end_movements(date.min, as_of)))
    for (fund_code, account_code), moved in kept.items():
        kind = types[account_code]
        sums[fund_code, kind] += natural_sign(kind) * moved.balance_satang
    return [
        FundPosition(
            fund=fund,
            brought_forward_satang=sums[fund.code, AccountType.NET_ASSETS],
            income_satang=sums[fund.code, AccountType.INCOME],
            expense_satang=sums[fund.code, AccountType.EXPENSE],
            assets_satang=sums[fund.code, AccountType.ASSET],
            liabilities_satang=sums[fund.code, AccountType.LIABILITY],
        )
        for fund in list_funds()
    ]


def fund_available(fund_code: str) -> int:
    """What the fund may still spend, now: nothing while it has a shortage. NotFoundError when there
    is no such fund.
    """
    available = funds_available([fund_code]).get(fund_code)
    if available is None:
        raise NotFoundError
    return available


def funds_available(fund_codes: Collection[str]) -> dict[str, int]:
    """The same of several funds, by code."""
    waiting = (
        select(func.coalesce(func.sum(BalanceDelta.available_satang), 0))
        .where(BalanceDelta.fund_code == FundBalance.fund_code)
        .scalar_subquery()
    )
    net_assets = FundBalance.available_satang - FundBalance.shortage_satang + waiting
    statement = select(FundBalance.fund_code, net_assets)
    rows = db.session.execute(statement.where(FundBalance.fund_code.in_(fund_codes)))
    return {code: max(int(available), 0) for code, available in rows}


def movements_between(from_on: date, to_on: date, fund_code: str | None = None) -> Balances:
    """What moved from ``from_on`` to ``to_on``, both days inside, but for the closing of fiscal
    years, which only moves income and expenses to net assets; of one fund if named.
    """
    before = balances_as_of(from_on - timedelta(days=1), fund_code) if from_on > date.min else {}
    year_ends = year_end_movements(from_on, to_on, fund_code)
    return _merge(balances_as_of(to_on, fund_code), _undo(before), _undo(year_ends))


def first_day_of_books() -> date:
    """The day of the first entry; today while there is none."""
    return db.session.scalar(select(func.min(JournalEntry.entry_on))) or clock.today()


def monthly_movements(from_month: date, to_month: date) -> dict[tuple[date, str, str], Movement]:
    """Debits and credits by (first day of month, fund code, account code), both months inside; but
    for the closing of fiscal years.
    """
    view = ACCOUNT_MONTHS.c
    rows = db.session.execute(
        select(
            view.month_on,
            view.fund_code,
            view.account_code,
            func.sum(view.debit_satang),
            func.sum(view.credit_satang),
        )
        .where(view.month_on >= from_month, view.month_on <= to_month)
        .group_by(view.month_on, view.fund_code, view.account_code)
    )
    moved = {
        (month, fund, account): Movement(int(d), int(c)) for month, fund, account, d, c in rows
    }
    for (day, fund, account), sums in year_end_sums(from_month, _month_end(to_month)).items():
        moved[month_start(day), fund, account] -= Movement(*sums)
    return moved


def list_balance_keys() -> list[tuple[str, str]]:
    """Every (fund code, account code) that has ever moved, in order."""
    view = ACCOUNT_MONTHS.c
    statement = select(view.fund_code, view.account_code).distinct()
    return sorted((fund, account) for fund, account in db.session.execute(statement))


def _wanted(
    fund_code: str | None, account_codes: Sequence[str] | None
) -> list[ColumnElement[bool]]:
    wanted = [] if fund_code is None else [ACCOUNT_MONTHS.c.fund_code == fund_code]
    if account_codes is not None:
        wanted.append(ACCOUNT_MONTHS.c.account_code.in_(account_codes))
    return wanted


def _months(*conditions: ColumnElement[bool]) -> Balances:
    view = ACCOUNT_MONTHS.c
    statement = (
        select(
            view.fund_code,
            view.account_code,
            func.sum(view.debit_satang),
            func.sum(view.credit_satang),
        )
        .where(*conditions)
        .group_by(view.fund_code, view.account_code)
    )
    rows = db.session.execute(statement)
    return {(fund, account): Movement(int(d), int(c)) for fund, account, d, c in rows}


def _tail(
    from_on: date, to_on: date, fund_code: str | None, account_codes: Sequence[str] | None
) -> Balances:
    """What moved in some days of one month. Days after today have hardly a posting."""
    if from_on <= clock.today():
        sums = sums_of_days(from_on, to_on, fund_code, account_codes)
        if sums is not None:
            return {key: Movement(*moved) for key, moved in sums.items()}
    return _postings(from_on, to_on, *_wanted(fund_code, account_codes))


def _postings(from_on: date, to_on: date, *wanted: ColumnElement[bool]) -> Balances:
    """The postings of some days of one month.

    For each fund and account that moved in the month they are one range of an index.
    """
    view = ACCOUNT_MONTHS.c
    in_month = view.month_on == month_start(from_on)
    moved = select(view.fund_code, view.account_code).where(in_month, *wanted)
    pair = moved.distinct().subquery().c
    sums = (
        select(func.coalesce(func.sum(Posting.amount_satang), 0))
        .where(
            side == pair.account_code,
            Posting.fund_code == pair.fund_code,
            Posting.entry_on.between(from_on, to_on),
        )
        .scalar_subquery()
        for side in (Posting.debit_account_code, Posting.credit_account_code)
    )
    rows = db.session.execute(select(pair.fund_code, pair.account_code, *sums))
    return {(fund, account): Movement(int(d), int(c)) for fund, account, d, c in rows}


def _month_end(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def year_end_movements(from_on: date, to_on: date, fund_code: str | None = None) -> Balances:
    """What the closing of fiscal years moved in these days; of one fund if named."""
    moved: Balances = defaultdict(Movement)
    for (_day, fund, account), sums in year_end_sums(from_on, to_on).items():
        if fund_code in (None, fund):
            moved[fund, account] += Movement(*sums)
    return moved


def _undo(balances: Balances) -> Balances:
    return {key: Movement() - moved for key, moved in balances.items()}


def _merge(*parts: Balances) -> Balances:
    merged: Balances = defaultdict(Movement)
    for part in parts:
        for key, moved in part.items():
            merged[key] += moved
    return {key: moved for key, moved in merged.items() if moved != Movement()}
