"""Rows of the trail that wait in a file beside an SQLite database while somebody writes for long.

SQLite lets one transaction write at a time, and whoever reads what names a child writes that first.
Such a reader does not wait for a long import: its rows are synced to a file before anything is
shown, and the next unit of work brings them into the database (`fundapp.db.work`).

The file has one row a line. Whoever brings it in renames it first, so that later rows begin a new
file, and removes it when its rows are committed. After a crash in between it is brought in again;
rows that are in the database already are left out by their id.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, exists, insert, literal, select

from fundapp import durable_files
from fundapp.db.columns import Base, UtcDateTime

_log = logging.getLogger(__name__)


class WaitingRows:
    """The waiting rows of one database; ``path`` is their own file."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._taken = Path(f"{path}-taken")
        self._names = str(self._taken), str(self._path)

    def put(self, rows: Iterable[Base]) -> None:
        """Add new rows, and return when they are on the disk. Raises OSError."""
        # A line that a crash cut off is ended by the first line feed.
        text = "\n" + "".join(f"{_to_json(row)}\n" for row in rows)
        with self._lock():
            durable_files.append(self._path, text.encode())

    def bring_in(self, connection: Connection) -> bool:
        """Write the waiting rows in the connection's transaction, if there are any, and whether
        there were; the caller has the turn to write, and calls `forget` after the commit.

        A file that cannot be read stays, and holds up nobody who writes.
        """
        try:
            text = self._take()
        except OSError:
            _log.exception("the waiting rows cannot be read")
            return False
        if text is None:
            return False
        for table, values in list(_rows(text)):
            known = exists().where(table.c.id == values["id"])
            columns = [literal(value, table.c[name].type) for name, value in values.items()]
            connection.execute(
                insert(table).from_select(list(values), select(*columns).where(~known))
            )
        return True

    def forget(self) -> None:
        """Remove the rows that `bring_in` has written, after their commit.

        A file that cannot be removed is brought in again, which changes nothing.
        """
        try:
            self._taken.unlink(missing_ok=True)
        except OSError:
            _log.exception("the waiting rows that were brought in cannot be removed")

    def _take(self) -> str | None:
        # Every unit of work asks, and a missing file costs `Path.exists` an exception.
        taken, path = self._names
        if not os.access(taken, os.F_OK):
            if not os.access(path, os.F_OK):
                return None
            with self._lock():
                self._path.rename(self._taken)
        return self._taken.read_bytes().decode(errors="replace")

    @contextmanager
    def _lock(self) -> Iterator[None]:
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


def _to_json(row: Base) -> str:
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    plain = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    return json.dumps([row.__tablename__, plain], ensure_ascii=False)


def _rows(text: str) -> Iterator[tuple[Table, dict[str, Any]]]:
    """Each row's table and values; a line that a crash cut off was shown to nobody."""
    for line in filter(None, text.split("\n")):
        try:
            yield _from_json(line)
        except (ValueError, TypeError, KeyError):
            _log.warning("a waiting row that was not written to its end is left out")


def _from_json(line: str) -> tuple[Table, dict[str, Any]]:
    name, plain = json.loads(line)
    table = Base.metadata.tables[name]
    # A column that an upgrade added meanwhile takes its default.
    values = {
        column.key: plain[column.key]
        for column in table.columns
        if column.key in plain or column.server_default is None
    }
    for column in table.columns:
        if isinstance(column.type, UtcDateTime) and values.get(column.key) is not None:
            values[column.key] = datetime.fromisoformat(values[column.key])
    return table, values
