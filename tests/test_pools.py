"""Connections that lie ready for the next context."""

import pytest

from fundapp.db import db, is_postgresql, unit_of_work
from fundapp.db.work import connection_of_work
from tests.factories.books import make_fund


@pytest.fixture(autouse=True)
def new_pool(app):
    """Without connections of the test before."""
    with app.app_context():
        db.engine.dispose()


def in_a_context(app, work):
    with app.app_context():
        return work()


def held():
    return db.session().held_connection


def test_the_next_context_gets_the_connection_of_the_last_one(app):
    first = in_a_context(app, held)
    assert in_a_context(app, held) is first
    with app.app_context():
        pool = db.engine.pool
        assert (pool.checkedin(), pool.checkedout()) == (1, 0)
        assert held() is first
        assert (pool.checkedin(), pool.checkedout()) == (0, 1)


def test_two_contexts_at_once_have_two(app):
    with app.app_context():
        outer = held()
        assert in_a_context(app, held) is not outer


def test_what_was_not_committed_is_gone_for_the_next_context(app):
    def leave_open():
        make_fund("GENERAL")
        db.session.execute(db.text("SELECT 1"))
        assert db.session().held_connection.in_transaction()

    def fail():
        connection_of_work().exec_driver_sql("DELETE FROM fund_accounts")
        raise LookupError

    in_a_context(app, leave_open)
    with app.app_context():
        assert not held().in_transaction()
        with pytest.raises(LookupError):
            unit_of_work(fail)
        assert db.session.scalar(db.text("SELECT count(*) FROM fund_accounts")) > 0


def test_a_transaction_of_the_driver_itself_does_not_reach_the_next_context(app):
    def begin():
        connection = held()
        connection.connection.driver_connection.execute("BEGIN")
        return connection

    first = in_a_context(app, begin)
    assert first.closed
    with app.app_context():
        assert held() is not first
        unit_of_work(lambda: None)


def test_disposing_closes_what_lies_ready(app):
    first = in_a_context(app, held)
    with app.app_context():
        db.engine.dispose()
        assert first.closed
        assert held() is not first


def test_a_connection_from_before_disposing_is_closed(app):
    with app.app_context():
        first = held()
        db.engine.dispose()
    assert first.closed
    assert in_a_context(app, held) is not first


@pytest.mark.postgresql
def test_a_connection_that_the_server_closed_is_replaced(app):
    def pid():
        return held().connection.driver_connection.info.backend_pid

    first = in_a_context(app, pid)
    with app.app_context(), db.engine.connect() as other:
        other.exec_driver_sql("SELECT pg_terminate_backend(%s, 5000)", (first,))
    with app.app_context():
        assert is_postgresql()
        unit_of_work(lambda: None)
        assert pid() != first


@pytest.mark.sqlite
def test_connections_of_a_file_that_failed_are_replaced(app):
    first = in_a_context(app, held)
    with app.app_context():
        second = db.engine.connect()
        second.invalidate()
        db.engine.pool._invalidate(first.connection)
        second.close()
    assert first.closed
    assert in_a_context(app, held) is not first
