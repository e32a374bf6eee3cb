"""The application that the tests of a process share: made once, and put back before each test.

Making one takes as long as a page. What a test does to it is undone: its settings, its extensions
(the keys, the tries that were counted), its database. An application that was given routes or
handlers is thrown away, and the next test has a new one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from fundapp import db as databases
from fundapp.db import db
from tests import compiled_once
from tests.databases import KEPT_CONNECTIONS


class Applications:
    """Lends the application of this process; ``make`` makes one from settings, ``dispose`` closes
    its connections.
    """

    def __init__(
        self, make: Callable[[Mapping[str, object]], Flask], dispose: Callable[[Flask], None]
    ) -> None:
        self._make, self._dispose = make, dispose
        self._kept: _Kept | None = None

    @contextmanager
    def lend(self, settings: Mapping[str, object]) -> Iterator[Flask]:
        """The application as it is just after it was made with these settings."""
        if self._kept is None:
            self._kept = _Kept(self._make(settings))
        self._kept.put_back(settings)
        yield self._kept.app
        if _registered(self._kept.app) != self._kept.registered:
            self.close()

    def close(self) -> None:
        """Throw the application away."""
        if self._kept is not None:
            self._dispose(self._kept.app)
            self._kept = None


class _Kept:
    """An application and what it was just after it was made."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.registered = _registered(app)
        self._attributes = dict(vars(app))
        self._config = dict(app.config)
        self._extensions = dict(app.extensions)
        self._at_end_of_context = list(app.teardown_appcontext_funcs)

    def put_back(self, settings: Mapping[str, object]) -> None:
        """Undo what a test did to it, and give it these settings and their database."""
        _replace(vars(self.app), self._attributes)
        _replace(self.app.config, {**self._config, **settings})
        _replace(self.app.extensions, self._extensions)
        self._connect()

    def _connect(self) -> None:
        """Give it a new engine: what the program knows of a database it knows by its engine. The
        connections to the same database, which know their tables and statements, go on.
        """
        with self.app.app_context():
            old = db.engine
            if old.url.render_as_string(False) == self.app.config["SQLALCHEMY_DATABASE_URI"]:
                db.engines[None] = Engine(old.pool, old.dialect, old.url)
            else:
                del self.app.extensions["sqlalchemy"]
                databases.init_app(self.app)
                self.app.teardown_appcontext_funcs[:] = self._at_end_of_context
            compiled_once.share_statements(db.engine)


def put_connections_back(engine: Engine) -> bool:
    """Put back the settings of the connections that the next test goes on with, which know tables
    and triggers, and close the others; whether that could be done.
    """
    pool: Any = engine.pool
    if pool.checkedout():
        return False
    try:
        # Those that lie ready come first: they were used last.
        connections = [pool.take(engine) for _ in range(pool.checkedin())]
        for connection in connections[KEPT_CONNECTIONS:]:
            connection.invalidate()
            connection.close()
        for connection in connections[:KEPT_CONNECTIONS]:
            with connection, connection.begin():
                connection.exec_driver_sql("RESET ALL")
                connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
    except DBAPIError:
        return False
    return True


def _replace(values: dict[str, Any], by: Mapping[str, Any]) -> None:
    values.clear()
    values.update(by)


def _registered(app: Flask) -> object:
    """What was registered with an application, to compare: routes, handlers, filters."""
    return _shape(
        [
            app.view_functions, app.blueprints, list(app.url_map.iter_rules()), app.wsgi_app,
            app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs,
            app.teardown_appcontext_funcs, app.template_context_processors, app.error_handler_spec,
            app.url_value_preprocessors, app.url_default_functions, app.cli.commands,
            app.jinja_env.globals, app.jinja_env.filters, app.jinja_env.tests,
        ]
    )  # fmt: skip


def _shape(thing: Any) -> object:
    if type(thing) in {dict, defaultdict}:
        # Flask adds an empty entry for what it looks up.
        return {key: shape for key, value in thing.items() if (shape := _shape(value))}
    if type(thing) is list:
        return [_shape(each) for each in thing]
    return thing
