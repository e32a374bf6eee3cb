"""The public ledger: of a fund and month what came in, entry by entry and without names, and what
is published of what went out.

Help is shown as its published figure rose (`fundapp.transparency.rises`): by more than ten children
at once, so that nobody's help can be worked out, also not from other tables and months.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import literal, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute

from fundapp.db import BigInt, Day, db
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import AccountType, EntryKind, JournalEntry, Posting
from fundapp.ledger.periods import month_start
from fundapp.ledger.queries import list_accounts
from fundapp.paging import Page, int_key, page_of
from fundapp.transparency.models import FigureKind, PublishedFigure
from fundapp.transparency.queries.publications import month_after


class LineKey(NamedTuple):
    """Day, entry and place in it: the order of the lines."""

    day: date
    entry_id: int
    position: int

    @classmethod
    def read(cls, text: str | None) -> "LineKey | None":
        """The key that an address gives; None for anything else."""
        day, _, rest = (text or "").partition(".")
        entry_id, _, position = rest.partition(".")
        numbers = int_key(entry_id), int_key(position)
        if numbers[0] is None or numbers[1] is None:
            return None
        try:
            return cls(date.fromisoformat(day), numbers[0], numbers[1])
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.entry_id}.{self.position}"


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """What an entry brought into the fund, or took back (satang); nobody is named."""

    key: LineKey
    kind: EntryKind
    account_code: str
    satang: int

    @property
    def number(self) -> str:
        """The number of the entry, which the signed log has too."""
        return entry_number(self.key.entry_id)


@dataclass(frozen=True, slots=True)
class SpentLine:
    """By how much a published figure of the fund rose in the month (satang); ``district_code`` is
    empty for help of several districts together, and for costs.
    """

    kind: FigureKind
    district_code: str
    satang: int


def list_income(fund_code: str, month: date, after: LineKey | None, limit: int) -> Page[IncomeLine]:
    """What came into the fund in the month, in the order of days and entries."""
    codes = [each.code for each in list_accounts() if each.type is AccountType.INCOME]
    parts = [
        _part(column, code, fund_code, month, after, limit + 1)
        for column in (Posting.credit_account_code, Posting.debit_account_code)
        for code in codes
    ]
    rows = union_all(*(select(*part.subquery().c) for part in parts)).subquery()
    ordered = select(rows).order_by(rows.c.entry_on, rows.c.entry_id, rows.c.position)
    found = db.session.execute(ordered.limit(limit + 1)).all()
    kinds = _kinds_of([row.entry_id for row in found])
    lines = [
        IncomeLine(
            LineKey(row.entry_on, row.entry_id, row.position),
            kinds[row.entry_id],
            row.account_code,
            row.satang,
        )
        for row in found
    ]
    return page_of(lines, limit, lambda line: line.key)


def list_spent(fund_code: str, month: date) -> Sequence[SpentLine]:
    """What is published of the month: each figure of the fund that rose in it."""
    before = month_start(month - timedelta(days=1))
    statement = select(PublishedFigure).where(
        PublishedFigure.month_on.in_([before, month]), PublishedFigure.fund_code == fund_code
    )
    figures = list(db.session.scalars(statement))
    earlier = {
        (each.kind, each.district_code): each.value or 0
        for each in figures
        if each.month_on == before
    }
    lines = [
        SpentLine(
            each.kind,
            each.district_code,
            each.value - earlier.get((each.kind, each.district_code), 0),
        )
        for each in sorted(figures, key=lambda each: (each.kind, each.district_code))
        if each.month_on == month and each.rose_in == month and each.value is not None
    ]
    return [line for line in lines if line.satang]


def _part(
    column: InstrumentedAttribute[str],
    code: str,
    fund_code: str,
    month: date,
    after: LineKey | None,
    limit: int,
) -> Any:
    """The lines of one account and side, from its index alone."""
    sign = 1 if column is Posting.credit_account_code else -1
    first = max(month, after.day) if after else month
    statement = (
        select(
            Posting.entry_on,
            Posting.entry_id,
            Posting.position,
            column.label("account_code"),
            (sign * Posting.amount_satang).label("satang"),
        )
        .where(
            column == code,
            Posting.fund_code == fund_code,
            Posting.entry_on >= first,
            Posting.entry_on < month_after(month),
        )
        .order_by(Posting.entry_on, Posting.entry_id, Posting.position)
        .limit(limit)
    )
    if after is None:
        return statement
    place = (literal(after.day, Day), literal(after.entry_id, BigInt), literal(after.position))
    key = tuple_(Posting.entry_on, Posting.entry_id, Posting.position)
    return statement.where(key > tuple_(*place))


def _kinds_of(entry_ids: Sequence[int]) -> dict[int, EntryKind]:
    statement = select(JournalEntry.id, JournalEntry.kind)
    rows = db.session.execute(statement.where(JournalEntry.id.in_(set(entry_ids))))
    return {row.id: row.kind for row in rows}
