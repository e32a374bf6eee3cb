"""The fixtures of all tests: a fresh database, the application on it, a client without a browser.

Each test has its own migrated database, so commits are real. Requests and commands run each in a
context of their own, as on a server, and share no session, signed-in user or language.
"""

import base64
import gc
import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import HealthCheck
from hypothesis import settings as examples
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session, scoped_session

from fundapp import create_app
from fundapp.crypto import prove_keys
from fundapp.db import db, is_postgresql
from tests import compiled_once, selection
from tests import databases as test_databases
from tests.applications import Applications, put_connections_back
from tests.built_once import Builder
from tests.clients import Client, Runner
from tests.databases import Databases

MIGRATIONS = Path(__file__).parent.parent / "migrations"

#: Tuesday, 24 November 2026 (B.E. 2569), ten in the morning in Thailand; fiscal year 2570.
MORNING = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that the workers of this run share, in the process that started it."""
    config.pluginmanager.register(selection)
    compiled_once.share_routes_and_dialects()
    # A busy machine is no error.
    examples.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    examples.load_profile("tests")
    if not hasattr(config, "workerinput"):
        test_databases.make_run_folder()


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what lives until the end of the run, and come less often:
    it took a tenth of the run to look again and again at modules and tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove that folder, with the database server in it."""
    if not hasattr(config, "workerinput"):
        test_databases.remove_run_folder()


def made_up_key(name: str) -> str:
    """A key for tests that looks as if it were random, always the same for a name, in base64."""
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()


def settings(database_url: str, folder: Path) -> dict[str, object]:
    """The configuration of an application under test: as in production, with cheap password hashes.

    Forms are posted without a token; tests/architecture/test_routes.py shows that each one needs
    it. Rate limits count in the application's memory.
    """
    return {
        "TESTING": True,
        "DEMO": True,
        "SECRET_KEY": "a secret of the tests, long enough to be taken for one",
        "FIELD_KEYS": f"k1:{made_up_key('k1')}",
        "LEDGER_SIGNING_KEY": made_up_key("ledger"),
        "LEDGER_CHECKPOINT_FILE": str(folder / "ledger-checkpoint"),
        "SQLALCHEMY_DATABASE_URI": database_url,
        "DOCUMENTS_URL": f"file://{folder / 'documents'}",
        "RATELIMIT_STORAGE_URI": "memory://",
        "WTF_CSRF_ENABLED": False,
        "ARGON2_MEMORY_KIB": 8,
        "ARGON2_TIME_COST": 1,
        "ARGON2_PARALLELISM": 1,
    }


def give_back(app: Flask) -> None:
    """Close every connection of a test but those that the next test on PostgreSQL goes on with."""
    with app.app_context():
        db.session.remove()
        if not is_postgresql() or not put_connections_back(db.engine):
            dispose(app)


def dispose(app: Flask) -> None:
    """Close every connection the application holds."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def make_app(values: Mapping[str, object]) -> Flask:
    """The application, with a client and a runner that share only the database with the test."""
    app = create_app(values)
    # Compiling the templates of a page takes longer than the rest of a test, so it is done once.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(test_databases.run_folder()))
    app.test_client_class = Client
    app.test_cli_runner_class = Runner
    return app


def migrate(url: str) -> None:
    """Bring the database at ``url`` from empty to the newest tables."""
    app = create_app(settings(url, test_databases.run_folder()))
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        prove_keys()
    dispose(app)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """This worker's source of fresh databases."""
    with test_databases.open_databases(migrate) as opened:
        yield opened


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A migrated database of this test's own, without a row."""
    with databases.own() as url:
        yield url


@pytest.fixture(scope="session")
def applications(databases: Databases) -> Iterator[Applications]:
    """The application that the tests of this worker share."""
    applications = Applications(make_app, dispose)
    yield applications
    applications.close()


@pytest.fixture
def app(applications: Applications, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh database, as it is after its start."""
    with applications.lend(settings(database_url, tmp_path)) as app:
        yield app
        give_back(app)


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Session]]:
    """The session of the application; write through `unit_of_work`, as the application does."""
    with app.app_context():
        yield db.session


@pytest.fixture
def build_once(app: Flask, session: scoped_session[Session], databases: Databases) -> Builder:
    """Builds what many tests begin with (tests/built_once.py)."""
    return Builder(app, databases)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, with a cookie jar of its own."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Runs `flask …` commands: `runner.invoke(args=["audit", "check"])`."""
    return app.test_cli_runner()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock is stopped at `MORNING`; `clock.move_to(…)` and `clock.shift(…)` move it."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller
