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
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from typing import Any, Protocol, cast

from limits.errors import StorageError
from limits.storage import MovingWindowSupport, storage_from_string
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from fundapp.db import begin_to_write, sqlite_module
from fundapp.errors import BusyError

_log = logging.getLogger(__name__)

#: Rows past their window that a new try removes: more than it adds, so that they do not pile up.
SWEPT_AT_ONCE = 20


class TryStore(Protocol):
    """Counts tries in windows that move; ``key`` is 16 bytes, ``seconds`` the length of the window.

    A try is counted and judged in one step, whatever other threads and processes do. Raises
    BusyError while the store does not answer.
    """

    def take(self, key: bytes, most: int, seconds: int) -> int:
        """Count a try unless there were ``most`` in the window: 0, or the whole seconds until one
        is possible again.
        """

    def wait(self, key: bytes, most: int, seconds: int) -> int:
        """The same without counting one."""

    def give_back(self, key: bytes, seconds: int) -> None:
        """Undo the last one that was counted."""


#: The oldest of the newest ``most`` tries in the window; no row where there are fewer.
_OLDEST = (
    "SELECT at FROM {0} WHERE key = :key AND at >= :since ORDER BY at DESC LIMIT 1 OFFSET :most - 1"
)
_INSERT = "INSERT INTO {0} (key, at, until) VALUES (:key, :at, :until)"


def _seconds_to_wait(oldest: float | None, seconds: int, now: float) -> int:
    """``oldest`` is what `_OLDEST` finds."""
    return 0 if oldest is None else max(1, ceil(oldest + seconds - now))


class PostgresqlTries:
    """The table of the application's own database."""

    _OLDEST = text(_OLDEST.format("limits.tries"))
    _INSERT = text(_INSERT.format("limits.tries"))
    _LOCK = text("SELECT pg_advisory_xact_lock(CAST(:lock AS bigint))")
    _SWEEP = text(
        "DELETE FROM limits.tries WHERE ctid = ANY (ARRAY(SELECT ctid FROM limits.tries"
        " WHERE until < :now LIMIT :most FOR UPDATE SKIP LOCKED))"
    )
    _GIVE_BACK = text(
        "DELETE FROM limits.tries WHERE ctid = (SELECT ctid FROM limits.tries"
        " WHERE key = :key ORDER BY at DESC LIMIT 1 FOR UPDATE)"
    )

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, key: bytes, most: int, seconds: int) -> int:
        """See `TryStore`."""
        now = time.time()
        with self._transaction() as connection:
            # Those of one key come one after another; the lock ends with the transaction.
            lock = int.from_bytes(key[:8], "big", signed=True)
            connection.execute(self._LOCK, {"lock": lock})
            wait = self._wait(connection, key, most, seconds, now)
            if wait == 0:
                row = {"key": key, "at": now, "until": now + seconds}
                connection.execute(self._INSERT, row)
                connection.execute(self._SWEEP, {"now": now, "most": SWEPT_AT_ONCE})
        return wait

    def wait(self, key: bytes, most: int, seconds: int) -> int:
        """See `TryStore`."""
        with self._transaction() as connection:
            return self._wait(connection, key, most, seconds, time.time())

    def give_back(self, key: bytes, seconds: int) -> None:
        """See `TryStore`."""
        with self._transaction() as connection:
            connection.execute(self._GIVE_BACK, {"key": key})

    def _wait(self, connection: Connection, key: bytes, most: int, seconds: int, now: float) -> int:
        values = {"key": key, "since": now - seconds, "most": most}
        oldest = connection.scalar(self._OLDEST, values)
        return _seconds_to_wait(oldest, seconds, now)

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

    def take(self, key: bytes, most: int, seconds: int) -> int:
        """See `TryStore`."""
        with self._transaction() as connection:
            now = time.time()
            wait = self._wait(connection, key, most, seconds, now)
            if wait == 0:
                row = {"key": key, "at": now, "until": now + seconds}
                connection.execute(_INSERT.format("tries"), row)
                connection.execute(self._SWEEP, {"now": now, "most": SWEPT_AT_ONCE})
        return wait

    def wait(self, key: bytes, most: int, seconds: int) -> int:
        """See `TryStore`."""
        with self._transaction() as connection:
            return self._wait(connection, key, most, seconds, time.time())

    def give_back(self, key: bytes, seconds: int) -> None:
        """See `TryStore`."""
        with self._transaction() as connection:
            connection.execute(self._GIVE_BACK, {"key": key})

    def _wait(self, connection: Any, key: bytes, most: int, seconds: int, now: float) -> int:
        values = {"key": key, "since": now - seconds, "most": most}
        row = connection.execute(_OLDEST.format("tries"), values).fetchone()
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

    def take(self, key: bytes, most: int, seconds: int) -> int:
        """See `TryStore`."""
        with _answering():
            name, allowed = self._allowed(key, most, seconds)
            if self._store.acquire_entry(name, allowed, seconds):
                return 0
            return self._until_free(name, allowed, seconds)

    def wait(self, key: bytes, most: int, seconds: int) -> int:
        """See `TryStore`."""
        with _answering():
            name, allowed = self._allowed(key, most, seconds)
            count = self._store.get_moving_window(name, allowed, seconds)[1]
            return 0 if count < allowed else self._until_free(name, allowed, seconds)

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
