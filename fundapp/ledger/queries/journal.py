"""The journal: entries with their postings, by page, one by one, or all of them for an export."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    exists,
    literal,
    literal_column,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import NullType

from fundapp.db import BigInt, Day, db
from fundapp.errors import NotFoundError
from fundapp.ledger.drafts import entry_id_of, entry_number
from fundapp.ledger.models import EntryKind, JournalEntry, Posting
from fundapp.ledger.queries.account_months import ACCOUNT_MONTHS
from fundapp.ledger.queries.page_keys import PageKey

Columns = tuple[InstrumentedAttribute[date], InstrumentedAttribute[int]]
_ENTRY: Columns = (JournalEntry.entry_on, JournalEntry.id)
_POSTING: Columns = (Posting.entry_on, Posting.entry_id)


@dataclass(frozen=True, slots=True)
class JournalRow:
    """An entry and its postings in their order."""

    entry: JournalEntry
    postings: Sequence[Posting]

    @property
    def number(self) -> str:
        """The public number."""
        return entry_number(self.entry.id)

    @property
    def key(self) -> PageKey:
        """The entry's key in the order of the journal."""
        return PageKey(self.entry.entry_on, self.entry.id)


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """An entry with its postings, and the entries that it undoes or that undoes it."""

    row: JournalRow
    reverses: JournalEntry | None
    reversed_by: JournalEntry | None


def journal_page(
    *,
    from_on: date,
    to_on: date,
    kind: EntryKind | None = None,
    fund_code: str | None = None,
    after: PageKey | None = None,
    newest_first: bool = True,
    limit: int = 50,
) -> list[JournalRow]:
    """Entries of the days given, after the key ``after``, in the chosen order."""
    span = _Span(from_on, to_on, after, newest_first, limit)
    statement = select(JournalEntry).order_by(*span.order(_ENTRY))
    if fund_code is not None and kind is None:
        ids = _ids_of_fund(fund_code, span)
        return _with_postings(db.session.scalars(statement.where(JournalEntry.id.in_(ids))))
    statement = statement.where(*span.conditions(_ENTRY)).limit(limit)
    if kind is not None:
        statement = statement.where(is_of_kinds(kind))
    if fund_code is not None:
        statement = statement.where(_touches(fund_code))
    return _with_postings(db.session.scalars(statement))


def is_of_kinds(*kinds: EntryKind, entry: Any = JournalEntry) -> ColumnElement[bool]:
    """That an entry is of one of these kinds; without gifts they are found by their index."""
    wanted: ColumnElement[bool] = entry.kind.in_(kinds)
    if EntryKind.DONATION in kinds:
        return wanted
    # As the condition of the index has it: `NO_GIFT`, with the value written out.
    return and_(wanted, entry.kind != literal_column(f"'{EntryKind.DONATION}'"))


def get_entry(number: str) -> EntryDetail:
    """The entry of a public number; NotFoundError."""
    entry_id = entry_id_of(number)
    entry = db.session.get(JournalEntry, entry_id) if entry_id is not None else None
    if entry is None:
        raise NotFoundError
    reversed_by = select(JournalEntry).where(JournalEntry.reverses_entry_id == entry.id)
    return EntryDetail(
        row=_with_postings([entry])[0],
        reverses=(
            db.session.get(JournalEntry, entry.reverses_entry_id)
            if entry.reverses_entry_id is not None
            else None
        ),
        reversed_by=db.session.scalar(reversed_by),
    )


def list_entries_of_source(source_type: str, source_ref: str, limit: int = 50) -> list[JournalRow]:
    """The entries that one thing has led to, in the order in which they were posted."""
    statement = (
        select(JournalEntry)
        .where(JournalEntry.source_type == source_type, JournalEntry.source_ref == source_ref)
        .order_by(JournalEntry.id)
        .limit(limit)
    )
    return _with_postings(db.session.scalars(statement))


def iter_entries(batch: int = 1000) -> Iterator[JournalRow]:
    """Every entry in the order of ids. Begin a snapshot first, or later entries may be missed.

    The entries and postings are plain rows with the columns' names, apart from the session: an
    export needs the memory of one batch, and half the time.
    """
    entries, postings = JournalEntry.__table__, Posting.__table__
    for rows, parts in iter_batches(entries.c, postings.c, batch):
        yield from _grouped(rows, parts)


