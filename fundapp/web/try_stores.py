"""Where tries are counted: in one place for all processes, so that a limit holds in total.

* On PostgreSQL in the application's own database: the unlogged table ``limits.tries``, in a schema
  of its own because its rows are no data of the fund. They are in no backup, and a crash of the
  server empties them.
* On SQLite in a small file beside the database. In the database each try would wait for whoever
  writes there, such as a long import, and would cost a write to the disk; nothing here needs to
  survive a power cut, so this file is never synced.
* Where ``RATE_LIMIT_STORAGE_URL`` names one, in a store that the library ``limits`` knows (Redis).

Keys are hashed with the application's secret, so neither addresses nor e-mail addresses are stored.
A try is a row until its window has passed; each new one removes some that have.
"""

import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, Protocol, cast

from limits.errors import StorageError
from limits.storage import MovingWindowSupport, storage_from_string
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from fundapp.db import begin_to_write, sqlite_module
from fundapp.db.prepared import Prepared, Run, run_all
from fundapp.errors import BusyError

_log = logging.getLogger(__name__)

#: Rows past their window that a new try removes: more than it adds, so that they do not pile up.
SWEPT_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Window:
    """At most ``most`` tries of ``key``, 16 bytes, in ``seconds``."""

    key: bytes
    most: int
    seconds: int


#: Windows of which a try takes the first that has room.
Choice = Sequence[Window]


class TryStore(Protocol):
    """Counts tries in windows that move; ``key`` is 16 bytes, ``seconds`` the length of the window.

    Tries are judged and counted in one step, whatever other threads and processes do. Raises
    BusyError while the store does not answer.
    """

    def take(self, choices: Sequence[Choice]) -> list[int]:
        """Count a try in the first window of each choice that has room, or none at all when one
        choice has no room: of each choice 0, or the whole seconds until its last window has room.
        """

    def give_back(self, key: bytes, seconds: int) -> None:
        """Undo the last one that was counted."""


def _seconds_to_wait(oldest: float | None, seconds: int, now: float) -> int:
    """``oldest`` is the oldest of the newest ``most`` tries; None where there are fewer."""
    return 0 if oldest is None else max(1, ceil(oldest + seconds - now))


def _choose(
    choices: Sequence[Choice], waits: Mapping[Window, int]
) -> tuple[list[Window], list[int]]:
    """The first window of each choice that has room, and how long each choice has to be waited
    for.
    """
    free = [next((each for each in choice if not waits[each]), None) for choice in choices]
    refused = [0 if one else waits[choice[-1]] for one, choice in zip(free, choices, strict=True)]
    return [window for window in free if window is not None], refused


def _array(values: Iterable[bytes | float]) -> str:
    """The text that PostgreSQL reads as an array."""
    texts = (f'"\\\\x{each.hex()}"' if isinstance(each, bytes) else repr(each) for each in values)
    return "{" + ",".join(texts) + "}"


