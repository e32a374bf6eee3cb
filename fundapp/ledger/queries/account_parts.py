"""What a part of the postings of a span moved, and which they are: read from its entries."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, case, func, literal, or_, select, text, tuple_

from fundapp.db import BigInt, Day, db
from fundapp.ledger.models import Fund, Posting
from fundapp.ledger.queries.account_spans import LedgerSpan, SpanPart
from fundapp.ledger.queries.page_keys import PageKey

#: That a posting is of an entry that closes a fiscal year.
CLOSES_A_YEAR = (
    "EXISTS (SELECT 1 FROM journal_entries"
    " WHERE journal_entries.id = postings.entry_id AND journal_entries.kind = 'year_end')"
)


def sums_of_entries(span: LedgerSpan, part: SpanPart, until: PageKey | None) -> Any:
    """Both sums of a part whose entries are listed."""
    sums = (
        func.coalesce(func.sum(case((side.in_(span.codes), Posting.amount_satang), else_=0)), 0)
        for side in (Posting.debit_account_code, Posting.credit_account_code)
    )
    return _of_entries(select(*sums), span, part, until)


def _of_entries(statement: Any, span: LedgerSpan, part: SpanPart, until: PageKey | None) -> Any:
    """Only postings of these entries in the span. No index of accounts is used: they are few. The
    entries are asked for their day first, so that postings of other days are not looked up; written
    so that PostgreSQL does not read all entries of these days from an index of days.
    """
    days = {"first_on": span.from_on, "last_on": until.entry_on if until else span.to_on}
    listed = (
        text(
            f"{part.entries}"
            " AND CASE WHEN own.entry_on BETWEEN :first_on AND :last_on THEN 1 END = 1"
        )
        .bindparams(*(bindparam(name, day, Day) for name, day in days.items()), **part.values)
        .columns(entry_id=BigInt)
    )
    statement = statement.where(Posting.entry_id.in_(listed))
    return _in_days(statement, span, until)


def _in_days(statement: Any, span: LedgerSpan, until: PageKey | None) -> Any:
    funds = [span.fund_code] if span.fund_code else list(db.session.scalars(select(Fund.code)))
    statement = statement.where(
        Posting.fund_code.in_(funds),
        Posting.entry_on.between(span.from_on, until.entry_on if until else span.to_on),
    )
    if not span.with_year_ends:
        statement = statement.where(text(f"NOT {CLOSES_A_YEAR}"))
    columns = tuple_(Posting.entry_on, Posting.entry_id, Posting.position)
    return statement.where(columns <= values_of_key(until)) if until else statement


def keys_of_entries(
    span: LedgerSpan, part: SpanPart, start: PageKey, limit: int
) -> Iterator[tuple[date, int, int]]:
    """The first postings of a part whose entries are listed, found from these."""
    columns = Posting.entry_on, Posting.entry_id, Posting.position
    sides = (
        (Posting.debit_account_code, span.sum.shows_debits),
        (Posting.credit_account_code, span.sum.shows_credits),
    )
    shown = (side.concat("").in_(span.codes) for side, is_shown in sides if is_shown)
    later = replace(span, from_on=max(start.entry_on, span.from_on))
    statement = _of_entries(select(*columns), later, part, None).where(
        tuple_(*columns) > values_of_key(start), or_(*shown)
    )
    yield from db.session.execute(statement.order_by(*columns).limit(limit))


def values_of_key(key: PageKey) -> Any:
    """A key as a row of values to compare with."""
    return tuple_(
        literal(key.entry_on, Day),
        literal(key.entry_id, BigInt),
        literal(key.position, BigInt),
    )
