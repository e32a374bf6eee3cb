"""The SQL that writes entries: one statement on PostgreSQL, a few cheap ones on SQLite.

Measured with ``make bench``: an ORM flush costs more than the disk does, and on PostgreSQL each
further round trip as much as a third of the whole posting. Text and parameters are fixed, so the
drivers keep the statements prepared. Rows that bring a known idempotency key are left out and
returned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any, Protocol

from sqlalchemy import Connection

from fundapp.clock import iso
from fundapp.ledger.drafts import Draft


@dataclass(frozen=True, slots=True)
class ExistingEntry:
    """What is already in the books under an idempotency key."""

    id: int
    content_hash: bytes
    leaf_hash: bytes


class EntryRow(Protocol):
    """An entry ready to be written."""

    id: int
    draft: Draft
    posted_at: datetime
    content_hash: bytes
    canonical: bytes
    leaf_hash: bytes


_ENTRY_COLUMNS = """
    id, kind, entry_on, posted_at, memo, source_type, source_ref, maker, checker, receipt, private,
    reverses_entry_id, idempotency_key, content_hash, posting_count, total_satang, canonical,
    leaf_hash
"""
_POSTING_COLUMNS = """
    entry_id, position, posting_count, entry_on, fund_code, debit_account_code,
    credit_account_code, amount_satang
"""

_ENTRY_MARKS = """
    %s::bigint, %s::text, %s::date, %s::timestamptz, %s::text, %s::text, %s::text, %s::text,
    %s::text, %s::text, %s::text, %s::bigint, %s::text, %s::bytea, %s::bigint, %s::bigint,
    %s::bytea, %s::bytea
"""

# ruff: disable[S608]: the only parts put in here are the lists of columns above, and marks.
_SQLITE_ENTRY = f"INSERT INTO journal_entries ({_ENTRY_COLUMNS}) VALUES ({', '.join('?' * 18)})"
_SQLITE_POSTING = f"INSERT INTO postings ({_POSTING_COLUMNS}) VALUES ({', '.join('?' * 8)})"
_SQLITE_EXISTING = """
SELECT idempotency_key, id, content_hash, leaf_hash FROM journal_entries WHERE idempotency_key = ?
"""


@cache
def _postgresql(posting_count: int) -> str:
    """The statement for an entry of ``posting_count`` postings: key, postings, entry.

    The postings' foreign key is deferred and the trigger that seals the entry runs at the end of
    the statement, when both are there.
    """
    posting = "(%s::bigint, %s::bigint, %s::bigint, %s::date, %s, %s, %s, %s::bigint)"
    return f"""
    WITH existing AS (
        SELECT idempotency_key, id, content_hash, leaf_hash
        FROM journal_entries WHERE idempotency_key = %s
    ), written_postings AS (
        INSERT INTO postings ({_POSTING_COLUMNS})
        SELECT * FROM (VALUES {", ".join([posting] * posting_count)}) AS given
        WHERE NOT EXISTS (SELECT FROM existing)
    ), written_entry AS (
        INSERT INTO journal_entries ({_ENTRY_COLUMNS})
        SELECT {_ENTRY_MARKS} WHERE NOT EXISTS (SELECT FROM existing)
    )
    SELECT * FROM existing
    """


# ruff: enable[S608]


def insert_entries(connection: Connection, rows: Sequence[EntryRow]) -> dict[str, ExistingEntry]:
    """Write ``rows``; give back, by key, those that had been written before.

    It speaks to the driver itself: the driver's own errors come out, and the costs of a statement
    through SQLAlchemy, as large as those of the insert, are spared.
    """
    driver = connection.connection.driver_connection
    insert = _insert_postgresql if connection.dialect.name == "postgresql" else _insert_sqlite
    found = insert(driver, rows)
    return {key: ExistingEntry(*map(_plain, values)) for key, *values in found}


def fold_balances(connection: Connection) -> None:
    """Fold every fund's waiting deltas into its balance rows; funds in use are passed over."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT fold_fund_balance(code, false) FROM funds ORDER BY code")


def _insert_sqlite(driver: Any, rows: Sequence[EntryRow]) -> list[tuple[Any, ...]]:
    # The writer holds the database, so what is looked up here cannot appear a moment later.
    existing = []
    for row in rows:
        found = driver.execute(_SQLITE_EXISTING, (row.draft.idempotency_key,)).fetchone()
        if found:
            existing.append(found)
            continue
        driver.executemany(_SQLITE_POSTING, _posting_values(row, row.draft.entry_on.isoformat()))
        entry = _entry_values(row, row.draft.entry_on.isoformat(), iso(row.posted_at))
        driver.execute(_SQLITE_ENTRY, entry)
    return existing


def _insert_postgresql(driver: Any, rows: Sequence[EntryRow]) -> list[tuple[Any, ...]]:
    existing = []
    cursor = driver.cursor()
    for count, group in groupby(rows, key=lambda row: len(row.draft.lines)):
        parameters = [_postgresql_values(row) for row in group]
        if len(parameters) == 1:
            existing += cursor.execute(_postgresql(count), parameters[0]).fetchall()
        else:
            cursor.executemany(_postgresql(count), parameters, returning=True)
            existing += [found for results in cursor.results() for found in results.fetchall()]
    return existing


def _postgresql_values(row: EntryRow) -> list[Any]:
    postings = _posting_values(row, row.draft.entry_on)
    flat = [value for posting in postings for value in posting]
    entry = _entry_values(row, row.draft.entry_on, row.posted_at)
    return [row.draft.idempotency_key, *flat, *entry]


def _entry_values(
    row: EntryRow, entry_on: date | str, posted_at: datetime | str
) -> tuple[Any, ...]:
    draft = row.draft
    return (
        row.id,
        str(draft.kind),
        entry_on,
        posted_at,
        draft.memo,
        draft.source_type,
        draft.source_ref,
        draft.maker,
        draft.checker,
        draft.receipt,
        draft.private,
        draft.reverses_entry_id,
        draft.idempotency_key,
        row.content_hash,
        len(draft.lines),
        draft.total_satang,
        row.canonical,
        row.leaf_hash,
    )


def _posting_values(row: EntryRow, entry_on: date | str) -> list[tuple[Any, ...]]:
    count = len(row.draft.lines)
    return [
        (row.id, position, count, entry_on, line.fund, line.debit, line.credit, line.satang)
        for position, line in enumerate(row.draft.lines, start=1)
    ]


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
