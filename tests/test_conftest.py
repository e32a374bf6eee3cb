"""What the fixtures promise: a new database for each test, requests that share only it."""

import datetime

import pytest
from flask import g
from sqlalchemy import text

from fundapp import clock as app_clock
from fundapp.access.marks import public
from fundapp.db import connection_of_work, db, unit_of_work

COUNT = text("SELECT count(*) FROM alembic_version")
CHANGE = text("DELETE FROM alembic_version")


@pytest.fixture
def path(app):
    """The address of a view that commits something."""

    @public
    def change():
        g.visited = True
        unit_of_work(lambda: db.session.execute(CHANGE))
        return "changed"

    app.add_url_rule("/tests/change", view_func=change)
    return "/tests/change"


def test_a_request_commits_and_the_test_sees_it(client, session, path):
    assert session.scalar(COUNT) == 1
    assert client.get(path).text == "changed"
    assert session.scalar(COUNT) == 0


def test_each_test_has_a_new_database(session):
    assert session.scalar(COUNT) == 1


def test_a_request_has_its_own_context(client, session, path):
    client.get(path)
    assert not hasattr(g, "visited")
    with pytest.raises(RuntimeError, match="no unit of work"):
        connection_of_work()


def test_the_clock_is_stopped(clock):
    assert app_clock.today() == datetime.date(2026, 11, 24)
    assert app_clock.now() == app_clock.now()
    clock.shift(datetime.timedelta(days=1))
    assert app_clock.today() == datetime.date(2026, 11, 25)
