"""The general ledger of an account, or of several together, with its running balance.

A page is taken from the index (account, fund, day, entry, posting) in a sub-select for each account
and fund that ever moved, and joined afterwards. Its opening balance is that of the day before and
the part of one day, so a page in the middle costs what the first does.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, literal, select, tuple_, union

from fundapp.db import BigInt, Day, db
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import EntryKind, Fund, JournalEntry, Posting
from fundapp.ledger.queries.accounts import get_account, natural_sign
from fundapp.ledger.queries.balances import Movement, balances_as_of, list_balance_keys
from fundapp.ledger.queries.page_keys import PageKey

#: SQLite takes 500 selects in one statement.
_MOST_SELECTS = 400


class Sum(StrEnum):
    """What is added up of postings: debits less credits, credits less debits, or one side alone."""

    DEBIT = "debit"
    CREDIT = "credit"
    DEBITS = "debits"
    CREDITS = "credits"

    @property
    def shows_debits(self) -> bool:
        """Whether debits count."""
        return self is not Sum.CREDITS

    @property
    def shows_credits(self) -> bool:
        """Whether credits count."""
        return self is not Sum.DEBITS

    def of(self, moved: Movement) -> int:
        """The sum of what moved, in satang."""
        return {
            Sum.DEBIT: moved.balance_satang,
            Sum.CREDIT: -moved.balance_satang,
            Sum.DEBITS: moved.debit_satang,
            Sum.CREDITS: moved.credit_satang,
        }[self]


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One posting seen from the accounts of the page, with the sum after it. A posting between two
    of them has a debit and a credit.
    """

    key: PageKey
    number: str
    kind: EntryKind
    memo: str
    fund_code: str
    account_code: str
    other_account_code: str
    debit_satang: int
    credit_satang: int
    balance_satang: int


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Lines of accounts in the order of the books, added up as asked."""

    opening_satang: int
    lines: Sequence[AccountLine]
    next_key: PageKey | None

    @property
    def closing_satang(self) -> int:
        """The balance after the last line shown."""
        return self.lines[-1].balance_satang if self.lines else self.opening_satang


@dataclass(frozen=True, slots=True)
class LedgerSpan:
    """Which postings a page is taken from: of accounts, in some days, of one fund or all; and what
    of them is added up.
    """

    codes: Sequence[str]
    from_on: date
    to_on: date
    fund_code: str | None
    sum: Sum


def account_page(
    code: str,
    *,
    from_on: date,
    to_on: date,
    fund_code: str | None = None,
    after: PageKey | None = None,
    limit: int = 50,
) -> LedgerPage:
    """The lines of an account in the days given, after the key ``after``, with its balance in its
    own direction (debits less credits for assets and expenses); NotFoundError.
    """
    natural = Sum.DEBIT if natural_sign(get_account(code).type) == 1 else Sum.CREDIT
    span = LedgerSpan([code], from_on, to_on, fund_code, natural)
    return ledger_page(span, after=after, limit=limit)


def ledger_page(span: LedgerSpan, *, after: PageKey | None = None, limit: int = 50) -> LedgerPage:
    """The lines of a span after the key ``after``. One side alone is added up from the first day of
    the span, and a balance from the beginning of the books.
    """
    # An entry's id is never negative, so this key comes before the first line of its day.
    first = PageKey(span.from_on, -1)
    start = max(after, first) if after else first
    pairs = _pairs(span)
    opening = span.sum.of(_moved_until(span, start, pairs))
    rows = _page_rows(span, start, pairs, limit + 1)
    lines = _running(rows[:limit], span, opening)
    more = lines[-1].key if len(rows) > limit else None
    return LedgerPage(opening, lines, more)


def sum_of_span(span: LedgerSpan) -> int:
    """What the postings of the whole span add up to, in satang, from the balances of its days."""
    before = Movement() if span.from_on == date.min else _until(span, _day_before(span.from_on))
    return span.sum.of(_until(span, span.to_on) - before)


def _until(span: LedgerSpan, day: date) -> Movement:
    moved = balances_as_of(day, span.fund_code, span.codes)
    return sum(moved.values(), Movement())


def _day_before(day: date) -> date:
    return day - timedelta(days=1)


def _pairs(span: LedgerSpan) -> list[tuple[str, str]]:
    """Accounts and funds, for one account without asking which moved."""
    if len(span.codes) == 1:
        funds = [span.fund_code] if span.fund_code else db.session.scalars(select(Fund.code))
        return [(span.codes[0], fund) for fund in funds]
    wanted = set(span.codes)
    return [
        (account, fund)
        for fund, account in list_balance_keys()
        if account in wanted and span.fund_code in (None, fund)
    ]


def _running(rows: Sequence[Any], span: LedgerSpan, balance: int) -> list[AccountLine]:
    lines, wanted = [], set(span.codes)
    for posting, kind, memo in rows:
        sides = posting.debit_account_code, posting.credit_account_code
        debited = sides[0] in wanted and span.sum.shows_debits
        credited = sides[1] in wanted and span.sum.shows_credits
        moved = Movement(
            posting.amount_satang if debited else 0, posting.amount_satang if credited else 0
        )
        balance += span.sum.of(moved)
        own, other = sides if debited else sides[::-1]
        lines.append(
            AccountLine(
                key=PageKey(posting.entry_on, posting.entry_id, posting.position),
                number=entry_number(posting.entry_id),
                kind=kind,
                memo=memo,
                fund_code=posting.fund_code,
                account_code=own,
                other_account_code=other,
                debit_satang=moved.debit_satang,
                credit_satang=moved.credit_satang,
                balance_satang=balance,
            )
        )
    return lines


def _page_rows(
    span: LedgerSpan, start: PageKey, pairs: Sequence[tuple[str, str]], limit: int
) -> Sequence[Any]:
    keys = sorted(set(_page_keys(span, start, pairs, limit)))[:limit]
    if not keys:
        return []
    chosen = tuple_(Posting.entry_id, Posting.position).in_([key[1:] for key in keys])
    statement = (
        select(Posting, JournalEntry.kind, JournalEntry.memo)
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(chosen)
        .order_by(Posting.entry_on, Posting.entry_id, Posting.position)
    )
    return db.session.execute(statement).all()


def _page_keys(
    span: LedgerSpan, start: PageKey, pairs: Sequence[tuple[str, str]], limit: int
) -> Iterator[tuple[date, int, int]]:
    """The first postings of each account and fund, on each side that counts."""
    sides = [
        side
        for side, is_shown in (
            (Posting.debit_account_code, span.sum.shows_debits),
            (Posting.credit_account_code, span.sum.shows_credits),
        )
        if is_shown
    ]
    selects = [
        select(_side_page(side, *pair, start, span.to_on, limit).subquery())
        for pair in pairs
        for side in sides
    ]
    for first in range(0, len(selects), _MOST_SELECTS):
        # Each posting once: one between two of the accounts is found from both.
        both = union(*selects[first : first + _MOST_SELECTS]).subquery()
        page = select(both).order_by(*both.c).limit(limit)
        yield from (tuple(row) for row in db.session.execute(page))


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


def _moved_until(span: LedgerSpan, key: PageKey, pairs: Sequence[tuple[str, str]]) -> Movement:
    """What moved up to and including ``key``, as the sum counts it: the days before, and the part
    of the key's own day.
    """
    begins = span.from_on if span.sum in (Sum.DEBITS, Sum.CREDITS) else date.min
    moved = Movement()
    if key.entry_on > begins:
        moved = _until(span, _day_before(key.entry_on))
        if begins > date.min:
            moved -= _until(span, _day_before(begins))
    if key.entry_id < 0 or not pairs:
        return moved
    funds = {fund for _account, fund in pairs}
    sides = (
        _part_of_day(side, span.codes, key, funds).scalar_subquery()
        for side in (Posting.debit_account_code, Posting.credit_account_code)
    )
    debit, credit = db.session.execute(select(*sides)).one()
    return moved + Movement(int(debit), int(credit))


def _part_of_day(side: Any, codes: Collection[str], key: PageKey, funds: Iterable[str]) -> Any:
    columns = tuple_(Posting.entry_on, Posting.entry_id, Posting.position)
    return select(func.coalesce(func.sum(Posting.amount_satang), 0)).where(
        side.in_(codes),
        Posting.fund_code.in_(sorted(funds)),
        Posting.entry_on == key.entry_on,
        columns <= _values(key),
    )


def _values(key: PageKey) -> Any:
    return tuple_(
        literal(key.entry_on, Day),
        literal(key.entry_id, BigInt),
        literal(key.position, BigInt),
    )
