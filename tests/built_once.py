"""What many tests begin with, built once by each worker and put into the database of the others.

A fixture that takes longer than a page wraps its making:

    @pytest.fixture
    def team(build_once, clock):
        return build_once("team", make_team)

What is made may hold rows, clients and values of Python; each test gets its own. It is built on a
database without entries and at a stopped clock, and by nothing that differs from test to test:
other fixtures and parameters that change it belong into its name.
"""

import io
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, text

from fundapp import clock
from fundapp.db import Base, db
from tests.databases import Databases, run_folder

T = TypeVar("T")

#: What each name gave, for the instant at which it was built.
_built: dict[tuple[str, datetime], bytes] = {}


@dataclass(frozen=True)
class Builder:
    """Builds for one test, with its application on the database of its own."""

    app: Flask
    databases: Databases

    def __call__(self, name: str, make: Callable[[], T]) -> T:
        """What ``make`` gives, with all that it commits; ``make`` runs once for each name."""
        now = clock.now()
        assert now == clock.now(), "what is built once needs the fixture `clock`"
        entries = db.session.scalar(text("SELECT count(*) FROM audit_events"))
        assert entries == 0, f"{name} is built before anything else"
        place = f"{name}-{now.timestamp():.0f}".replace("/", "-")
        if (name, now) in _built:
            self._close()
            self.databases.bring(place)
            _copy(run_folder() / place, self._documents)
        else:
            made = make()
            db.session.rollback()
            _built[name, now] = _pack(made)
            self._close()
            self.databases.keep(place)
            _copy(self._documents, run_folder() / place)
        return _unpack(_built[name, now], self.app)

    @property
    def _documents(self) -> Path:
        return Path(self.app.config["DOCUMENTS_URL"].removeprefix("file://"))

    def _close(self) -> None:
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            db.engine.dispose()


def _copy(source: Path, target: Path) -> None:
    if source.exists():
        shutil.copytree(source, target, dirs_exist_ok=True)


class _Packer(pickle.Pickler):
    """Writes a row as its key, the application as a mark, a client as its cookies."""

    def persistent_id(self, thing: Any) -> tuple[object, ...] | None:
        if isinstance(thing, Base):
            return type(thing), inspect(thing).identity
        return () if isinstance(thing, Flask) else None

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, FlaskClient):
            return _client_with, (thing.application, thing._cookies)
        return NotImplemented


class _Unpacker(pickle.Unpickler):
    """Reads the rows from the database, and gives clients to the application of this test."""

    def __init__(self, packed: bytes, app: Flask) -> None:
        super().__init__(io.BytesIO(packed))
        self.app = app

    def persistent_load(self, mark: Any) -> Any:
        if not mark:
            return self.app
        kind, identity = mark
        return db.session.get_one(kind, identity)


def _client_with(app: Flask, cookies: Any) -> FlaskClient:
    client = app.test_client()
    client._cookies = cookies
    return client


def _pack(made: object) -> bytes:
    written = io.BytesIO()
    _Packer(written).dump(made)
    return written.getvalue()


def _unpack(packed: bytes, app: Flask) -> Any:
    return _Unpacker(packed, app).load()
