"""What the fixtures promise: a new database for each test, requests that share only it."""

import datetime

import pytest
from flask import g
from sqlalchemy import NullPool, create_engine, text

from fundapp import clock as app_clock
from fundapp.access.marks import public
from fundapp.db import connection_of_work, db, unit_of_work
from tests.applications import Applications
from tests.conftest import dispose, give_back, make_app, settings
from tests.factories.identity import make_user, sign_in

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


def test_a_request_has_the_connection_of_the_test(client, session):
    db.engine.dispose()  # connections of the test before
    held = session().held_connection
    assert session.scalar(COUNT) == 1
    assert client.get("/sign-in").status_code == 200
    assert session().held_connection is held
    assert (db.engine.pool.checkedin(), db.engine.pool.checkedout()) == (0, 1)


@pytest.mark.postgresql
def test_connections_go_on_with_their_settings_put_back(database_url, tmp_path):
    kept, pids = Applications(make_app, dispose), []
    for _turn in range(3):
        with kept.lend(settings(database_url, tmp_path)) as app:
            with app.app_context():
                pids.append({_leave_settings()})
                with app.app_context():
                    pids[-1].add(_leave_settings())
            give_back(app)
    kept.close()
    assert len(pids[0]) == 2
    assert pids[0] == pids[1] == pids[2]


def _leave_settings():
    """Leave a setting and a lock in the connection at hand; the process that serves it."""
    assert db.session.scalar(text("SHOW work_mem")) == "4MB"
    db.session.execute(text("SET work_mem = '8MB'"))
    db.session.execute(text("SELECT pg_advisory_lock_shared(1)"))
    pid = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.commit()
    return pid


def test_the_clock_is_stopped(clock):
    assert app_clock.today() == datetime.date(2026, 11, 24)
    assert app_clock.now() == app_clock.now()
    clock.shift(datetime.timedelta(days=1))
    assert app_clock.today() == datetime.date(2026, 11, 25)


def test_what_a_test_did_to_the_application_is_undone(database_url, tmp_path):
    kept = Applications(make_app, dispose)
    values = settings(database_url, tmp_path)
    with kept.lend(values) as first:
        before = dict(first.config), dict(first.extensions)
        first.config["FUND_NAME_EN"] = "Another fund"
        first.extensions["keyring"] = None
        with first.app_context():
            engine = db.engine
    with kept.lend(values) as second:
        assert second is first
        assert (dict(second.config), dict(second.extensions)) == before
        with second.app_context():
            assert db.engine is not engine
    kept.close()


def test_an_application_with_a_new_route_is_thrown_away(app, database_url, tmp_path):
    made = []

    def make(values):
        made.append(make_app(values))
        return made[-1]

    kept = Applications(make, dispose)
    values = settings(database_url, tmp_path)
    for routes in ((), ("/tests/new",), ()):
        with kept.lend(values) as lent:
            for route in routes:
                lent.add_url_rule(route, view_func=public(lambda: "new"))
    kept.close()
    assert len(made) == 2
    assert "/tests/new" not in {rule.rule for rule in made[1].url_map.iter_rules()}


#: How often the next fixture was built in this process.
BUILT = []


@pytest.fixture
def auditor(app, build_once, clock):
    def make():
        BUILT.append(1)
        user, browser = make_user("auditor"), app.test_client()
        sign_in(browser, user)
        return {"user": user, "browser": browser}

    return build_once("tests/conftest", make)


@pytest.mark.parametrize("_turn", [1, 2, 3])
def test_what_is_built_once_is_there_for_each(session, auditor, _turn):
    """With its rows, and with clients of the application at hand; with nothing of another test."""
    assert auditor["user"] in session
    assert auditor["browser"].get("/audit/trail").status_code == 200
    make_user("donor")
    assert session.scalar(text("SELECT count(*) FROM users")) == 2
    assert len(BUILT) == 1


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("statement", "is_kept"),
    [
        ("DELETE FROM alembic_version", True),
        ("DROP TRIGGER postings_no_delete ON postings", False),
        ("ALTER TABLE postings DISABLE TRIGGER postings_no_delete", False),
        ("CREATE TABLE left_over (id int)", False),
        ("GRANT SELECT ON postings TO public", False),
    ],
)
def test_a_database_with_other_tables_is_made_anew(databases, statement, is_kept):
    with databases.own() as first, create_engine(first, poolclass=NullPool).begin() as connection:
        connection.exec_driver_sql(statement)
    with databases.own() as second, create_engine(second, poolclass=NullPool).begin() as connection:
        assert connection.scalar(COUNT) == 1
        rule = text("SELECT tgenabled = 'O' FROM pg_trigger WHERE tgname = 'postings_no_delete'")
        assert connection.scalar(rule)
    assert (first == second) is is_kept


@pytest.mark.postgresql
def test_a_database_in_use_is_made_anew(databases):
    with databases.own() as first:
        engine = create_engine(first)
        connection = engine.connect()
        connection.execute(COUNT)
    with databases.own() as second:
        assert first != second
    connection.invalidate()
    engine.dispose()
