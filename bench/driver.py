"""Connections of the plain drivers, set up to be as durable as the program's own."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from fundapp.db.engines import WAL_PAGES, sqlite_module


def kind_of(url: str) -> str:
    """``sqlite`` or ``postgresql``."""
    return "sqlite" if url.startswith("sqlite") else "postgresql"


def plain(url: str) -> str:
    """The address as the PostgreSQL driver takes it, without SQLAlchemy's word for the driver."""
    return url.replace("postgresql+psycopg://", "postgresql://")


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """A connection in autocommit: who uses it begins and commits."""
    if kind_of(url) == "postgresql":
        connection: Any = psycopg.connect(plain(url), autocommit=True)
    else:
        connection = _connect_sqlite(url.removeprefix("sqlite:///"))
    try:
        yield connection
    finally:
        connection.close()


def _connect_sqlite(path: str) -> sqlite3.Connection:
    connection: sqlite3.Connection = sqlite_module().connect(path, timeout=20, isolation_level=None)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"wal_autocheckpoint={WAL_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection
