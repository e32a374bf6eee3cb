"""Lost connections to PostgreSQL: between two requests, during the work, during the commit.

SQLite has no server, so nothing is tested there.
"""

import os
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from fundapp.access.marks import public
from fundapp.db import connection_of_work, db, lock, unit_of_work
from fundapp.ledger.models import Fund, JournalEntry
from fundapp.ledger.operations import post_entry
from tests.factories.actors import BOOKKEEPER
from tests.factories.ledger import gift, make_fund

pytestmark = pytest.mark.postgresql

_PID = text("SELECT pg_backend_pid()")
_TERMINATE = text(
    "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def close_connections(app, session):
    """Ends every connection of the application, as a restart of the server does."""

    def go():
        with app.app_context():
            db.session.execute(_TERMINATE)

    def run():
        with ThreadPoolExecutor(1) as pool:
            pool.submit(go).result()

    return run


def count_entries():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(JournalEntry))


@pytest.mark.parametrize("before", ["idle", "reading"])
def test_work_after_a_restart_is_carried_out(close_connections, before):
    unit_of_work(make_fund)
    db.session.scalar(_PID)
    if before == "idle":
        db.session.rollback()
    close_connections()
    unit_of_work(post_entry, gift(), actor=BOOKKEEPER)
    assert count_entries() == 1


@pytest.mark.parametrize("way", ["session", "driver"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_work_runs_again_on_a_new_connection(close_connections, way, when):
    unit_of_work(make_fund)
    runs = []

    def work():
        runs.append(1)
        if way == "session":
            lock(select(Fund).where(Fund.code == "GEN")).position += 1
        if when == "after":
            post_entry(gift(), actor=BOOKKEEPER)
        if len(runs) == 1:
            close_connections()
        post_entry(gift(), actor=BOOKKEEPER)

    unit_of_work(work)
    assert len(runs) == 2
    assert count_entries() == (2 if when == "after" else 1)
    assert db.session.scalar(select(Fund.position)) == (1 if way == "session" else 0)


def test_work_does_not_run_again_after_a_lost_commit(close_connections):
    """The commit may have succeeded."""
    unit_of_work(make_fund)
    runs = []

    def work():
        runs.append(1)
        post_entry(gift(), actor=BOOKKEEPER)
        connection_of_work().scalar(_PID)
        close_connections()

    with pytest.raises(DBAPIError):
        unit_of_work(work)
    assert len(runs) == 1
    unit_of_work(post_entry, gift(), actor=BOOKKEEPER)
    assert count_entries() == 1


def test_the_next_requests_connect_again(close_connections, client):
    unit_of_work(make_fund, "GENERAL")
    assert client.get("/give").status_code == 200
    db.session.remove()
    close_connections()
    assert client.post("/give", data={"fund": "GENERAL", "amount": "500"}).status_code == 422
    assert client.get("/give").status_code == 200


def test_a_connection_lost_after_the_last_query_keeps_the_answer(close_connections, app, client):

    @public
    def last_query():
        db.session.scalar(select(Fund.code))
        close_connections()
        return "answered"

    app.add_url_rule("/tests/last-query", view_func=last_query)
    db.session.remove()
    assert client.get("/tests/last-query").text == "answered"
    assert client.get("/give").status_code == 200


@pytest.mark.parametrize("begin", ["to read", "to write"])
def test_a_server_that_closes_without_a_word_is_away(app, client, begin):
    """As a server that crashes does: there is no SQLSTATE then."""
    runs = []

    def close_without_a_word():
        runs.append(1)
        driver = db.session().held_connection.connection.driver_connection
        with socket.socket(fileno=os.dup(driver.pgconn.socket)) as end:
            end.shutdown(socket.SHUT_RDWR)

    @public
    def read_or_write():
        close_without_a_word()
        if begin == "to read":
            db.session.scalar(select(Fund.code))
        else:
            unit_of_work(make_fund)
        return "done"

    app.add_url_rule("/tests/read-or-write", view_func=read_or_write)
    answer = client.get("/tests/read-or-write")
    assert answer.status_code == (503 if begin == "to read" else 200)
    assert client.get("/give").status_code == 200
    assert runs == [1]
