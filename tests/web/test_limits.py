"""Rate limits: whom they count, what is counted, what is given back, when to try again."""

import multiprocessing
import sqlite3
import stat
from pathlib import Path

import pytest
from flask_babel import force_locale
from limits.errors import StorageError
from sqlalchemy import make_url, text

from fundapp.db import begin_to_write, db, is_postgresql
from fundapp.errors import BusyError, TooManyTriesError
from fundapp.web.limits import give_try_back, in_words, take_tries, take_try, visitor
from fundapp.web.try_stores import LibraryTries, Window
from tests.conftest import dispose, make_app, settings
from tests.factories.identity import make_user, sign_in


@pytest.mark.sqlite
def test_a_limited_page_counts_in_a_window_that_moves(app, client, session, clock):
    app.config["LIMIT_EXPORT"] = "2 per minute"
    sign_in(client, make_user("auditor"))

    def export():
        return client.get("/audit/exports/csv").status_code

    assert export() == 200
    clock.shift(40)
    assert export() == 200
    clock.shift(21)
    assert [export(), export()] == [200, 429]


@pytest.mark.sqlite
def test_a_refused_page_says_the_true_time_to_wait(app, client, session, clock):
    app.config["LIMIT_EXPORT"] = "1 per 15 minutes"
    sign_in(client, make_user("auditor"))
    client.get("/audit/exports/csv?lang=en")
    clock.shift(3 * 60 + 30)
    refused = client.get("/audit/exports/csv?lang=en")
    assert refused.status_code == 429
    assert "Try again in 12 minutes." in refused.text
    assert refused.headers["Retry-After"] == "720"


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("seconds", "told", "words"),
    [(1, 1, "1 second"), (59, 59, "59 seconds"), (61, 120, "2 minutes"), (3600, 3600, "60 minutes"),
     (10_801, 14_400, "4 hours"), (86_400, 86_400, "24 hours")],
)  # fmt: skip
def test_a_wait_in_words_is_never_shorter_than_it_is(app, seconds, told, words):
    with app.test_request_context(), force_locale("en"):
        rounded, in_english = in_words(seconds)
        assert (rounded, str(in_english)) == (told, words)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("address", "counted"),
    [("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"),
     ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
     ("2001:db8:1:3::1", "2001:db8:1:3::"), ("unix:", "unix:")],
)  # fmt: skip
def test_a_visitor_is_an_address_or_a_network(app, address, counted):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert visitor() == counted


@pytest.fixture(params=["", "memory://"], ids=["own", "library"])
def tries(app, clock, request):
    """An application that allows two tries in a minute, at a clock that tests move; counted where
    the database is, or by the library.
    """
    app.config.update(LIMIT_SIGN_IN="2 per minute", RATELIMIT_STORAGE_URI=request.param)
    with app.test_request_context():
        yield


def take(key="a@example.org"):
    take_try("LIMIT_SIGN_IN", key)


def give_back(key="a@example.org"):
    give_try_back("LIMIT_SIGN_IN", key)


def test_a_try_too_many_is_refused_and_says_when(tries, clock):
    take()
    clock.shift(20)
    take()
    clock.shift(10)
    for _ in range(3):
        with pytest.raises(TooManyTriesError) as refused:
            take()
        assert refused.value.retry_after == 30


@pytest.mark.sqlite
def test_the_window_moves_on(tries, clock):
    take()
    clock.shift(40)
    take()
    clock.shift(21)
    take()
    with pytest.raises(TooManyTriesError):
        take()


@pytest.mark.sqlite
def test_a_refused_try_is_not_counted(tries, clock):
    take()
    take()
    clock.shift(59)
    with pytest.raises(TooManyTriesError):
        take()
    clock.shift(2)
    take()
    take()
    with pytest.raises(TooManyTriesError):
        take()


@pytest.mark.sqlite
def test_each_key_has_tries_of_its_own(tries):
    take()
    take()
    take("b@example.org")
    with pytest.raises(TooManyTriesError):
        take()


@pytest.mark.sqlite
def test_a_try_that_is_given_back_does_not_count(tries, clock):
    for _ in range(5):
        take()
        give_back()
    take()
    take()
    with pytest.raises(TooManyTriesError):
        take()
    give_back()
    take()


@pytest.mark.sqlite
@pytest.mark.parametrize("seconds", [59.9, 60])
def test_at_least_a_second_is_waited(tries, clock, seconds):
    take()
    take()
    clock.shift(seconds)
    with pytest.raises(TooManyTriesError) as refused:
        take()
    assert refused.value.retry_after == 1


@pytest.mark.sqlite
def test_without_limits_nothing_is_counted(app, tries):
    app.config["RATELIMIT_ENABLED"] = False
    try:
        for _ in range(5):
            take()
            give_back()
    finally:
        app.config["RATELIMIT_ENABLED"] = True
    take()
    take()
    with pytest.raises(TooManyTriesError):
        take()


