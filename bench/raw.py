"""The raw unit that posting is measured against: one received gift on a schema of its own.

The smallest tables that a ledger with funds can have, and five round trips of the plain driver:
BEGIN, the entry, its debit leg, its credit leg, COMMIT. It hashes nothing, keeps no balances and
has no triggers.
"""

import secrets
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg

from bench import driver

ACCOUNTS, FUNDS = 12, 40
BANK, DONATIONS = 1, 2
SATANG = 100_000

#: ``{id}`` and ``{time}`` are the types of the database.
TABLES = (
    "CREATE TABLE account (id {id} PRIMARY KEY, name text NOT NULL)",
    "CREATE TABLE fund (id {id} PRIMARY KEY, name text NOT NULL)",
    """
    CREATE TABLE entry (
        id {number}, ts {time} NOT NULL, kind text NOT NULL, descr text NOT NULL,
        donor text NOT NULL, idem_key text NOT NULL UNIQUE
    )
    """,
    """
    CREATE TABLE posting (
        entry_id {id} NOT NULL REFERENCES entry, line {id} NOT NULL,
        account_id {id} NOT NULL REFERENCES account, fund_id {id} NOT NULL REFERENCES fund,
        amount {id} NOT NULL CHECK (amount <> 0), PRIMARY KEY (entry_id, line)
    )
    """,
    "CREATE INDEX posting_covering ON posting (account_id, fund_id, entry_id, amount)",
)
TYPES = {
    "sqlite": {"id": "integer", "time": "text", "number": "integer PRIMARY KEY"},
    "postgresql": {
        "id": "bigint",
        "time": "timestamptz",
        "number": "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    },
}


def prepare(url: str) -> None:
    """Make the tables, the accounts and the funds."""
    with driver.connected(url) as connection:
        for table in TABLES:
            connection.execute(table.format(**TYPES[driver.kind_of(url)]))
        for table, count in (("account", ACCOUNTS), ("fund", FUNDS)):
            for number in range(1, count + 1):
                connection.execute(f"INSERT INTO {table} VALUES ({number}, '{table} {number}')")


def steps(url: str, funds: int) -> Iterator[None]:
    """Post one gift at each step, on ``funds`` funds in turn by chance."""
    with driver.connected(url) as connection:
        post = _post_sqlite if driver.kind_of(url) == "sqlite" else _post_postgresql
        while True:
            post(connection.cursor(), 1 + secrets.randbelow(funds))
            yield


def _post_sqlite(cursor: sqlite3.Cursor, fund: int) -> None:
    cursor.execute("BEGIN IMMEDIATE")
    cursor.execute(
        "INSERT INTO entry (ts, kind, descr, donor, idem_key) VALUES (?, ?, ?, ?, ?)",
        (datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), *_words()),
    )
    entry, leg = cursor.lastrowid, "INSERT INTO posting VALUES (?, ?, ?, ?, ?)"
    cursor.execute(leg, (entry, 1, BANK, fund, SATANG))
    cursor.execute(leg, (entry, 2, DONATIONS, fund, -SATANG))
    cursor.execute("COMMIT")


def _post_postgresql(cursor: psycopg.Cursor[Any], fund: int) -> None:
    cursor.execute("BEGIN")
    cursor.execute(
        "INSERT INTO entry (ts, kind, descr, donor, idem_key) VALUES (%s, %s, %s, %s, %s)"
        " RETURNING id",
        (datetime.now(UTC), *_words()),
        prepare=True,
    )
    (entry,) = cursor.fetchone()
    leg = "INSERT INTO posting VALUES (%s, %s, %s, %s, %s)"
    cursor.execute(leg, (entry, 1, BANK, fund, SATANG), prepare=True)
    cursor.execute(leg, (entry, 2, DONATIONS, fund, -SATANG), prepare=True)
    cursor.execute("COMMIT")


def _words() -> tuple[str, str, str, str]:
    key = secrets.token_hex(12)
    return "donation", "เงินบริจาค", key, key
