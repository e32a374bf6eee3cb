"""The SQL that writes entries: one statement on PostgreSQL, a few cheap ones on SQLite, and two for
many entries together on PostgreSQL.

Measured with ``make bench``: an ORM flush costs more than the disk does, and on PostgreSQL each
further round trip as much as a third of the whole posting. The statements' text is fixed, so the
drivers keep them prepared. Rows that bring a known idempotency key are left out and returned.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

import psycopg
from psycopg.pq import Format
from sqlalchemy import Connection

from fundapp.clock import iso
from fundapp.db import many_rows, pipeline
from fundapp.ledger.drafts import EntryDraft


@dataclass(frozen=True, slots=True)
class ExistingEntry:
    """What is already in the books under an idempotency key."""

    id: int
    content_hash: bytes
    leaf_hash: bytes


class EntryRow(Protocol):
    """An entry ready to be written."""

    id: int
    draft: EntryDraft
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
    $1::bigint, $2::text, $3::date, $4::timestamptz, $5::text, $6::text, $7::text, $8::text,
    $9::text, $10::text, $11::text, $12::bigint, $13::text, $14::bytea, $15::bigint, $16::bigint,
    $17::bytea, $18::bytea
"""
_POSTING_TYPES = ["text", "text", "text", "bigint"]
#: Entries of one round trip to PostgreSQL: their answers must fit into what a socket keeps. More
#: of them are copied into the tables.
_AT_ONCE = 100

# ruff: disable[S608]: the only parts put in here are the lists of columns above, and marks.
_SQLITE_ENTRY = f"INSERT INTO journal_entries ({_ENTRY_COLUMNS}) VALUES ({', '.join('?' * 18)})"
_SQLITE_POSTING = f"INSERT INTO postings ({_POSTING_COLUMNS}) VALUES ({', '.join('?' * 8)})"
_SQLITE_EXISTING = """
SELECT idempotency_key, id, content_hash, leaf_hash FROM journal_entries WHERE idempotency_key = ?
"""
_POSTGRESQL_EXISTING = """
SELECT idempotency_key, id, content_hash, leaf_hash FROM journal_entries
WHERE idempotency_key = ANY(%s)
"""
_SQLITE_SHORT_ACCOUNT = """
SELECT taken.account_code, sum(b.debit_satang - b.credit_satang) - taken.effect
FROM (
    SELECT fund_code, account_code, sum(effect) AS effect FROM (
        SELECT entry_id, fund_code, debit_account_code AS account_code, amount_satang AS effect
        FROM postings
        UNION ALL
        SELECT entry_id, fund_code, credit_account_code, -amount_satang FROM postings
    )
    WHERE entry_id = ?1 AND account_code < '2'
    GROUP BY fund_code, account_code HAVING sum(effect) < 0
) AS taken
JOIN monthly_balances AS b USING (fund_code, account_code)
WHERE NOT EXISTS (SELECT 1 FROM journal_entries WHERE id = ?1)
GROUP BY taken.fund_code, taken.account_code
HAVING sum(b.debit_satang - b.credit_satang) < 0
"""


@cache
def _postgresql(posting_count: int) -> str:
    """The statement for an entry of ``posting_count`` postings: each value is sent once.

    The postings' foreign key is deferred and the trigger that seals the entry runs at the end of
    the statement, when both are there.
    """
    postings = [
        f"($1::bigint, {position}::bigint, $15::bigint, $3::date,"
        f" ${at}::text, ${at + 1}::text, ${at + 2}::text, ${at + 3}::bigint)"
        for position, at in enumerate(range(19, 19 + 4 * posting_count, 4), start=1)
    ]
    return f"""
    WITH existing AS (
        SELECT idempotency_key, id, content_hash, leaf_hash
        FROM journal_entries WHERE idempotency_key = $13
    ), written_postings AS (
        INSERT INTO postings ({_POSTING_COLUMNS})
        SELECT * FROM (VALUES {", ".join(postings)}) AS given
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

    It calls the driver itself: a statement through SQLAlchemy costs as much again as the insert. So
    the driver's own errors are raised.
    """
    insert = _insert_sqlite
    if connection.dialect.name == "postgresql":
        insert = _copy_postgresql if _are_many(rows) else _insert_postgresql
    return {key: ExistingEntry(*values) for key, *values in insert(connection, rows)}


def short_account(
    connection: Connection, error: Exception, rows: Sequence[EntryRow]
) -> tuple[str, int]:
    """The account of which a refused entry takes more than it has of the fund, and what it has
    (satang).
    """
    if isinstance(error, psycopg.Error):
        account, _, satang = (error.diag.message_detail or "").partition(" ")
        return account, int(satang)
    # SQLite took back the entry alone: its postings are still there, and counted in the balances.
    driver: Any = connection.connection.driver_connection
    for row in rows:
        found = driver.execute(_SQLITE_SHORT_ACCOUNT, (row.id,)).fetchone()
        if found:
            return str(found[0]), int(found[1])
    raise AssertionError("no account is short") from error