class PostgresqlTries:
    """The table of the application's own database."""

    _OLDEST = Prepared(
        "oldest_tries",
        text(
            "SELECT (SELECT at FROM limits.tries AS tries WHERE tries.key = wanted.key"
            " AND at >= wanted.since ORDER BY at DESC LIMIT 1 OFFSET wanted.most - 1)"
            " FROM unnest(CAST(:keys AS bytea[]), CAST(:since AS float8[]),"
            " CAST(:most AS bigint[]))"
            " WITH ORDINALITY AS wanted (key, since, most, number) ORDER BY number"
        ),
    )
    #: In the order given, the same for everybody, so that nobody waits for another in a circle.
    _LOCK = Prepared(
        "lock_tries",
        text(
            "SELECT pg_advisory_xact_lock(lock)"
            " FROM unnest(CAST(:locks AS bigint[])) AS locks (lock)"
        ),
    )
    _INSERT_AND_SWEEP = Prepared(
        "insert_tries",
        text(
            "WITH swept AS (DELETE FROM limits.tries WHERE ctid = ANY (ARRAY("
            "SELECT ctid FROM limits.tries WHERE until < CAST(:now AS float8)"
            " LIMIT CAST(:swept AS bigint) FOR UPDATE SKIP LOCKED)))"
            " INSERT INTO limits.tries (key, at, until) SELECT key, CAST(:now AS float8), until"
            " FROM unnest(CAST(:keys AS bytea[]), CAST(:until AS float8[])) AS taken (key, until)"
        ),
    )
    _GIVE_BACK = text(
        "DELETE FROM limits.tries WHERE ctid = (SELECT ctid FROM limits.tries"
        " WHERE key = :key ORDER BY at DESC LIMIT 1 FOR UPDATE)"
    )

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, choices: Sequence[Choice]) -> list[int]:
        """See `TryStore`."""
        now, windows = time.time(), [window for choice in choices for window in choice]
        with self._transaction() as connection:
            # Those of one key come one after another; the locks end with the transaction.
            locks = sorted({int.from_bytes(each.key[:8], "big", signed=True) for each in windows})
            _, found = run_all(
                connection, [self._LOCK.run(locks=_array(locks)), self._oldest(windows, now)]
            )
            waits = {
                window: _seconds_to_wait(at, window.seconds, now)
                for window, (at,) in zip(windows, found, strict=True)
            }
            taken, refused = _choose(choices, waits)
            if not any(refused):
                insert = self._INSERT_AND_SWEEP.run(
                    keys=_array(window.key for window in taken),
                    until=_array(now + window.seconds for window in taken),
                    now=now,
                    swept=SWEPT_AT_ONCE * len(taken),
                )
                run_all(connection, [insert])
        return refused

    def _oldest(self, windows: Sequence[Window], now: float) -> Run:
        return self._OLDEST.run(
            keys=_array(window.key for window in windows),
            since=_array(now - window.seconds for window in windows),
            most=_array(window.most for window in windows),
        )

    def give_back(self, key: bytes, seconds: int) -> None:
        """See `TryStore`."""
        with self._transaction() as connection:
            connection.execute(self._GIVE_BACK, {"key": key})

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        # A connection of its own: the request's may be in the middle of reading.
        with self._engine.connect() as connection:
            try:
                with begin_to_write(connection):
                    yield connection
            except ProgrammingError as error:
                # The table is missing, or the application's role may not use it.
                _log.exception("limits.tries cannot be used; see Rate limits in docs/operations.md")
                raise BusyError from error