def iter_batches(
    entry_columns: Iterable[Any],
    posting_columns: Iterable[Any] = (),
    batch: int = 1000,
    after: int = -1,
) -> Iterator[tuple[Sequence[Any], Iterable[Any]]]:
    """Columns of the entries after the id ``after``, in the order of ids, and of the postings of
    each batch, in the order of entries and positions; the entry's id comes first in both.

    Whoever names few columns, without types that Python has to make (`as_stored`), reads several
    times as fast as `iter_entries`.
    """
    entries, postings = JournalEntry.__table__.c, Posting.__table__.c
    of_entries = select(*entry_columns).order_by(entries.id).limit(batch)
    of_postings = list(posting_columns)
    while True:
        rows = db.session.execute(of_entries.where(entries.id > after)).all()
        if not rows:
            return
        parts: Iterable[Any] = ()
        if of_postings:
            within = postings.entry_id.between(rows[0][0], rows[-1][0])
            ordered = select(*of_postings).where(within)
            parts = db.session.execute(ordered.order_by(postings.entry_id, postings.position))
        yield rows, parts
        after = rows[-1][0]


def as_stored(column: Any) -> Any:
    """The column without its Python type: a word instead of an enumeration, on SQLite also a text
    instead of a day or an instant.
    """
    return type_coerce(column, NullType())


@dataclass(frozen=True, slots=True)
class _Span:
    """The part of the journal that a page is taken from."""

    from_on: date
    to_on: date
    after: PageKey | None
    newest_first: bool
    limit: int

    def conditions(self, columns: Columns) -> list[ColumnElement[bool]]:
        """What holds of its rows; the days begin at the key's, so that no scan begins before it."""
        first, last = self.from_on, self.to_on
        if self.after is None:
            return [columns[0].between(first, last)]
        key = tuple_(literal(self.after.entry_on, Day), literal(self.after.entry_id, BigInt))
        if self.newest_first:
            last = min(last, self.after.entry_on)
            return [columns[0].between(first, last), tuple_(*columns) < key]
        first = max(first, self.after.entry_on)
        return [columns[0].between(first, last), tuple_(*columns) > key]

    def order(self, columns: Columns) -> list[ColumnElement[Any]]:
        """The order of its rows."""
        return [column.desc() if self.newest_first else column.asc() for column in columns]


def _ids_of_fund(fund_code: str, span: _Span) -> list[int]:
    """The ids of the first entries of a fund in a span.

    Of each account that moved in the fund the first ones are read, in their order, from the index
    by account and fund: a small fund costs no more among many entries of others.
    """
    view = ACCOUNT_MONTHS.c
    moved = select(view.account_code).where(view.fund_code == fund_code)
    firsts: set[tuple[date, int]] = set()
    for code in db.session.scalars(moved.distinct()).all():
        first = (
            select(*_POSTING)
            .where(
                Posting.debit_account_code == code,
                Posting.fund_code == fund_code,
                *span.conditions(_POSTING),
            )
            .order_by(*span.order(_POSTING))
            .distinct()
            .limit(span.limit)
        )
        firsts.update((row.entry_on, row.entry_id) for row in db.session.execute(first))
    in_order = sorted(firsts, reverse=span.newest_first)
    return [entry_id for _day, entry_id in in_order[: span.limit]]


def _touches(fund_code: str) -> Any:
    return exists().where(Posting.entry_id == JournalEntry.id, Posting.fund_code == fund_code)


def _with_postings(entries: Iterable[JournalEntry]) -> list[JournalRow]:
    listed = list(entries)
    return _grouped(listed, db.session.scalars(_postings_of([entry.id for entry in listed])))


def _grouped(entries: Sequence[JournalEntry], postings: Iterable[Any]) -> list[JournalRow]:
    by_entry: dict[int, list[Posting]] = defaultdict(list)
    for posting in postings:
        by_entry[posting.entry_id].append(posting)
    return [JournalRow(entry, by_entry[entry.id]) for entry in entries]


def _postings_of(entry_ids: Sequence[int]) -> Any:
    return (
        select(Posting)
        .where(Posting.entry_id.in_(entry_ids))
        .order_by(Posting.entry_id, Posting.position)
    )
