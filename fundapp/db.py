"""The two databases: engine rules, column types and the unit of work.

SQLite is embedded, PostgreSQL serves production; every table and trigger exists on both. Only
`unit_of_work` commits. What bites, and why it is done so:

* Python's ``sqlite3`` opens transactions by itself and loses updates under SQLAlchemy's defaults.
  The driver is put in autocommit mode and transactions are opened here: ``BEGIN IMMEDIATE`` to
  write, ``BEGIN`` to read.
* SQLite before 3.51.3 can corrupt a WAL database under several writers, so WAL is used only from
  there on.
* SQLite tables are STRICT, so its column types are the five it knows; instants and days are ISO
  text there.
"""

import importlib
import re
import sqlite3
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, ParamSpec, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    event,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

P = ParamSpec("P")
T = TypeVar("T")

BUSY_TIMEOUT_MS = 20_000
#: SQLite copies its log back every so many pages (16 MB): a page that each posting changes is
#: then written back a quarter as often as by default.
WAL_PAGES = 4_000
ATTEMPTS = 5
#: PostgreSQL: serialisation failure, deadlock. Running the same work again is the cure.
RETRYABLE_SQLSTATES = frozenset({"40001", "40P01"})
#: Two requests with one key, reference or address at once: the second, run again, finds the first's
#: row.
RETRYABLE_CONSTRAINT = re.compile(r"\buq_\w+_(idempotency_key|external_ref|reference|email)\b")

BigInt = BigInteger().with_variant(Integer(), "sqlite")
Bytes = LargeBinary


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant: TIMESTAMPTZ on PostgreSQL, ``YYYY-MM-DDTHH:MM:SSZ`` on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """TEXT on SQLite."""
        kind: TypeEngine[Any] = Text() if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive instants: they have no meaning here."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.strftime("%Y-%m-%dT%H:%M:%SZ") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give back aware UTC."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)  # it reads the Z as UTC
        result: datetime = value.astimezone(UTC)
        return result


class Day(TypeDecorator[date]):
    """A calendar day: DATE on PostgreSQL, ``YYYY-MM-DD`` on SQLite."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """TEXT on SQLite."""
        kind: TypeEngine[Any] = Text() if dialect.name == "sqlite" else Date()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        """ISO text on SQLite."""
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """Give back a date."""
        return date.fromisoformat(value) if isinstance(value, str) else value


class Flag(TypeDecorator[bool]):
    """Yes or no: BOOLEAN on PostgreSQL, 0 or 1 on SQLite."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """INTEGER on SQLite, whose STRICT tables know no BOOLEAN."""
        kind: TypeEngine[Any] = Integer() if dialect.name == "sqlite" else Boolean()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:
        """0 or 1 on SQLite."""
        return int(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        """Give back a bool."""
        return None if value is None else bool(value)


class Choice(TypeDecorator[StrEnum]):
    """A `StrEnum`, stored as its value. Pair it with `one_of` so that the table refuses other
    values.
    """

    impl = Text
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Refuse what is not one of the choices."""
        return None if value is None else str(self.choices(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Give back the member."""
        return None if value is None else self.choices(value)


def one_of(column: str, choices: Iterable[str], name: str | None = None) -> CheckConstraint:
    """CHECK that ``column`` holds one of ``choices``; named ``ck_<table>_<column>_known``."""
    listed = ", ".join(f"'{choice}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({listed})", name=name or f"{column}_known")


class Base(DeclarativeBase):
    """The base of every table: named constraints everywhere, STRICT on SQLite."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


@event.listens_for(Table, "after_parent_attach")
def _strict_on_sqlite(table: Table, metadata: MetaData) -> None:
    if metadata is Base.metadata:
        table.kwargs["sqlite_strict"] = True


class FundSession(FlaskSession):
    """The session of the one database; its engine is looked up once, not at each statement."""

    @cached_property
    def _engine(self) -> Engine:
        return super().get_bind()

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **_: Any) -> Any:
        """The engine, whatever is asked for."""
        return bind or self._engine


db = SQLAlchemy(
    model_class=Base, session_options={"class_": FundSession, "expire_on_commit": False}
)


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
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _on_sqlite_connect)
            # Not as listeners: with one on the engine, every statement pays for events.
            dialect: Any = db.engine.dialect
            dialect.do_begin, dialect.do_commit = _begin_sqlite, _commit_sqlite


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
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
    driver.execute("COMMIT")  # kept prepared, which the driver's own commit() is not


def begin_to_write(session: Session) -> None:
    """Begin the session's transaction as one that writes; SQLite takes its one lock at once."""
    token = _begins_to_write.set(True)
    try:
        session.connection()
    finally:
        _begins_to_write.reset(token)


def unit_of_work(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``work`` in one transaction, commit, and give back what it returned.

    Any exception rolls everything back. A deadlock or a serialisation failure runs the work again,
    at most `ATTEMPTS` times; so pass ids rather than rows, and let the work read them anew.
    """
    session = db.session()
    if session.info.get("in_unit_of_work"):
        raise RuntimeError("a unit of work is already open")
    for attempt in range(1, ATTEMPTS + 1):
        session.rollback()
        session.info["in_unit_of_work"] = True
        try:
            begin_to_write(session)
            result = work(*args, **kwargs)
            session.commit()
        except BaseException as error:
            _roll_back(session)
            if attempt == ATTEMPTS or not is_retryable(error):
                raise
        else:
            return result
        finally:
            session.info["in_unit_of_work"] = False
    raise AssertionError("unreachable")


def _roll_back(session: Any) -> None:
    try:
        session.rollback()
    except DBAPIError:
        session.invalidate()  # the connection is gone, and with it the transaction


def is_retryable(error: BaseException) -> bool:
    """Whether running the same work again can succeed; takes the driver's own errors too."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True  # the server was restarted since the connection was last used
    cause = getattr(error, "orig", error)
    sqlstate = getattr(cause, "sqlstate", None)
    return sqlstate in RETRYABLE_SQLSTATES or (
        sqlstate == "23505" and RETRYABLE_CONSTRAINT.search(str(cause)) is not None
    )


def lock(statement: Select[T]) -> T | None:
    """The one row of ``statement`` or None, locked until the unit of work ends and read anew."""
    locked = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(locked).one_or_none()


def is_postgresql(bind: Engine | Connection | None = None) -> bool:
    """Whether the database in use is PostgreSQL."""
    return (bind or db.engine).dialect.name == "postgresql"
