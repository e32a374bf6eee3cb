"""Statements whose text is fixed, compiled once and run by the driver itself: for what every gift
writes.

SQLAlchemy works longer on a small statement than the database does. On PostgreSQL several go in one
round trip; on SQLite every other writer waits for them.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, cast

from psycopg.pq import Format
from sqlalchemy import Connection, Dialect, Table, insert
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from fundapp.db import pipeline
from fundapp.db.columns import Base

#: What the driver gave: whole numbers, fractions and texts, no value of a column type of ours.
Row = tuple[Any, ...]
#: The values of a row that is to be written, by column.
Values = dict[str, Any]

#: The object identifiers of PostgreSQL's types bigint, double precision, void, text and varchar.
_BIGINT, _DOUBLE, _VOID, _TEXTS = 20, 701, 2278, frozenset({25, 1043})
#: Statements of one round trip to PostgreSQL: their answers must fit into what a socket keeps.
_AT_ONCE = 100


class Prepared:
    """A statement with named values; ``name`` is its own on PostgreSQL."""

    def __init__(self, name: str, statement: Any) -> None:
        self.name = name.encode()
        self._statement = statement

    def run(self, **values: Any) -> "Run":
        """The statement with ``values``, for `run_all`."""
        return self, values

    @cached_property
    def on_sqlite(self) -> "Compiled":
        """For SQLite, with question marks."""
        return Compiled(self._statement, pysqlite.dialect())

    @cached_property
    def on_postgresql(self) -> "Compiled":
        """For PostgreSQL, with numbers and types."""
        dialect: Any = psycopg.dialect
        return Compiled(self._statement, dialect(paramstyle="numeric_dollar"))


Run = tuple[Prepared, Mapping[str, Any]]


class Compiled:
    """The text of a statement for one database, and how its values are sent."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled: SQLCompiler = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self._constants = dict(compiled.params)
        self._marks: list[tuple[str, Callable[[Any], Any] | None]] = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup or ()
        ]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """The values in the order of their marks, as the driver takes them."""
        known = {**self._constants, **given}
        return [known[name] if to is None else to(known[name]) for name, to in self._marks]


def insert_of(model: type[Base]) -> Prepared:
    """The statement that writes a row of ``model``: a value for each column."""
    return Prepared(f"insert_{model.__tablename__}", insert(cast(Table, model.__table__)))


def values_of(row: Base) -> Values:
    """The values of all columns of a row."""
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def run_all(connection: Connection, runs: Sequence[Run]) -> list[list[Row]]:
    """Run statements one after another in the open transaction; the rows of each.

    Raises what SQLAlchemy raises, of the first that was refused; those after it are not run.
    """
    send = _send_to_postgresql if connection.dialect.name == "postgresql" else _send_to_sqlite
    driver_error = connection.dialect.loaded_dbapi.Error
    try:
        return send(connection, runs)
    except driver_error as error:
        # The text alone, and no value: they are of people.
        raise DBAPIError.instance(
            runs[0][0].name.decode(), {}, error, driver_error, dialect=connection.dialect
        ) from error


def _send_to_sqlite(connection: Connection, runs: Sequence[Run]) -> list[list[Row]]:
    driver: Any = connection.connection.driver_connection
    answers = []
    for prepared, given in runs:
        compiled = prepared.on_sqlite
        answers.append(driver.execute(compiled.sql, compiled.values(given)).fetchall())
    return answers


def _send_to_postgresql(connection: Connection, runs: Sequence[Run]) -> list[list[Row]]:
    answers: list[list[Row]] = []
    for start in range(0, len(runs), _AT_ONCE):
        calls = [_call(*one) for one in runs[start : start + _AT_ONCE]]
        answers += [_rows(result) for result in pipeline.execute(connection, calls)]
    return answers


def _call(prepared: Prepared, given: Mapping[str, Any]) -> pipeline.Call:
    compiled = prepared.on_postgresql
    values = [_as_text(value) for value in compiled.values(given)]
    return pipeline.Call(prepared.name, compiled.sql, values, [Format.TEXT] * len(values))


def _as_text(value: Any) -> bytes | None:
    if value is None:
        return None
    return (value.isoformat() if isinstance(value, date) else str(value)).encode()


def _rows(result: Any) -> list[Row]:
    columns = [(at, result.ftype(at)) for at in range(result.nfields)]
    return [
        tuple(_value(kind, result.get_value(row, at)) for at, kind in columns)
        for row in range(result.ntuples)
    ]


def _value(kind: int, sent: bytes | None) -> Any:
    if sent is None or kind == _VOID:
        return None
    if kind == _DOUBLE:
        return struct.unpack(">d", sent)[0]
    if kind == _BIGINT:
        return int.from_bytes(sent, "big", signed=True)
    if kind in _TEXTS:
        return sent.decode()
    raise TypeError(f"no value of the type {kind} is read here")
