"""Copying a PostgreSQL database into a backup and back, by pg_dump and pg_restore.

They must be of the server's own version: an older pg_dump refuses a newer server, and a newer
pg_restore sets what an older server does not know. Neither owners nor grants are copied, since
another server has other roles.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, inspect, text

from fundapp.backup.errors import BackupRefusedError
from fundapp.db import db

_TABLE = "documents"


class PostgresqlCopies:
    """How a PostgreSQL database is backed up; ``programs`` is the folder of pg_dump and pg_restore,
    None for those on the PATH.
    """

    kind = "postgresql"
    file_name = "database.dump"

    def __init__(self, programs: Path | None) -> None:
        self._programs = programs

    @contextmanager
    def copied(self, target: Path) -> Iterator[Connection]:
        """Write the database to the new file ``target``; gives a connection that reads the same
        snapshot. Raises BackupRefusedError.
        """
        with db.engine.connect() as connection:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                connection.execute(text(f"SET LOCAL {limit} = 0"))
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            self._run(
                "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}",
                f"--exclude-table-data={_NO_DATA}", *_UNOWNED, _address(),
            )  # fmt: skip
            yield connection

    def find_problems(self, path: Path) -> Iterator[str]:
        """None: the server checks every rule when it restores. Raises BackupRefusedError when the
        file is no dump.
        """
        self._run("pg_restore", "--list", str(path))
        return iter(())

    def storage_keys(self, path: Path) -> tuple[str, ...]:
        """The storage keys of the documents that the database inside a backup names."""
        with tempfile.TemporaryDirectory() as folder:
            rows = Path(folder, "rows")
            self._run("pg_restore", "--data-only", f"--table={_TABLE}", f"--file={rows}", str(path))
            return tuple(_storage_keys(rows))

    def is_empty(self) -> bool:
        """Whether the configured database has no table."""
        with db.engine.connect() as connection:
            return not inspect(connection).get_table_names()

    @contextmanager
    def restored(self, source: Path) -> Iterator[None]:
        """Restore ``source`` in one transaction at the end, unless what is done meanwhile fails.
        Raises BackupRefusedError.
        """
        yield
        self._run(
            "pg_restore", "--single-transaction", "--exit-on-error", *_UNOWNED, _address(),
            str(source),
        )  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        found = shutil.which(program, path=str(self._programs) if self._programs else None)
        if found is None:
            raise BackupRefusedError(
                f"{program} is not found. Install PostgreSQL's client programs, of the server's "
                "version, and name their folder by --pg-bin or PG_BIN."
            )
        password = db.engine.url.password
        # In the environment, where other users of the machine do not see it.
        environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
        result = subprocess.run(  # noqa: S603 - our own arguments, no shell
            [found, "--no-password", *arguments],
            env=environment,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        if result.returncode:
            said = result.stderr.decode("utf-8", "replace").strip().splitlines()
            raise BackupRefusedError(said[0] if said else f"{program} failed.")


#: Tries against rate limits.
_NO_DATA = "limits.tries"
_UNOWNED = ("--no-owner", "--no-privileges")


def _address() -> str:
    """The configured database, without its password, as an argument of PostgreSQL's programs."""
    url = db.engine.url
    parts: dict[str, Any] = url.translate_connect_args(database="dbname", username="user")
    parts.pop("password", None)
    for name, value in url.query.items():
        parts[name] = value if isinstance(value, str) else ",".join(value)
    return "--dbname=" + make_conninfo(**parts)


def _storage_keys(rows: Path) -> Iterator[str]:
    """The column ``storage_key`` of rows in the text that COPY reads."""
    position = None
    with rows.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("COPY "):
                names = line.partition("(")[2].partition(")")[0].split(", ")
                position = names.index("storage_key")
            elif line == "\\.\n":
                position = None
            elif position is not None:
                yield line.rstrip("\n").split("\t")[position]