def test_several_limits_are_counted_together_or_not_at_all(app, tries, clock):
    app.config.update(LIMIT_PLEDGE="2 per hour", LIMIT_EXPORT="1 per hour")
    both = [("LIMIT_PLEDGE", "here", None), ("LIMIT_EXPORT", "here", None)]
    take_tries(*both)
    with pytest.raises(TooManyTriesError) as refused:
        take_tries(*both)
    assert refused.value.retry_after == 3600
    take_try("LIMIT_PLEDGE", "here")
    with pytest.raises(TooManyTriesError):
        take_try("LIMIT_PLEDGE", "here")


@pytest.mark.sqlite
def test_of_several_in_a_list_the_first_with_room_is_counted(app, tries, clock):
    app.config.update(LIMIT_PLEDGE="1 per hour", LIMIT_EXPORT="2 per hour")
    either = [("LIMIT_PLEDGE", "form", "of the form"), ("LIMIT_EXPORT", "here", "of the place")]
    for _ in range(3):
        take_tries(either)
    with pytest.raises(TooManyTriesError, match="of the place"):
        take_tries(either)


@pytest.fixture
def own(app, clock):
    """The application's own store, in use."""
    app.config.update(LIMIT_SIGN_IN="2 per minute", RATELIMIT_STORAGE_URI="")
    with app.test_request_context():
        take("begin@example.org")
        yield app.extensions["tries"]


def file_of(app):
    return Path(f"{make_url(app.config['SQLALCHEMY_DATABASE_URI']).database}-limits")


def count(app):
    if is_postgresql():
        with db.engine.connect() as connection:
            return connection.scalar(text("SELECT count(*) FROM limits.tries"))
    with sqlite3.connect(file_of(app)) as connection:
        return connection.execute("SELECT count(*) FROM tries").fetchone()[0]


def test_tries_past_their_window_are_removed_by_later_ones(app, own, clock):
    for number in range(100):
        take(f"{number}@example.org")
    assert count(app) == 101
    clock.shift(61)
    for number in range(6):
        take(f"later{number}@example.org")
    assert count(app) == 6


def test_neither_addresses_nor_e_mail_addresses_are_stored(app, own):
    take("canary@example.org")
    if is_postgresql():
        with db.engine.connect() as connection:
            rows = connection.execute(text("SELECT key, at, until FROM limits.tries")).all()
    else:
        with sqlite3.connect(file_of(app)) as connection:
            rows = connection.execute("SELECT key, at, until FROM tries").fetchall()
    assert all(len(bytes(key)) == 16 for key, _at, _until in rows)
    assert not [row for row in rows if b"canary" in bytes(row[0])]


@pytest.mark.sqlite
class TestFileBesideSqlite:
    """What may happen to the file."""

    def test_only_its_owner_may_read_it(self, app, own):
        assert stat.S_IMODE(file_of(app).stat().st_mode) == 0o600

    def test_a_file_that_was_removed_is_made_anew(self, app, own):
        take()
        file_of(app).unlink()
        take()
        take()
        with pytest.raises(TooManyTriesError):
            take()

    def test_a_torn_file_is_made_anew(self, app, own):
        file_of(app).unlink()
        file_of(app).write_bytes(b"torn by a crash" * 1000)
        take()
        assert count(app) == 1

    def test_a_long_writer_of_the_database_holds_no_try_up(self, app, own):
        with sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"][10:]) as writer:
            writer.execute("BEGIN IMMEDIATE")
            take()

    def test_a_store_that_cannot_be_written_is_a_503(self, app, own, client):
        file_of(app).unlink()
        file_of(app).mkdir()
        refused = client.post("/sign-in", data={"email": "a@example.org", "password": "x"})
        file_of(app).rmdir()
        assert refused.status_code == 503


@pytest.mark.postgresql
def test_without_the_right_to_the_table_limited_pages_are_closed(app, own, client):
    with db.engine.connect() as connection, begin_to_write(connection):
        connection.execute(text("ALTER SCHEMA limits RENAME TO elsewhere"))
    refused = client.post("/sign-in", data={"email": "a@example.org", "password": "x"})
    assert refused.status_code == 503
    assert "Retry-After" in refused.headers


def _take_many(values, times, barrier, results):
    app = make_app(values)
    with app.test_request_context():
        barrier.wait(60)
        taken = 0
        for _ in range(times):
            try:
                take_try("LIMIT_SIGN_IN", "shared")
                taken += 1
            except TooManyTriesError:
                pass
    results.put(taken)
    dispose(app)


def test_processes_count_together(database_url, tmp_path):
    """Not each for itself: two processes take as many tries in all as one limit allows."""
    values = {
        **settings(database_url, tmp_path),
        "RATELIMIT_STORAGE_URI": "",
        "LIMIT_SIGN_IN": "50 per hour",
    }
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(2), context.Queue()
    arguments = (values, 40, barrier, results)
    processes = [context.Process(target=_take_many, args=arguments) for _ in range(2)]
    for process in processes:
        process.start()
    taken = [results.get(timeout=90) for _ in processes]
    for process in processes:
        process.join(30)
    assert sum(taken) == 50


def test_a_library_store_that_does_not_answer_says_so(monkeypatch):
    store = LibraryTries("memory://")
    monkeypatch.setattr(store._store, "get_moving_window", _fail)
    with pytest.raises(BusyError):
        store.take([[Window(b"x" * 16, 1, 60)]])


def _fail(*_args):
    raise StorageError(ConnectionError())