def fold_balances(connection: Connection) -> None:
    """Fold every fund's waiting deltas into its balance rows; funds in use are passed over."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "SELECT fold_fund_balance(code, false, true) FROM funds ORDER BY code"
        )


def _insert_sqlite(connection: Connection, rows: Sequence[EntryRow]) -> list[tuple[Any, ...]]:
    driver: Any = connection.connection.driver_connection
    # The writer holds the database, so what is looked up here cannot appear a moment later.
    existing = []
    for row in rows:
        known = driver.execute(_SQLITE_EXISTING, (row.draft.idempotency_key,)).fetchone()
        if known:
            existing.append(known)
            continue
        driver.executemany(_SQLITE_POSTING, _posting_values(row))
        driver.execute(_SQLITE_ENTRY, _entry_values(row))
    return existing


def _are_many(rows: Sequence[EntryRow]) -> bool:
    """Whether to copy them; a key that comes twice among them is looked up row by row."""
    return len(rows) > _AT_ONCE and len({row.draft.idempotency_key for row in rows}) == len(rows)


def _copy_postgresql(connection: Connection, rows: Sequence[EntryRow]) -> list[tuple[Any, ...]]:
    driver: Any = connection.connection.driver_connection
    keys = [row.draft.idempotency_key for row in rows]
    existing: list[tuple[Any, ...]] = driver.execute(_POSTGRESQL_EXISTING, (keys,)).fetchall()
    known = {key for key, *_ in existing}
    new = [row for row in rows if row.draft.idempotency_key not in known]
    if new:
        postings = [values for row in new for values in _posting_values(row)]
        many_rows.write_values(connection, "postings", _names(_POSTING_COLUMNS), postings)
        entries = map(_entry_values, new)
        many_rows.write_values(connection, "journal_entries", _names(_ENTRY_COLUMNS), entries)
    return existing


def _insert_postgresql(connection: Connection, rows: Sequence[EntryRow]) -> list[tuple[Any, ...]]:
    existing: list[tuple[Any, ...]] = []
    for start in range(0, len(rows), _AT_ONCE):
        calls = [_call(row) for row in rows[start : start + _AT_ONCE]]
        for result in pipeline.execute(connection, calls):
            existing += [_existing(result, number) for number in range(result.ntuples)]
    return existing


def _names(columns: str) -> list[str]:
    return [name.strip() for name in columns.split(",")]


def _call(row: EntryRow) -> pipeline.Call:
    count, values = len(row.draft.postings), _entry_bytes(row)
    for posting in row.draft.postings:
        values += (
            posting.fund.encode(),
            posting.debit.encode(),
            posting.credit.encode(),
            b"%d" % posting.satang,
        )
    return pipeline.Call(b"post_%d" % count, _postgresql(count), values, _formats(count))


def _entry_bytes(row: EntryRow) -> list[bytes | None]:
    """As `_entry_values`, each as PostgreSQL takes it (`_formats`)."""
    draft = row.draft
    reverses = draft.reverses_entry_id
    return [
        b"%d" % row.id,
        draft.kind.encode(),
        str(draft.entry_on).encode(),
        iso(row.posted_at).encode(),
        draft.memo.encode(),
        draft.source_type.encode(),
        draft.source_ref.encode(),
        draft.maker.encode(),
        draft.checker.encode(),
        draft.receipt.encode(),
        draft.private.encode(),
        None if reverses is None else b"%d" % reverses,
        draft.idempotency_key.encode(),
        row.content_hash,
        b"%d" % len(draft.postings),
        b"%d" % draft.total_satang,
        row.canonical,
        row.leaf_hash,
    ]


@cache
def _formats(posting_count: int) -> list[Format]:
    """Strings and bytes are sent as they are, everything else as text that the server reads."""
    types = re.findall(r"::(\w+)", _ENTRY_MARKS) + _POSTING_TYPES * posting_count
    return [Format.BINARY if type_ in {"text", "bytea"} else Format.TEXT for type_ in types]


def _existing(result: Any, number: int) -> tuple[str, int, bytes, bytes]:
    key, entry_id, content_hash, leaf_hash = (result.get_value(number, at) for at in range(4))
    return key.decode(), int.from_bytes(entry_id, "big"), content_hash, leaf_hash


def _posting_values(row: EntryRow) -> list[tuple[Any, ...]]:
    """In the order of the columns, for each posting."""
    entry_on, count = str(row.draft.entry_on), len(row.draft.postings)
    return [
        (row.id, position, count, entry_on, p.fund, p.debit, p.credit, p.satang)
        for position, p in enumerate(row.draft.postings, start=1)
    ]


def _entry_values(row: EntryRow) -> tuple[Any, ...]:
    """In the order of the columns; day and instant as text, which drivers pass on unchanged."""
    draft = row.draft
    return (
        row.id,
        str(draft.kind),
        str(draft.entry_on),
        iso(row.posted_at),
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
        len(draft.postings),
        draft.total_satang,
        row.canonical,
        row.leaf_hash,
    )
