"""Prepared statements in one round trip, and what becomes of the transaction around them."""

from threading import Thread

import psycopg
import pytest
from psycopg.pq import Format
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from fundapp.db import connection_of_work, db, pipeline, unit_of_work
from fundapp.ledger.errors import InsufficientFundsError
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.operations import post_entries, post_entry
from tests.factories.actors import BOOKKEEPER
from tests.factories.ledger import gift, make_fund, spending

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("session")]


@pytest.fixture(autouse=True)
def fund(session):
    unit_of_work(make_fund)


def count_entries():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(JournalEntry))


def call(sql, *values):
    return pipeline.Call(sql.encode(), sql, list(values), [Format.TEXT] * len(values))


def test_more_entries_than_one_round_trip_takes():
    drafts = [gift(idempotency_key=f"key {number}") for number in range(250)]
    known = unit_of_work(post_entry, drafts[120], actor=BOOKKEEPER)
    posted = unit_of_work(post_entries, drafts, actor=BOOKKEEPER)
    assert [entry.replayed for entry in posted].count(True) == 1
    assert posted[120].id == known.id
    assert count_entries() == 250


def test_one_that_is_refused_takes_back_those_before_and_after_it():
    drafts = [gift(10, idempotency_key=f"key {number}") for number in range(150)]
    drafts[120] = spending(5_000)
    with pytest.raises(InsufficientFundsError):
        unit_of_work(post_entries, drafts, actor=BOOKKEEPER)
    assert count_entries() == 0
    unit_of_work(post_entry, gift(), actor=BOOKKEEPER)
    assert count_entries() == 1


def test_a_later_error_takes_back_what_was_posted_first():
    def work():
        post_entry(gift(), actor=BOOKKEEPER)
        db.session.execute(text("SELECT 1 / 0"))

    with pytest.raises(DBAPIError, match="division by zero"):
        unit_of_work(work)
    assert count_entries() == 0


def test_an_error_that_the_work_ignored_commits_nothing():
    def work():
        with pytest.raises(psycopg.Error, match="division by zero"):
            pipeline.execute(connection_of_work(), [call("SELECT 1 / $1::int", b"0")])

    with pytest.raises(DBAPIError, match="nothing was committed"):
        unit_of_work(work)


def test_statements_that_the_server_has_forgotten_are_prepared_again():
    unit_of_work(post_entry, gift(idempotency_key="before"), actor=BOOKKEEPER)
    unit_of_work(lambda: db.session.execute(text("DEALLOCATE ALL")))
    unit_of_work(post_entry, gift(idempotency_key="after"), actor=BOOKKEEPER)
    assert count_entries() == 2


def test_a_savepoint_that_is_taken_back_leaves_the_rest():
    unit_of_work(post_entry, gift(idempotency_key="first"), actor=BOOKKEEPER)

    def work():
        with pytest.raises(ValueError, match="back"), db.session.begin_nested():
            post_entry(gift(idempotency_key="second"), actor=BOOKKEEPER)
            raise ValueError("back")
        post_entry(gift(idempotency_key="third"), actor=BOOKKEEPER)

    unit_of_work(work)
    db.session.rollback()
    keys = db.session.scalars(select(JournalEntry.idempotency_key).order_by(JournalEntry.id))
    assert list(keys) == ["first", "third"]


def test_a_connection_that_was_lost_is_replaced():
    unit_of_work(post_entry, gift(idempotency_key="before"), actor=BOOKKEEPER)
    lost = []

    def work():
        if not lost:
            lost.append(db.session.scalar(text("SELECT pg_backend_pid()")))
            db.session.execute(text("COMMIT"))
            connection = db.session().held_connection.connection.driver_connection
            with psycopg.connect(connection.info.dsn, password=connection.info.password) as other:
                other.execute("SELECT pg_terminate_backend(%s)", lost)
        return post_entry(gift(idempotency_key="after"), actor=BOOKKEEPER)

    unit_of_work(work)
    assert count_entries() == 2


def test_other_threads_go_on_while_the_server_works(app):
    counted = 0

    def wait():
        with app.app_context():
            unit_of_work(
                lambda: pipeline.execute(
                    connection_of_work(), [call("SELECT pg_sleep($1::float8)", b"0.3")]
                )
            )

    thread = Thread(target=wait)
    thread.start()
    while thread.is_alive():
        counted += 1
    assert counted > 10_000
