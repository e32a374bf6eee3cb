"""The base of every table and its column types: Python gets the same values from both databases.

SQLite tables are STRICT, so their columns have one of its five types; instants and days are ISO
text there.
"""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Constraint,
    Date,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

#: Reads a value of a row. It is made once for a column: `TypeDecorator` would call two functions
#: more for each value.
ReadValue = Callable[[Any], Any]
_FLAGS: dict[int | None, bool | None] = {None: None, 0: False, 1: True}

BigInt = BigInteger().with_variant(Integer(), "sqlite")
Bytes = LargeBinary


def read_instant(value: datetime | str | None) -> datetime | None:
    """What a database gives for an instant, in UTC."""
    if value is None:
        return None
    # fromisoformat reads the Z as UTC.
    return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


def _read_day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant: TIMESTAMPTZ on PostgreSQL, ``YYYY-MM-DDTHH:MM:SSZ`` on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """TEXT on SQLite."""
        kind: TypeEngine[Any] = Text() if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive instants: without a time zone they are ambiguous."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.strftime("%Y-%m-%dT%H:%M:%SZ") if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> ReadValue:
        """An aware instant in UTC."""
        return read_instant


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

    def result_processor(self, dialect: Dialect, coltype: object) -> ReadValue:
        """A date."""
        return _read_day


class Flag(TypeDecorator[bool]):
    """Yes or no: BOOLEAN on PostgreSQL, 0 or 1 on SQLite."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """INTEGER on SQLite, whose STRICT tables have no BOOLEAN."""
        kind: TypeEngine[Any] = Integer() if dialect.name == "sqlite" else Boolean()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:
        """0 or 1 on SQLite."""
        return int(value) if value is not None and dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> ReadValue:
        """A bool."""
        return _FLAGS.__getitem__


class Choice(TypeDecorator[StrEnum]):
    """A `StrEnum`, stored as its value; with `one_of` the table refuses other values too."""

    impl = Text
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The value; ValueError for one that is not a member."""
        return None if value is None else str(self.choices(value))

    def result_processor(self, dialect: Dialect, coltype: object) -> ReadValue:
        """The member; KeyError for what is none."""
        members: dict[str | None, StrEnum] = {member.value: member for member in self.choices}
        return (members | {None: None}).__getitem__


class Json(TypeDecorator[Any]):
    """What JSON can write, stored as its text with the keys in order."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The text."""
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """What was written."""
        return None if value is None else json.loads(value)


_ONLY_ON = "only on"
_Constraint = TypeVar("_Constraint", bound=Constraint)


def one_of(column: str, choices: Iterable[str], name: str | None = None) -> CheckConstraint:
    """CHECK that ``column`` holds one of ``choices``; named ``ck_<table>_<column>_known``."""
    listed = ", ".join(f"'{choice}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({listed})", name=name or f"{column}_known")


def kept_by_trigger(constraint: _Constraint) -> _Constraint:
    """``constraint`` as it is on SQLite; on PostgreSQL a trigger refuses what it forbids.

    For tables that are written very often: PostgreSQL reads the text of a CHECK anew for every
    statement, and a foreign key locks the row that it names.
    """
    constraint.info[_ONLY_ON] = "sqlite"
    constraint.ddl_if(dialect="sqlite")
    return constraint


def is_kept_on(constraint: Constraint, database: str) -> bool:
    """Whether a constraint of the models is one of the tables of ``database``, the name of its
    dialect.
    """
    return bool(constraint.info.get(_ONLY_ON, database) == database)


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


#: What an encrypted value looks like: the zero byte after an id of 1 to 16 characters, then nonce
#: and tag, 28 bytes, at least. In the words of each database; ``{0}`` is the column.
ENCRYPTED_RULES = {
    "sqlite": "instr({0}, x'00') BETWEEN 2 AND 17 AND length({0}) >= instr({0}, x'00') + 28",
    "postgresql": (
        "position('\\x00'::bytea in {0}) BETWEEN 2 AND 17"
        " AND length({0}) >= position('\\x00'::bytea in {0}) + 28"
    ),
}


class _IsEncrypted(ColumnElement[bool]):
    inherit_cache = False

    def __init__(self, column: str) -> None:
        self.column = column


@compiles(_IsEncrypted)
def _on_sqlite(element: _IsEncrypted, _compiler: Any, **_: Any) -> str:
    return ENCRYPTED_RULES["sqlite"].format(element.column)


@compiles(_IsEncrypted, "postgresql")
def _on_postgresql(element: _IsEncrypted, _compiler: Any, **_: Any) -> str:
    return ENCRYPTED_RULES["postgresql"].format(element.column)


def is_encrypted(column: Column[Any]) -> bool:
    """Whether the column is encrypted: its name says so."""
    return column.name.endswith("_encrypted")


@event.listens_for(Column, "after_parent_attach")
def _require_encryption(column: Column[Any], table: Any) -> None:
    if isinstance(table, Table) and table.metadata is Base.metadata and is_encrypted(column):
        table.append_constraint(CheckConstraint(_IsEncrypted(column.name), name=column.name))
