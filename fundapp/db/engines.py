"""How each database is connected to, and how transactions begin and commit.

* Python's ``sqlite3`` begins transactions by itself and loses updates under SQLAlchemy's defaults.
  The driver is put in autocommit mode and transactions begin here: with ``BEGIN IMMEDIATE`` to
  write, with ``BEGIN`` to read.
* On PostgreSQL a transaction that reads is ``REPEATABLE READ READ ONLY``, as it is by nature on
  SQLite: all questions of one page, report or command see the books at one moment.
* SQLite before 3.51.3 can corrupt a WAL database under several writers, so older versions use the
  rollback journal.
"""

import importlib
import select
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from psycopg.errors import InFailedSqlTransaction, OperationalError, error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Connection, Engine, RootTransaction, event, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError

from fundapp.db import faults
from fundapp.db.columns import Base
from fundapp.db.pools import Pool
from fundapp.db.waiting_rows import WaitingRows
from fundapp.db.write_queue import WriteQueue

#: For programs that do not stand in line (`write_queue`), such as the command line of SQLite.
BUSY_TIMEOUT_MS = 5_000
#: SQLite checkpoints its log every so many pages (16 MB), a quarter as often as by default: a page
#: that every posting changes is then copied back less often.
WAL_PAGES = 4_000
#: Statements that an SQLite connection keeps prepared: more than the program has in use, because
#: pysqlite3 throws out the newest of them when it has room for no more (100 by itself), and to
#: prepare the INSERT of an entry with its triggers takes longer than to post it.
PREPARED_STATEMENTS = 2_000


class FundSession(FlaskSession):
    """The session of the database.

    It holds one connection from its first statement until it is closed with its request or command.
    Taking a connection from the pool for each transaction would cost as much as a statement.
    """

    _held: Connection | None = None
    #: Where the connection was taken from, if it may lie ready there (`pools`), and when.
    _pool: Pool | None = None
    _generation = 0
    #: Whether it has asked for its connection: what was never used need not be cleared.
    _is_used = False

    @property
    def held_connection(self) -> Connection:
        """The connection, for `unit_of_work` and for statements without the session."""
        if self._held is None:
            engine = self._db.engine
            if isinstance(engine.pool, Pool):
                self._pool, self._generation = engine.pool, engine.pool.generation
                self._held = engine.pool.take(engine)
            else:
                self._held = engine.connect()
        return self._held

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **_: Any) -> Any:
        """The held connection for every table."""
        self._is_used = True
        return bind or self.held_connection

    def close(self) -> None:
        """Give the connection back to the pool."""
        connection, self._held = self._held, None
        try:
            if self._is_used or self.in_transaction() or self.new:
                super().close()
        except DBAPIError:
            if connection is None or not connection.invalidated:
                raise
        finally:
            if connection is not None and self._pool is not None:
                self._pool.give_back(connection, self._generation)
            elif connection is not None:
                connection.close()


db = SQLAlchemy(
    model_class=Base, session_options={"class_": FundSession, "expire_on_commit": False}
)


def _discard_if_closed(driver: Any, _record: Any, _proxy: Any) -> None:
    """Discard a pooled connection that the server has closed."""
    if not _is_open_postgresql(driver):
        raise InvalidatePoolError


def _is_open_postgresql(driver: Any) -> bool:
    """Whether the server has not closed an idle connection, without a round trip.

    On an idle connection the server sends nothing, so anything to read is its closing message.
    """
    return not select.select([driver.pgconn.socket], [], [], 0)[0]


def _is_idle_postgresql(driver: Any) -> bool:
    idle: bool = driver.pgconn.transaction_status == TransactionStatus.IDLE
    return idle


def _is_open_sqlite(_driver: Any) -> bool:
    return True  # a file that failed is known to the pool (`_is_spoiled`)


def _is_idle_sqlite(driver: Any) -> bool:
    return not driver.in_transaction


def is_postgresql(bind: Engine | Connection | None = None) -> bool:
    """Whether the database in use is PostgreSQL."""
    return (bind or db.engine).dialect.name == "postgresql"


def engine_options(url: str) -> dict[str, Any]:
    """Options of ``create_engine`` for ``url``: the SQLite module, or PostgreSQL's pool."""
    if url.startswith("sqlite"):
        file = _file_beside(make_url(url).database)
        return {
            "module": sqlite_module(),
            "connect_args": {
                "timeout": BUSY_TIMEOUT_MS / 1000,
                "cached_statements": PREPARED_STATEMENTS,
            },
            **({"poolclass": Pool} if file else {}),
        }
    return {
        "poolclass": Pool,
        "pool_size": 8,
        "max_overflow": 8,
        "connect_args": {
            "connect_timeout": 10,
            "client_encoding": "UTF8",
            # Only a statement of seconds gains by helping processes, or by being compiled first.
            "options": "-c lock_timeout=5000 -c statement_timeout=60000 -c timezone=UTC"
            " -c parallel_setup_cost=100000 -c jit=off",
        },
    }


