"""A client and a runner of commands that share only the database with the test."""

import contextvars
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient, FlaskCliRunner

from fundapp.db import db


class Client(FlaskClient):
    """A client whose requests share only the database with the test."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Make the request in an empty context, after ending the test's transaction.

        The answer is read completely inside, streams too; `with client:` preserves nothing.
        """
        _end_transaction()
        kwargs.setdefault("buffered", True)
        return contextvars.Context().run(super().open, *args, **kwargs)


class Runner(FlaskCliRunner):
    """A runner whose commands share only the database with the test."""

    def invoke(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command in an empty context, after ending the test's transaction."""
        _end_transaction()
        return contextvars.Context().run(super().invoke, *args, **kwargs)


def _end_transaction() -> None:
    """End the test's open transaction, so that it sees afterwards what the request committed, and
    let the request have its connection: another one would first read every table and trigger.
    """
    if not has_app_context():
        return
    unsaved = [*db.session.new, *db.session.dirty, *db.session.deleted]
    assert not unsaved, f"commit before the request, or it cannot see {unsaved}"
    session: Any = db.session()
    session.rollback()
    connection, session._held = session._held, None
    if connection is not None and session._pool is not None:
        session._pool.give_back(connection, session._generation)
    elif connection is not None:
        connection.close()
