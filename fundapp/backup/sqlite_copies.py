"""Copying an SQLite database into a backup and back.

``VACUUM INTO`` reads one snapshot in one transaction, so it ends however much is written meanwhile;
`.backup` begins again with each write of another process. With the write-ahead log, readers and
writers do not wait for each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from fundapp.backup import copying
from fundapp.backup.contents import read_storage_keys
from fundapp.backup.errors import BackupRefusedError
from fundapp.db import db, sqlite_module
from fundapp.durable_files import sync


class SqliteCopies:
    """How an SQLite database is backed up."""

    kind = "sqlite"
    file_name = "database.sqlite3"

    @contextmanager
    def copied(self, target: Path) -> Iterator[Connection]:
        """Write the database to the new file ``target``; gives a connection to what was written.

        Raises BackupRefusedError.
        """
        borrowed = db.engine.raw_connection()
        driver: Any = borrowed.driver_connection  # the session's would begin a transaction
        try:
            driver.execute("VACUUM INTO ?", (str(target),))
        except sqlite_module().Error as error:
            raise BackupRefusedError(f"The database cannot be copied: {error}.") from error
        finally:
            borrowed.close()
        with _opened(target) as connection:
            yield connection

    def find_problems(self, path: Path) -> Iterator[str]:
        """What is wrong with the database inside a backup, in sentences. Raises BackupRefusedError
        when the file is no database.
        """
        with _opened(path) as connection:
            for (answer,) in connection.execute(text("PRAGMA integrity_check")):
                if answer != "ok":
                    yield f"{path.name}: the integrity check of SQLite says: {answer}."
            for table, row, parent, _key in connection.execute(text("PRAGMA foreign_key_check")):
                yield f"{path.name}: row {row} of {table} refers to a row that {parent} lacks."

    def storage_keys(self, path: Path) -> tuple[str, ...]:
        """The storage keys of the documents that the database inside a backup names."""
        with _opened(path) as connection:
            return read_storage_keys(connection)

    def is_empty(self) -> bool:
        """Whether the configured database is absent or has no table."""
        path = _configured()
        if not path.exists() or path.stat().st_size == 0:
            return True
        with db.engine.connect() as connection:
            return not connection.scalar(text("SELECT count(*) FROM sqlite_master"))

    @contextmanager
    def restored(self, source: Path) -> Iterator[None]:
        """Copy ``source`` beside the configured database, and give it its name at the end, unless
        what is done meanwhile fails. Raises BackupRefusedError.
        """
        path = _configured()
        part = path.with_name(f"{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            copying.copy(source, part)
        except FileExistsError as error:
            raise BackupRefusedError(
                f"{part} is there: another restore runs, or one was interrupted. "
                "When none runs, delete it and restore again."
            ) from error
        try:
            yield
            self._put_in_place(part, path)
        finally:
            part.unlink(missing_ok=True)

    def _put_in_place(self, part: Path, path: Path) -> None:
        db.session.remove()
        db.engine.dispose()  # SQLite removes its log when the last connection is closed
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            # SQLite would apply another database's log to the restored one.
            raise BackupRefusedError(f"{path} is in use. Stop the program and restore again.")
        part.replace(path)
        sync(path.parent)


def _configured() -> Path:
    name = db.engine.url.database
    if name in {None, "", ":memory:"}:
        raise BackupRefusedError("DATABASE_URL names no file, so there is nothing to back up.")
    return Path(str(name))


@contextmanager
def _opened(path: Path) -> Iterator[Connection]:
    """A connection to a file that nobody writes; it can be on a disk that cannot be written."""
    uri = f"{path.resolve().as_uri()}?immutable=1"
    module = sqlite_module()
    engine = create_engine(
        "sqlite://",
        module=module,
        creator=lambda: module.connect(uri, uri=True),
        poolclass=NullPool,
    )
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise BackupRefusedError(f"SQLite says: {error.orig}.") from error
