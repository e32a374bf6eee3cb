"""What a database contains, as a manifest says it."""

from dataclasses import dataclass

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, func, inspect, select, table

from fundapp.db.encrypted_columns import key_ids_in_use
from fundapp.documents.models import Document
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import JournalEntry


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
        field_keys=frozenset(key_ids_in_use(connection)),
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
