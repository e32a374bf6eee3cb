"""The general ledger of one account with its running balance.

A page is taken from the index (account, fund, day, entry, posting) in a sub-select for each fund
and joined afterwards. Its opening balance is that of the day before and the part of one day, so a
page in the middle costs what the first does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, literal, select, tuple_, union_all

from fundapp.db import BigInt, Day, db
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import Account, EntryKind, Fund, JournalEntry, Posting
from fundapp.ledger.queries.accounts import get_account, natural_sign
from fundapp.ledger.queries.balances import balances_as_of
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
    fund_codes = [fund_code] if fund_code else list(db.session.scalars(select(Fund.code)))
    opening = sign * _balance_until(code, start, fund_codes)
    rows = _page_rows(code, start, to_on, fund_codes, limit + 1)
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


def _page_rows(
    code: str, start: PageKey, to_on: date, fund_codes: Sequence[str], limit: int
) -> Sequence[Any]:
    if not fund_codes:
        return []
    return db.session.execute(_page_statement(code, start, to_on, fund_codes, limit)).all()


def _page_statement(
    code: str, start: PageKey, to_on: date, fund_codes: Sequence[str], limit: int
) -> Any:
    sides = [
        select(_side_page(side, code, fund_code, start, to_on, limit).subquery())
        for side in (Posting.debit_account_code, Posting.credit_account_code)
        for fund_code in fund_codes
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
    side: Any, code: str, fund_code: str, start: PageKey, to_on: date, limit: int
) -> Any:
    columns = (Posting.entry_on, Posting.entry_id, Posting.position)
    return (
        select(*columns)
        .where(
            side == code,
            Posting.fund_code == fund_code,
            # The key's day as well: else a scan may begin at the account's first day.
            Posting.entry_on.between(start.entry_on, to_on),
            tuple_(*columns) > _values(start),
        )
        .order_by(*columns)
        .limit(limit)
    )


def _balance_until(code: str, key: PageKey, fund_codes: Sequence[str]) -> int:
    """Debits less credits of the account up to and including ``key``: the balance of the day
    before, and the part of its own day.
    """
    of_fund = fund_codes[0] if len(fund_codes) == 1 else None
    is_first = key.entry_on == date.min
    before = {} if is_first else balances_as_of(key.entry_on - timedelta(days=1), of_fund, code)
    debits = _part_of_day(Posting.debit_account_code, code, key, fund_codes)
    credits_ = _part_of_day(Posting.credit_account_code, code, key, fund_codes)
    debit, credit = db.session.execute(
        select(debits.scalar_subquery(), credits_.scalar_subquery())
    ).one()
    return sum(moved.balance_satang for moved in before.values()) + int(debit) - int(credit)


def _part_of_day(side: Any, code: str, key: PageKey, fund_codes: Sequence[str]) -> Any:
    columns = tuple_(Posting.entry_on, Posting.entry_id, Posting.position)
    return select(func.coalesce(func.sum(Posting.amount_satang), 0)).where(
        side == code,
        Posting.fund_code.in_(fund_codes),
        Posting.entry_on == key.entry_on,
        columns <= _values(key),
    )


def _values(key: PageKey) -> Any:
    return tuple_(
        literal(key.entry_on, Day),
        literal(key.entry_id, BigInt),
        literal(key.position, BigInt),
    )