def sqlite_module() -> Any:
    """The pysqlite3 wheel if it is installed, else Python's own module; its SQLite may be older."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def init_app(app: Flask) -> None:
    """Bind the database to ``app`` and set its engine up."""
    db.init_app(app)
    with app.app_context():
        # Not as engine listeners: with one of those, every statement pays for event dispatch.
        dialect: Any = db.engine.dialect
        if is_postgresql():
            event.listen(db.engine.pool, "checkout", _discard_if_closed)
            dialect.do_begin, dialect.do_commit = _begin_postgresql, _commit_postgresql
            dialect.do_rollback = _roll_back_postgresql
            dialect.is_usable, dialect.is_idle = _is_open_postgresql, _is_idle_postgresql
            dialect.write_queue = dialect.waiting_rows = None
        else:
            event.listen(db.engine, "connect", set_sqlite_pragmas)
            dialect.do_begin, dialect.do_commit = _begin_sqlite, _commit_sqlite
            dialect.is_disconnect = _is_spoiled
            dialect.is_usable, dialect.is_idle = _is_open_sqlite, _is_idle_sqlite
            file = _file_beside(db.engine.url.database)
            dialect.write_queue = WriteQueue(file and f"{file}-queue")
            dialect.waiting_rows = WaitingRows(f"{file}-reads") if file else None


def set_sqlite_pragmas(connection: Any, _record: Any) -> None:
    """Set a new connection's pragmas, and stop the driver from beginning transactions itself."""
    connection.isolation_level = None
    wal = sqlite_module().sqlite_version_info >= (3, 51, 3)
    for pragma in (
        f"journal_mode={'WAL' if wal else 'DELETE'}",
        f"synchronous={'FULL' if wal else 'EXTRA'}",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "trusted_schema=OFF",
        "secure_delete=ON",
        "recursive_triggers=ON",
        f"wal_autocheckpoint={WAL_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}")


#: Whether the transaction that begins in this context is a unit of work's.
_begins_to_write: ContextVar[bool] = ContextVar("begins_to_write", default=False)


def _begin_sqlite(driver: Any) -> None:
    driver.execute("BEGIN IMMEDIATE" if _begins_to_write.get() else "BEGIN")


def _commit_sqlite(driver: Any) -> None:
    try:
        driver.execute("COMMIT")  # a cached prepared statement, unlike the driver's own commit()
    except BaseException:
        driver.rollback()  # a refused deferred foreign key leaves the transaction open
        raise


def _begin_postgresql(driver: Any) -> None:
    # The BEGIN of a transaction that writes is sent with its first statement, by the driver or in
    # one round trip with it (`pipeline`).
    if not _begins_to_write.get():
        _command(driver, b"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _commit_postgresql(driver: Any) -> None:
    if driver.pgconn.transaction_status != TransactionStatus.IDLE:
        _command(driver, b"COMMIT")


def _roll_back_postgresql(driver: Any) -> None:
    # The driver's own way makes the server forget what it has prepared.
    if driver.pgconn.transaction_status != TransactionStatus.IDLE:
        _command(driver, b"ROLLBACK")


def _command(driver: Any, sql: bytes) -> None:
    # Directly through libpq: the driver's own path takes as long as the server's answer.
    result = driver.pgconn.exec_(sql)
    if result.status != ExecStatus.COMMAND_OK:
        error = error_from_result(result)
        # A server that said nothing before it closed has given no SQLSTATE to tell the class from.
        raise error if error.sqlstate else OperationalError(str(error))
    # After an ignored error the server answers COMMIT with ROLLBACK.
    if not sql.startswith(result.command_status):
        raise InFailedSqlTransaction("an earlier error was ignored: nothing was committed")


def _is_spoiled(error: Any, _connection: Any, _cursor: Any) -> bool:
    """Let SQLAlchemy drop the connections of an SQLite file whose disk or rights failed."""
    return faults.is_spoiled(error)


def has_file(engine: Engine) -> bool:
    """Whether the database is there, as far as it is known without connecting: an SQLite file would
    be made by that.
    """
    if is_postgresql(engine):
        return True
    file = _file_beside(engine.url.database)
    return file is not None and Path(file).exists()


def files_of_database(engine: Engine) -> list[Path]:
    """The SQLite file and those that belong to it, whether they are there or not; none on
    PostgreSQL and in memory.
    """
    file = None if is_postgresql(engine) else _file_beside(engine.url.database)
    endings = ("", "-wal", "-shm", "-journal", "-queue", "-reads", "-reads-taken")
    return [Path(f"{file}{ending}") for ending in endings] if file else []


def _file_beside(database: str | None) -> str | None:
    """The path of the database's file; None in memory."""
    return None if database in (None, "", ":memory:") else database


@contextmanager
def only_reading(connection: Connection) -> Iterator[None]:
    """Have SQLite refuse every write of the connection meanwhile.

    A refused write counts as a fault of the disk, so the connection is dropped.
    """
    driver: Any = connection.connection.driver_connection  # begins no transaction
    driver.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        if not connection.invalidated:
            driver.execute("PRAGMA query_only = OFF")


def checkpoint(engine: Engine) -> None:
    """Bring SQLite's log back into the database, which makes room on a full disk."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except raw.dbapi_connection.Error:  # type: ignore[union-attr]
        raw.invalidate()
    finally:
        raw.close()


def begin_to_write(connection: Connection) -> RootTransaction:
    """Begin a transaction that writes; SQLite takes its write lock at once."""
    token = _begins_to_write.set(True)
    try:
        return connection.begin()
    finally:
        _begins_to_write.reset(token)
