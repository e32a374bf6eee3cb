"""What a database contains, as a manifest says it."""

from dataclasses import dataclass

from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    func,
    inspect,
    literal,
    select,
    table,
)

from fundapp.children.encryption import encrypted_columns
from fundapp.db import Base, is_postgresql
from fundapp.documents.models import Document
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import JournalEntry

#: What ends the key's id in an encrypted value.
_END_OF_ID = b"\x00"


@dataclass(frozen=True, slots=True)
class Contents:
    """Rows by table, the newest entry's number, the tables' revision, the ids of the field keys
    that encrypted the columns, and the storage keys of the documents.
    """

    rows: dict[str, int]
    newest_entry: str | None
    migration: str | None
    field_keys: frozenset[str]
    storage_keys: tuple[str, ...]


def read_contents(connection: Connection) -> Contents:
    """What the database contains in the transaction of ``connection``."""
    newest = connection.scalar(select(func.max(JournalEntry.id)))
    return Contents(
        rows=count_rows(connection, inspect(connection).get_table_names()),
        newest_entry=None if newest is None else entry_number(newest),
        migration=MigrationContext.configure(connection).get_current_revision(),
        field_keys=frozenset(_key_ids(connection)),
        storage_keys=read_storage_keys(connection),
    )


def count_rows(connection: Connection, tables: list[str]) -> dict[str, int]:
    """How many rows each of ``tables`` has."""
    return {
        name: connection.scalars(select(func.count()).select_from(table(name))).one()
        for name in sorted(tables)
    }


def read_storage_keys(connection: Connection) -> tuple[str, ...]:
    """Under which keys the documents of the rows are stored."""
    return tuple(connection.scalars(select(Document.storage_key).order_by(Document.id)))


def key_id_of(encrypted: bytes) -> str | None:
    """The id of the key that encrypted a value or a file; None for one that is not encrypted."""
    key_id, end, _rest = encrypted[:64].partition(_END_OF_ID)
    text = key_id.decode("ascii", "replace")
    return text if end and text.isascii() and text.isalnum() else None


def _key_ids(connection: Connection) -> set[str]:
    """The ids of the keys of every encrypted column; one statement for each, no value is fetched
    but the id.
    """
    found = set()
    for name, columns in encrypted_columns().items():
        for column in (Base.metadata.tables[name].columns[each] for each in columns):
            length = _position_of_end(connection, column)
            ids = select(func.substr(column, 1, length - 1)).where(length > 1).distinct()
            found |= {bytes(each).decode("ascii") for each in connection.scalars(ids)}
    return found


def _position_of_end(connection: Connection, column: ColumnElement[bytes]) -> ColumnElement[int]:
    end = literal(_END_OF_ID, LargeBinary)
    if is_postgresql(connection):
        return func.position(end.op("IN")(column))
    return func.instr(column, end)
