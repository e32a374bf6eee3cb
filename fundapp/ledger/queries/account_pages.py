"""The general ledger of an account, or of several together, with its running balance.

A page is taken from the index (account, fund, day, entry, posting) in a sub-select for each account
and fund that ever moved, and joined afterwards. Its opening balance is that of the day before and
the part of one day, so a page in the middle costs what the first does.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, text, tuple_

from fundapp.db import BigInt, Day, db
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import EntryKind, Fund, JournalEntry, Posting
from fundapp.ledger.queries.account_parts import (
    CLOSES_A_YEAR,
    keys_of_entries,
    sums_of_entries,
    values_of_key,
)
from fundapp.ledger.queries.account_spans import LedgerSpan, SpanPart, Sum
from fundapp.ledger.queries.accounts import get_account, natural_sign
from fundapp.ledger.queries.balances import (
    Movement,
    balances_as_of,
    list_balance_keys,
    year_end_movements,
)
from fundapp.ledger.queries.page_keys import PageKey

#: SQLite takes 500 selects in one statement.
_MOST_SELECTS = 400


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
    """Lines of accounts in the order of the books, added up as asked; the total is that of all
    lines of the days, from the balances.
    """

    opening_satang: int
    total_satang: int
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
) -> LedgerPage:
    """The lines of an account in the days given, after the key ``after``, with its balance in its
    own direction (debits less credits for assets and expenses); NotFoundError.
    """
    natural = Sum.DEBIT if natural_sign(get_account(code).type) == 1 else Sum.CREDIT
    span = LedgerSpan([code], from_on, to_on, fund_code, natural)
    return ledger_page(span, after=after, limit=limit)


def ledger_page(span: LedgerSpan, *, after: PageKey | None = None, limit: int = 50) -> LedgerPage:
    """The lines of a span after the key ``after``. One side alone, and a part of the postings, is
    added up from the first day of the span, and a balance from the beginning of the books.
    """
    # An entry's id is never negative, so this key comes before the first line of its day.
    first = PageKey(span.from_on, -1)
    start = max(after, first) if after else first
    pairs = _pairs(span)
    if span.part:
        opening = Movement() if start == first else moved_of_part(span, span.part, start)
        whole = moved_of_part(span, span.part)
        return _page(span, start, pairs, limit, span.sum.of(opening), span.sum.of(whole))
    before, whole = _until(span, _day_before(span.from_on)), _until(span, span.to_on)
    is_one_side = span.sum in (Sum.DEBITS, Sum.CREDITS)
    moved = before if start == first else _moved_until(span, start, pairs)
    opening_satang = span.sum.of(moved - before if is_one_side else moved)
    return _page(span, start, pairs, limit, opening_satang, span.sum.of(whole - before))


def moved_of_part(span: LedgerSpan, part: SpanPart, until: PageKey | None = None) -> Movement:
    """What a part of the postings of a span moved, up to and including a key. What is no part is
    the span without it, so that nobody looks at each of a million other postings.
    """
    if part.is_rest:
        whole = replace(span, part=None)
        before = _until(whole, _day_before(span.from_on))
        moved = _moved_until(whole, until, _pairs(whole)) if until else _until(whole, span.to_on)
        return moved - before - moved_of_part(span, part.rest, until)
    if part.kept:
        return part.kept.moved(span, until)
    if part.whole and until is None:
        return part.whole(span)
    debit, credit = db.session.execute(sums_of_entries(span, part, until)).one()
    return Movement(int(debit), int(credit))


def _page(
    span: LedgerSpan,
    start: PageKey,
    pairs: Sequence[tuple[str, str]],
    limit: int,
    opening: int,
    total: int,
) -> LedgerPage:
    rows = _page_rows(span, start, pairs, limit + 1)
    lines = _running(rows[:limit], span, opening)
    more = lines[-1].key if len(rows) > limit else None
    return LedgerPage(opening, total, lines, more)


def _until(span: LedgerSpan, day: date | None) -> Movement:
    if day is None:
        return Movement()
    moved = balances_as_of(day, span.fund_code, span.codes)
    whole = sum(moved.values(), Movement())
    if span.with_year_ends:
        return whole
    closed = year_end_movements(date.min, day, span.fund_code)
    of_span = (each for (_fund, code), each in closed.items() if code in span.codes)
    return whole - sum(of_span, Movement())


def _day_before(day: date) -> date | None:
    return None if day == date.min else day - timedelta(days=1)


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
    part = span.part if span.part and not span.part.is_rest else None
    if part and part.kept:
        found = part.kept.keys(span, start, limit)
    elif part:
        found = keys_of_entries(span, part, start, limit)
    else:
        found = _page_keys(span, start, pairs, limit)
    keys = sorted(set(found))[:limit]
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
    """The first postings of each account and fund, on each side that counts; one between two of
    the accounts once, though it is found from both.
    """
    sides = [
        side
        for side, is_shown in (
            ("debit_account_code", span.sum.shows_debits),
            ("credit_account_code", span.sum.shows_credits),
        )
        if is_shown
    ]
    ranges = [(side, *pair) for pair in pairs for side in sides]
    shared: dict[str, Any] = {
        "first_on": start.entry_on,
        "last_on": span.to_on,
        "entry_id": start.entry_id,
        "position": start.position,
        "most": limit,
        **(span.part.values if span.part else {}),
    }
    for first in range(0, len(ranges), _MOST_SELECTS):
        chosen = ranges[first : first + _MOST_SELECTS]
        codes = {
            f"{name}{number}": code
            for number, (_side, account, fund) in enumerate(chosen)
            for name, code in (("account", account), ("fund", fund))
        }
        page = _statement_of([side for side, _account, _fund in chosen], span)
        yield from (tuple(row) for row in db.session.execute(page, shared | codes))


def _statement_of(sides: Sequence[str], span: LedgerSpan) -> Any:
    """Written as text: for hundreds of accounts and funds SQLAlchemy would take longer to put it
    together than the database takes to answer. Nothing but names of columns and numbers is in it,
    and the condition of a part, which is written in the program.
    """
    only = "" if span.with_year_ends else f" AND NOT {CLOSES_A_YEAR}"
    only += f" AND {span.part.sql}" if span.part else ""
    # The key's day as well: else a scan may begin at the account's first day.
    parts = (
        "SELECT * FROM (SELECT entry_on, entry_id, position FROM postings"  # noqa: S608
        f" WHERE {side} = :account{number} AND fund_code = :fund{number}"
        " AND entry_on BETWEEN :first_on AND :last_on"
        f" AND (entry_on, entry_id, position) > (:first_on, :entry_id, :position){only}"
        f" ORDER BY entry_on, entry_id, position LIMIT :most) AS part{number}"
        for number, side in enumerate(sides)
    )
    statement = text(f"{' UNION '.join(parts)} ORDER BY entry_on, entry_id, position LIMIT :most")
    days = (bindparam(name, type_=Day) for name in ("first_on", "last_on"))
    return statement.bindparams(*days).columns(entry_on=Day, entry_id=BigInt, position=BigInt)


def _moved_until(span: LedgerSpan, key: PageKey, pairs: Sequence[tuple[str, str]]) -> Movement:
    """What moved up to and including ``key``: the days before, and the part of the key's own."""
    moved = _until(span, _day_before(key.entry_on))
    funds = {fund for _account, fund in pairs}
    sides = (
        _part_of_day(side, span, key, funds).scalar_subquery()
        for side in (Posting.debit_account_code, Posting.credit_account_code)
    )
    debit, credit = db.session.execute(select(*sides)).one()
    return moved + Movement(int(debit), int(credit))


def _part_of_day(side: Any, span: LedgerSpan, key: PageKey, funds: Iterable[str]) -> Any:
    columns = tuple_(Posting.entry_on, Posting.entry_id, Posting.position)
    moved = select(func.coalesce(func.sum(Posting.amount_satang), 0)).where(
        side.in_(span.codes),
        Posting.fund_code.in_(sorted(funds)),
        Posting.entry_on == key.entry_on,
        columns <= values_of_key(key),
    )
    return moved if span.with_year_ends else moved.where(text(f"NOT {CLOSES_A_YEAR}"))
