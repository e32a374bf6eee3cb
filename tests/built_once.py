"""What many tests begin with, built once by each worker and put into the database of the others.

A fixture that takes longer than a page wraps its making:

    @pytest.fixture
    def team(build_once, clock):
        return build_once("team", make_team)

What is made may hold rows, clients and values of Python; each test gets its own. It is built at a
stopped clock, on a database without entries or on what was built before it, and by nothing that
differs from test to test: other fixtures and parameters that change it belong into its name. After
anything else was written it is made anew: let such fixtures come first in a test's parameters.
"""

import io
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, text

from fundapp import clock
from fundapp.db import Base, db, is_postgresql
from tests.databases import Databases, run_folder

T = TypeVar("T")

#: What was built, by its name after the names before it, and by the instant.
_built: dict[tuple[tuple[str, ...], datetime], "_Built"] = {}


@dataclass(frozen=True)
class _Built:
    """Where database and documents are kept, the entries of the trail, and what was given."""

    place: str
    entries: int
    packed: bytes


class Builder:
    """Builds for one test, with its application on the database of its own."""

    def __init__(self, app: Flask, databases: Databases) -> None:
        self.app, self.databases = app, databases
        self._names: tuple[str, ...] = ()
        self._entries = 0

    def __call__(self, name: str, make: Callable[[], T]) -> T:
        """What ``make`` gives, with all that it commits; ``make`` runs once for each name."""
        now = clock.now()
        assert now == clock.now(), "what is built once needs the fixture `clock`"
        if not self._is_as_built():
            return make()
        self._names = (*self._names, name)
        built = _built.get((self._names, now))
        if built is None:
            built = _built[self._names, now] = self._build(make)
        else:
            with self._closed():
                self.databases.bring(built.place)
            _copy(run_folder() / built.place, self._documents)
        self._entries = built.entries
        given = _unpack(built.packed, self.app)
        _end_reading()
        return given

    def _build(self, make: Callable[[], Any]) -> _Built:
        made = make()
        _end_reading()
        built = _Built(f"built-{os.getpid()}-{len(_built)}", _count_entries(), _pack(made))
        with self._closed():
            self.databases.keep(built.place)
        _copy(self._documents, run_folder() / built.place)
        return built

    def _is_as_built(self) -> bool:
        """Whether nobody has written since; on SQLite nobody has who has not connected."""
        pool = db.engine.pool
        if not is_postgresql() and pool.checkedin() + pool.checkedout() == 0:
            return True
        return _count_entries() == self._entries

    @property
    def _documents(self) -> Path:
        return Path(self.app.config["DOCUMENTS_URL"].removeprefix("file://"))

    @contextmanager
    def _closed(self) -> Iterator[None]:
        """Without a connection to SQLite's file; rows that were built before stay usable."""
        rows = list(db.session)
        db.session.remove()
        if not is_postgresql():
            db.engine.dispose()
        yield
        db.session.add_all(rows)


def _end_reading() -> None:
    """So that what is read next is of its moment; what was read stays known, unlike a rollback."""
    db.session.commit()


def _count_entries() -> int:
    return db.session.scalar(text("SELECT count(*) FROM audit_events"))


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
