"""The base of every table and its column types: Python gets the same values from both databases.

SQLite tables are STRICT, so their columns have one of its five types; instants and days are ISO
text there.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
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
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

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
        """Refuse naive instants: without a time zone they are ambiguous."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.strftime("%Y-%m-%dT%H:%M:%SZ") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """An aware instant in UTC."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)  # reads the Z as UTC
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
        """A date."""
        return date.fromisoformat(value) if isinstance(value, str) else value


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

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        """A bool."""
        return None if value is None else bool(value)


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

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The member."""
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
