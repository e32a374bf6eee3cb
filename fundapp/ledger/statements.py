"""The SQL that writes entries: one statement on PostgreSQL, three on SQLite.

Measured with ``make bench``: an ORM flush costs more than the disk does, and on PostgreSQL each
further round trip as much as a third of the whole posting. Text and parameters are fixed, so the
drivers keep the statements prepared. Rows that bring a known idempotency key are left out and
returned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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

# ruff: disable[S608]: the only parts put in here are the two lists of columns above.
_SQLITE_ENTRY = f"INSERT INTO journal_entries ({_ENTRY_COLUMNS}) VALUES ({', '.join('?' * 18)})"
_SQLITE_POSTING = f"INSERT INTO postings ({_POSTING_COLUMNS}) VALUES ({', '.join('?' * 8)})"
_SQLITE_EXISTING = """
SELECT idempotency_key, id, content_hash, leaf_hash FROM journal_entries WHERE idempotency_key = ?
"""

# Postings and entry go in together; the postings' foreign key is deferred and the trigger that
# seals the entry runs at the end of the statement, when both are there.
_POSTGRESQL = f"""
WITH given AS (
    SELECT * FROM unnest(
        %s::bigint[], %s::text[], %s::date[], %s::timestamptz[], %s::text[], %s::text[], %s::text[],
        %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::bytea[],
        %s::bigint[], %s::bigint[], %s::bytea[], %s::bytea[]
    ) AS g ({_ENTRY_COLUMNS})
), existing AS (
    SELECT j.idempotency_key, j.id, j.content_hash, j.leaf_hash
    FROM journal_entries j WHERE j.idempotency_key = ANY (%s::text[])
), fresh AS (
    SELECT * FROM given WHERE idempotency_key NOT IN (SELECT idempotency_key FROM existing)
), written_postings AS (
    INSERT INTO postings ({_POSTING_COLUMNS})
    SELECT p.* FROM unnest(
        %s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::text[], %s::text[], %s::text[],
        %s::bigint[]
    ) AS p ({_POSTING_COLUMNS})
    WHERE p.entry_id IN (SELECT id FROM fresh)
), written_entries AS (
    INSERT INTO journal_entries ({_ENTRY_COLUMNS}) SELECT * FROM fresh
)
SELECT * FROM existing
"""
# ruff: enable[S608]


def insert_entries(connection: Connection, rows: Sequence[EntryRow]) -> dict[str, ExistingEntry]:
    """Write ``rows``; give back, by key, those that had been written before."""
    if connection.dialect.name == "postgresql":
        return _insert_postgresql(connection, rows)
    return _insert_sqlite(connection, rows)


def fold_balances(connection: Connection) -> None:
    """Fold every fund's waiting deltas into its balance rows; funds in use by others are passed
    over.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT fold_fund_balance(code, false) FROM funds ORDER BY code")


def _insert_sqlite(connection: Connection, rows: Sequence[EntryRow]) -> dict[str, ExistingEntry]:
    # The writer holds the database, so what is looked up here cannot appear a moment later.
    existing: dict[str, ExistingEntry] = {}
    fresh = []
    for row in rows:
        found = connection.exec_driver_sql(_SQLITE_EXISTING, (row.draft.idempotency_key,)).first()
        if found is None:
            fresh.append(row)
        else:
            existing[found[0]] = ExistingEntry(found[1], found[2], found[3])
    if fresh:
        postings = [values for row in fresh for values in _posting_values(row, text_dates=True)]
        connection.exec_driver_sql(_SQLITE_POSTING, postings)
        entries = [_entry_values(row, text_dates=True) for row in fresh]
        connection.exec_driver_sql(_SQLITE_ENTRY, entries)
    return existing


def _insert_postgresql(
    connection: Connection, rows: Sequence[EntryRow]
) -> dict[str, ExistingEntry]:
    entries = [_entry_values(row, text_dates=False) for row in rows]
    postings = [values for row in rows for values in _posting_values(row, text_dates=False)]
    keys = [row.draft.idempotency_key for row in rows]
    parameters: tuple[Any, ...] = (*map(list, zip(*entries, strict=True)), keys)
    parameters += tuple(map(list, zip(*postings, strict=True)))
    found = connection.exec_driver_sql(_POSTGRESQL, parameters)
    return {row[0]: ExistingEntry(row[1], bytes(row[2]), bytes(row[3])) for row in found}


def _entry_values(row: EntryRow, *, text_dates: bool) -> tuple[Any, ...]:
    draft = row.draft
    return (
        row.id,
        str(draft.kind),
        draft.entry_on.isoformat() if text_dates else draft.entry_on,
        iso(row.posted_at) if text_dates else row.posted_at,
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


def _posting_values(row: EntryRow, *, text_dates: bool) -> list[tuple[Any, ...]]:
    entry_on = row.draft.entry_on.isoformat() if text_dates else row.draft.entry_on
    count = len(row.draft.lines)
    return [
        (row.id, position, count, entry_on, line.fund, line.debit, line.credit, line.satang)
        for position, line in enumerate(row.draft.lines, start=1)
    ]
