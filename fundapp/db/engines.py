"""The engine rules: how each database is connected to, and how transactions begin and commit.

* Python's ``sqlite3`` opens transactions by itself and loses updates under SQLAlchemy's defaults.
  The driver is put in autocommit mode and transactions are opened here: ``BEGIN IMMEDIATE`` to
  write, ``BEGIN`` to read.
* SQLite before 3.51.3 can corrupt a WAL database under several writers, so WAL is used only from
  there on.
"""

import importlib
import select
import sqlite3
from contextvars import ContextVar
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from psycopg.errors import InFailedSqlTransaction, error_from_result
from psycopg.pq import ExecStatus
from sqlalchemy import Connection, Engine, RootTransaction, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError

from fundapp.db.columns import Base

BUSY_TIMEOUT_MS = 20_000
#: SQLite copies its log back every so many pages (16 MB): a page that each posting changes is
#: then written back a quarter as often as by default.
WAL_PAGES = 4_000


class FundSession(FlaskSession):
    """The session of the one database.

    It keeps a connection from its first statement until it is closed with its request or command:
    a transaction then begins without a visit to the pool, which costs as much as a statement.
    """

    _kept: Connection | None = None

    @property
    def kept(self) -> Connection:
        """The connection, for `unit_of_work` and what speaks to the driver itself."""
        if self._kept is None:
            self._kept = self._db.engine.connect()
        return self._kept

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **_: Any) -> Any:
        """The connection, whatever is asked for."""
        return bind or self.kept

    def close(self) -> None:
        """Give the connection back to the pool."""
        kept, self._kept = self._kept, None
        try:
            super().close()
        except DBAPIError:
            if kept is None or not kept.invalidated:
                raise
        finally:
            if kept is not None:
                kept.close()


db = SQLAlchemy(
    model_class=Base, session_options={"class_": FundSession, "expire_on_commit": False}
)


def _drop_if_cut(driver: Any, _record: Any, _proxy: Any) -> None:
    """An idle server says nothing: something to read is its farewell. It costs no round trip."""
    if select.select([driver.pgconn.socket], [], [], 0)[0]:
        raise InvalidatePoolError


def is_postgresql(bind: Engine | Connection | None = None) -> bool:
    """Whether the database in use is PostgreSQL."""
    return (bind or db.engine).dialect.name == "postgresql"


def engine_options(url: str) -> dict[str, Any]:
    """What ``create_engine`` needs for ``url``: the newest SQLite at hand, or a sized PostgreSQL
    pool.
    """
    if url.startswith("sqlite"):
        return {"module": sqlite_module(), "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000}}
    return {
        "pool_size": 8,
        "max_overflow": 8,
        "connect_args": {
            "connect_timeout": 10,
            "client_encoding": "UTF8",
            "options": "-c lock_timeout=5000 -c statement_timeout=60000 -c timezone=UTC",
        },
    }


def sqlite_module() -> Any:
    """The pysqlite3 wheel where it is installed, else Python's own, which may carry an older
    SQLite.
    """
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def init_app(app: Flask) -> None:
    """Bind the databases to ``app`` and put the engine rules in force."""
    db.init_app(app)
    with app.app_context():
        # Not as listeners: with one on the engine, every statement pays for events.
        dialect: Any = db.engine.dialect
        if is_postgresql():
            event.listen(db.engine.pool, "checkout", _drop_if_cut)
            dialect.do_begin, dialect.do_commit = _begin_postgresql, _commit_postgresql
        else:
            event.listen(db.engine, "connect", keep_sqlite_rules)
            dialect.do_begin, dialect.do_commit = _begin_sqlite, _commit_sqlite


def keep_sqlite_rules(connection: Any, _record: Any) -> None:
    """Set a new connection's pragmas; the driver leaves transactions to us."""
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


#: Whether the connection that begins in this context is a unit of work's.
_begins_to_write: ContextVar[bool] = ContextVar("begins_to_write", default=False)


def _begin_sqlite(driver: Any) -> None:
    driver.execute("BEGIN IMMEDIATE" if _begins_to_write.get() else "BEGIN")


def _commit_sqlite(driver: Any) -> None:
    try:
        driver.execute("COMMIT")  # kept prepared, which the driver's own commit() is not
    except BaseException:
        driver.rollback()  # a deferred key that was refused leaves the transaction open
        raise


def _begin_postgresql(driver: Any) -> None:
    _command(driver, b"BEGIN")


def _commit_postgresql(driver: Any) -> None:
    _command(driver, b"COMMIT")


def _command(driver: Any, sql: bytes) -> None:
    # Straight to libpq: the driver's ways around it take as long as the server's answer.
    result = driver.pgconn.exec_(sql)
    if result.status != ExecStatus.COMMAND_OK:
        raise error_from_result(result)
    if result.command_status != sql:  # the server answers ROLLBACK, and calls it no error
        raise InFailedSqlTransaction("an error was passed over: nothing of it was committed")


def begin_to_write(connection: Connection) -> RootTransaction:
    """Begin a transaction that writes; SQLite takes its one lock at once."""
    token = _begins_to_write.set(True)
    try:
        return connection.begin()
    finally:
        _begins_to_write.reset(token)
