"""A database on a small disk of its own (a tmpfs) that can be full, read-only or away."""

import errno
import os
import resource
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy import NullPool, create_engine, make_url

from fundapp.db import engine_options
from tests import databases

SIZE = "320m"
NAME = "faults"


class Disk:
    """A tmpfs mounted at ``folder``, or the bare folder where mounting is not allowed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.is_mounted = self._mount("-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs")
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave no free byte."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in (2**20, 2**12, 1):
                with suppress(OSError):
                    while True:
                        file.write(b"x" * size)

    def free(self) -> None:
        """Give the space back."""
        self._ballast.unlink(missing_ok=True)

    def remount(self, mode: str) -> None:
        """``ro`` or ``rw``; OSError while a file is open for writing, also after two seconds, in
        which killed processes end.
        """
        until = time.monotonic() + 2
        while not self._mount("-o", f"remount,{mode}"):
            if time.monotonic() > until:
                raise OSError(errno.EBUSY, "a file is open for writing")
            time.sleep(0.05)

    def close(self) -> None:
        """Unmount."""
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", self.folder], check=True)

    def _mount(self, *arguments: str) -> bool:
        command = ["mount", *arguments, str(self.folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


class Place:
    """What both databases have: a disk, a URL and rows to read."""

    name: str
    url: str

    def __init__(self, folder: Path) -> None:
        self.disk = Disk(folder)

    def rows(self, statement: str) -> list[tuple]:
        """The rows of a question, on a connection of its own."""
        options = {**engine_options(self.url), "poolclass": NullPool}
        for name in ("pool_size", "max_overflow"):
            options.pop(name, None)
        engine = create_engine(self.url, **options)
        with engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

    def close(self) -> None:
        """Stop what runs and unmount."""
        self.disk.close()


class SqlitePlace(Place):
    """A file in a folder on the disk."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._data, self._moved = self.disk.folder / "data", self.disk.folder / "moved"
        self._data.mkdir()
        self.url = f"sqlite:///{self._data / NAME}.db"

    def go_away(self) -> str:
        """Move the folder. Gives what was done."""
        self._data.rename(self._moved)
        return "folder moved away, server killed and started, folder back"

    def come_back(self) -> None:
        """Move it back."""
        self._moved.rename(self._data)

    def limit_files(self, pids: list[int], size: int | None) -> None:
        """Let the processes write no file beyond ``size`` bytes; None takes the limit away."""
        for pid in pids:
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            soft = resource.RLIM_INFINITY if size is None else size
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


class PostgresqlPlace(Place):
    """A server of the wheel, with its data on the disk."""

    name = "postgresql"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._server = databases.start_server(self.disk.folder)
        uri = self._server.get_uri(database="postgres", driver="psycopg")
        self._admin = create_engine(uri, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._execute(f"CREATE DATABASE {NAME} ENCODING 'UTF8' TEMPLATE template0")
        self.url = make_url(uri).set(database=NAME).render_as_string(hide_password=False)

    def go_away(self) -> str:
        """Stop the server. Gives what was done."""
        self._server.stop()
        return "server stopped and started, crashed and started"

    def come_back(self) -> None:
        """Start the server if it does not run."""
        self._server.ensure_postgres_running()

    def crash(self) -> None:
        """End the server at once, as a crash does: it has to read its log when it starts."""
        process = self._server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)
        process.wait(10)

    def set_read_only(self, is_read_only: bool) -> None:
        """Let every new transaction be read-only, as on a standby; or no longer."""
        value = "on" if is_read_only else "off"
        self._execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
        self._execute("SELECT pg_reload_conf()")

    def close(self) -> None:
        """Stop the server and unmount."""
        self._server.stop()
        super().close()

    def _execute(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)


PLACES = (SqlitePlace, PostgresqlPlace)


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(word) for word in text.split() if os.path.exists(f"/proc/{word}")]  # noqa: PTH110