class SqliteTries:
    """A file of its own beside the database; it can be removed at any time."""

    _SCHEMA = (
        "CREATE TABLE IF NOT EXISTS tries (key BLOB NOT NULL, at REAL NOT NULL,"
        " until REAL NOT NULL) STRICT",
        "CREATE INDEX IF NOT EXISTS ix_tries_key ON tries (key, at)",
        "CREATE INDEX IF NOT EXISTS ix_tries_until ON tries (until)",
    )
    #: The oldest of the newest ``most`` tries in the window; no row where there are fewer.
    _OLDEST = (
        "SELECT at FROM tries WHERE key = :key AND at >= :since"
        " ORDER BY at DESC LIMIT 1 OFFSET :most - 1"
    )
    _INSERT = "INSERT INTO tries (key, at, until) VALUES (:key, :at, :until)"
    _SWEEP = (
        "DELETE FROM tries WHERE rowid IN (SELECT rowid FROM tries WHERE until < :now LIMIT :most)"
    )
    _GIVE_BACK = (
        "DELETE FROM tries WHERE rowid ="
        " (SELECT rowid FROM tries WHERE key = :key ORDER BY at DESC LIMIT 1)"
    )

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._guard = threading.Lock()
        self._connection: Any = None
        self._opened = (0, 0)

    def take(self, choices: Sequence[Choice]) -> list[int]:
        """See `TryStore`."""
        with self._transaction() as connection:
            now = time.time()
            waits = {
                window: self._wait(connection, window.key, window.most, window.seconds, now)
                for choice in choices
                for window in choice
            }
            taken, refused = _choose(choices, waits)
            if not any(refused):
                for window in taken:
                    row = {"key": window.key, "at": now, "until": now + window.seconds}
                    connection.execute(self._INSERT, row)
                swept = {"now": now, "most": SWEPT_AT_ONCE * len(taken)}
                connection.execute(self._SWEEP, swept)
        return refused

    def give_back(self, key: bytes, seconds: int) -> None:
        """See `TryStore`."""
        with self._transaction() as connection:
            connection.execute(self._GIVE_BACK, {"key": key})

    def _wait(self, connection: Any, key: bytes, most: int, seconds: int, now: float) -> int:
        values = {"key": key, "since": now - seconds, "most": most}
        row = connection.execute(self._OLDEST, values).fetchone()
        return _seconds_to_wait(row[0] if row else None, seconds, now)

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        """A transaction of this process's one connection. Raises BusyError."""
        module = sqlite_module()
        with self._guard:
            try:
                connection = self._open(module)
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
            except (module.Error, OSError) as error:
                self._close()
                if _is_torn(error):
                    self._path.unlink(missing_ok=True)
                raise BusyError from error

    def _open(self, module: Any) -> Any:
        """The connection; a new one in a forked process, and when the file was replaced."""
        if self._connection is not None and self._opened == self._identity():
            return self._connection
        self._close()
        try:
            self._connection = self._connect(module)
        except module.DatabaseError as error:
            if not _is_torn(error):
                raise
            # Counts that a crash has torn are worth nothing.
            self._path.unlink()
            self._connection = self._connect(module)
        self._opened = self._identity()
        return self._connection

    def _identity(self) -> tuple[int, int]:
        """The process, and the file that is there now; 0 for none."""
        try:
            return os.getpid(), self._path.stat().st_ino
        except FileNotFoundError:
            return os.getpid(), 0

    def _connect(self, module: Any) -> Any:
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = module.connect(
            str(self._path), timeout=5.0, isolation_level=None, check_same_thread=False
        )
        # Without a log: it would be two more files, and a rollback is all that is ever needed.
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
        for statement in self._SCHEMA:
            connection.execute(statement)
        connection.execute("COMMIT")
        return connection

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and self._opened[0] == os.getpid():
            connection.close()


def _is_torn(error: BaseException) -> bool:
    return "not a database" in str(error) or "malformed" in str(error)


class LibraryTries:
    """A store of the library ``limits``: Redis, or the memory of one process.

    It cannot take a try back, so those given back are counted apart and raise the limit.
    """

    _MOST_GIVEN_BACK = 100_000

    def __init__(self, url: str) -> None:
        self._store = cast(MovingWindowSupport, storage_from_string(url, wrap_exceptions=True))

    def take(self, choices: Sequence[Choice]) -> list[int]:
        """See `TryStore`. It counts one after another, and gives back where one has no room."""
        taken: list[Window] = []
        refused: list[int] = []
        for choice in choices:
            for window in choice:
                wait = self._take_one(window)
                if wait == 0:
                    taken.append(window)
                    break
            refused.append(wait)
        if any(refused):
            for window in taken:
                self.give_back(window.key, window.seconds)
        return refused

    def _take_one(self, window: Window) -> int:
        with _answering():
            name, allowed = self._allowed(window.key, window.most, window.seconds)
            if self._store.acquire_entry(name, allowed, window.seconds):
                return 0
            return self._until_free(name, allowed, window.seconds)

    def give_back(self, key: bytes, seconds: int) -> None:
        """See `TryStore`."""
        with _answering():
            self._store.acquire_entry(f"{key.hex()}/given-back", self._MOST_GIVEN_BACK, seconds)

    def _allowed(self, key: bytes, most: int, seconds: int) -> tuple[str, int]:
        given_back = self._store.get_moving_window(
            f"{key.hex()}/given-back", self._MOST_GIVEN_BACK, seconds
        )
        return key.hex(), most + given_back[1]

    def _until_free(self, name: str, allowed: int, seconds: int) -> int:
        oldest, _count = self._store.get_moving_window(name, allowed, seconds)
        return max(1, ceil(oldest + seconds - time.time()))


@contextmanager
def _answering() -> Iterator[None]:
    """BusyError while the library's store does not answer."""
    try:
        yield
    except StorageError as error:
        raise BusyError from error
