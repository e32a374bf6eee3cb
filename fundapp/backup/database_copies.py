"""Which way a database is copied."""

from pathlib import Path

from fundapp.backup.errors import BackupRefusedError
from fundapp.backup.postgresql_copies import PostgresqlCopies
from fundapp.backup.sqlite_copies import SqliteCopies
from fundapp.db import is_postgresql

Copies = SqliteCopies | PostgresqlCopies


def copies_in_use(programs: Path | None) -> Copies:
    """The way for the configured database; ``programs`` is the folder of pg_dump, or None."""
    return PostgresqlCopies(programs) if is_postgresql() else SqliteCopies()


def copies_of(kind: str, programs: Path | None) -> Copies:
    """The way for a backup's database. Raises BackupRefusedError."""
    ways: tuple[Copies, ...] = (SqliteCopies(), PostgresqlCopies(programs))
    for way in ways:
        if way.kind == kind:
            return way
    raise BackupRefusedError(f"The manifest names a database of the kind {kind}, which is unknown.")
