"""Funds, accounts, and the general ledger of one account with its running balance.

A page is taken from the index (account, day, entry, posting) in a sub-select and joined afterwards.
Its opening balance is the months before it plus the part of one month, so a page in the middle
costs what the first does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, literal, select, tuple_, union_all

from fundapp.db import BigInt, Day, db
from fundapp.errors import NotFoundError
from fundapp.ledger.drafts import Texts, entry_number
from fundapp.ledger.models import (
    Account,
    AccountType,
    EntryKind,
    Fund,
    JournalEntry,
    Posting,
    TaxWording,
)
from fundapp.ledger.periods import month_start
from fundapp.ledger.queries.account_months import ACCOUNT_MONTHS
from fundapp.ledger.queries.page_keys import PageKey


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One posting seen from one of its two accounts, with the balance after it."""

    key: PageKey
    number: str
    kind: EntryKind
    memo: str
    fund_code: str
    other_account_code: str
    debit_satang: int
    credit_satang: int
    balance_satang: int


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Lines of an account in the order of the books.

    Balances are in the account's own direction: debits less credits for assets and expenses,
    credits less debits for all others.
    """

    account: Account
    opening_satang: int
    lines: Sequence[AccountLine]
    next_key: PageKey | None

    @property
    def closing_satang(self) -> int:
        """The balance after the last line shown."""
        return self.lines[-1].balance_satang if self.lines else self.opening_satang


def natural_sign(account_type: AccountType) -> int:
    """1 where debits raise the balance (assets, expenses), -1 where credits do."""
    return 1 if account_type in (AccountType.ASSET, AccountType.EXPENSE) else -1


def list_funds() -> list[Fund]:
    """All funds, in the order of lists."""
    return list(db.session.scalars(select(Fund).order_by(Fund.position, Fund.code)))


def list_open_funds() -> list[Fund]:
    """The funds that promise and pay, in the order of lists: neither frozen nor closed."""
    return [fund for fund in list_funds() if fund.is_open]


def get_fund(code: str) -> Fund:
    """The fund; NotFoundError."""
    fund = db.session.get(Fund, code)
    if fund is None:
        raise NotFoundError
    return fund


def get_tax_texts(fund: Fund) -> Texts:
    """What new receipts of the fund say about tax, in Thai, English and Malay."""
    wording = db.session.get_one(TaxWording, (fund.code, fund.tax_wording_number))
    return wording.text_th, wording.text_en, wording.text_ms


def list_accounts() -> list[Account]:
    """The chart of accounts, by code."""
    return list(db.session.scalars(select(Account).order_by(Account.code)))


def get_account(code: str) -> Account:
    """The account; NotFoundError."""
    account = db.session.get(Account, code)
    if account is None:
        raise NotFoundError
    return account


def account_page(
    code: str,
    *,
    from_on: date,
    to_on: date,
    fund_code: str | None = None,
    after: PageKey | None = None,
    limit: int = 50,
) -> AccountPage:
    """The lines of an account in the days given, after the key ``after``; NotFoundError."""
    account = get_account(code)
    # An entry's id is never negative, so this key comes before the first line of its day.
    start = max(after, PageKey(from_on, -1)) if after else PageKey(from_on, -1)
    sign = natural_sign(account.type)
    opening = sign * _balance_until(code, start, fund_code)
    rows = db.session.execute(_page_statement(code, start, to_on, fund_code, limit + 1)).all()
    lines = _running(rows[:limit], code, opening, sign)
    more = lines[-1].key if len(rows) > limit else None
    return AccountPage(account, opening, lines, more)


def _running(rows: Sequence[Any], code: str, balance: int, sign: int) -> list[AccountLine]:
    lines = []
    for posting, kind, memo in rows:
        is_debit = posting.debit_account_code == code
        amount = posting.amount_satang
        balance += sign * (amount if is_debit else -amount)
        lines.append(
            AccountLine(
                key=PageKey(posting.entry_on, posting.entry_id, posting.position),
                number=entry_number(posting.entry_id),
                kind=kind,
                memo=memo,
                fund_code=posting.fund_code,
                other_account_code=(
                    posting.credit_account_code if is_debit else posting.debit_account_code
                ),
                debit_satang=amount if is_debit else 0,
                credit_satang=0 if is_debit else amount,
                balance_satang=balance,
            )
        )
    return lines


def _page_statement(
    code: str, start: PageKey, to_on: date, fund_code: str | None, limit: int
) -> Any:
    sides = [
        select(_side_page(side, code, start, to_on, fund_code, limit).subquery())
        for side in (Posting.debit_account_code, Posting.credit_account_code)
    ]
    both = union_all(*sides).subquery()
    page = select(both).order_by(*both.c).limit(limit).subquery()
    return (
        select(Posting, JournalEntry.kind, JournalEntry.memo)
        .select_from(page)
        .join(
            Posting, (Posting.entry_id == page.c.entry_id) & (Posting.position == page.c.position)
        )
        .join(JournalEntry, JournalEntry.id == page.c.entry_id)
        .order_by(*page.c)
    )


def _side_page(
    side: Any, code: str, start: PageKey, to_on: date, fund_code: str | None, limit: int
) -> Any:
    columns = (Posting.entry_on, Posting.entry_id, Posting.position)
    statement = (
        select(*columns)
        .where(side == code, tuple_(*columns) > _values(start), Posting.entry_on <= to_on)
        .order_by(*columns)
        .limit(limit)
    )
    return statement if fund_code is None else statement.where(Posting.fund_code == fund_code)


def _balance_until(code: str, key: PageKey, fund_code: str | None) -> int:
    """Debits less credits of the account up to and including ``key``."""
    view = ACCOUNT_MONTHS.c
    months = select(
        func.coalesce(func.sum(view.debit_satang) - func.sum(view.credit_satang), 0)
    ).where(view.account_code == code, view.month_on < month_start(key.entry_on))
    if fund_code is not None:
        months = months.where(view.fund_code == fund_code)
    debits = _side_sum(Posting.debit_account_code, code, key, fund_code)
    credits_ = _side_sum(Posting.credit_account_code, code, key, fund_code)
    parts = (months.scalar_subquery(), debits.scalar_subquery(), credits_.scalar_subquery())
    before, debit, credit = db.session.execute(select(*parts)).one()
    return int(before) + int(debit) - int(credit)


def _side_sum(side: Any, code: str, key: PageKey, fund_code: str | None) -> Any:
    columns = tuple_(Posting.entry_on, Posting.entry_id, Posting.position)
    statement = select(func.coalesce(func.sum(Posting.amount_satang), 0)).where(
        side == code,
        Posting.entry_on >= month_start(key.entry_on),
        columns <= _values(key),
    )
    return statement if fund_code is None else statement.where(Posting.fund_code == fund_code)


def _values(key: PageKey) -> Any:
    return tuple_(
        literal(key.entry_on, Day),
        literal(key.entry_id, BigInt),
        literal(key.position, BigInt),
    )
