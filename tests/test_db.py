"""The unit of work under real threads, and the settings of each connection."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from fundapp.db import db, is_postgresql, lock, unit_of_work
from fundapp.ledger.models import Fund, JournalEntry
from fundapp.ledger.operations import post_entry
from tests.factories.actors import BOOKKEEPER
from tests.factories.ledger import gift, make_fund

pytestmark = pytest.mark.usefixtures("session")


def position_of(code="GEN"):
    db.session.rollback()
    return db.session.scalar(select(Fund.position).where(Fund.code == code))


def count_entries():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(JournalEntry))


def test_no_update_is_lost_between_threads(app):
    unit_of_work(make_fund)

    def raise_by_one():
        fund = lock(select(Fund).where(Fund.code == "GEN"))
        fund.position += 1

    def many(_):
        with app.app_context():
            for _ in range(25):
                unit_of_work(raise_by_one)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(many, range(8)))
    assert position_of() == 200


def test_an_error_rolls_everything_back():
    def work():
        make_fund("A")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        unit_of_work(work)
    assert db.session.scalars(select(Fund)).all() == []


def test_units_of_work_do_not_nest():
    with pytest.raises(RuntimeError, match="already running"):
        unit_of_work(unit_of_work, make_fund)


def test_work_runs_again_after_a_deadlock(app):
    """Two units of work lock two rows in opposite order; SQLite has one writer at a time, so it
    cannot deadlock.
    """
    unit_of_work(make_fund, "A")
    unit_of_work(make_fund, "B")
    together = Barrier(2, timeout=10)
    runs = []

    def update_both(first, second):
        runs.append(first)
        statement = update(Fund).values(position=Fund.position + 1)
        db.session.execute(statement.where(Fund.code == first))
        if is_postgresql() and len(runs) <= 2:
            together.wait()
        db.session.execute(statement.where(Fund.code == second))

    def go(order):
        with app.app_context():
            unit_of_work(update_both, *order)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(go, [("A", "B"), ("B", "A")]))
    assert (position_of("A"), position_of("B")) == (2, 2)
    assert len(runs) >= 3 if is_postgresql() else len(runs) == 2


@pytest.mark.postgresql
def test_work_runs_again_after_a_duplicate_id():
    """Two processes can make the same id in a millisecond; SQLite has one writer at a time."""
    unit_of_work(make_fund, "A")
    codes = ["B", "A"]
    unit_of_work(lambda: make_fund(codes.pop()))
    assert set(db.session.scalars(select(Fund.code))) == {"A", "B"}


def test_connections_have_their_settings():
    if is_postgresql():
        level = text("SHOW transaction_isolation")
        assert db.session.scalar(level) == "repeatable read"
        assert db.session.scalar(text("SHOW transaction_read_only")) == "on"
        assert unit_of_work(db.session.scalar, level) == "read committed"
        return
    pragmas = {
        name: db.session.scalar(text(f"PRAGMA {name}"))
        for name in ("foreign_keys", "journal_mode", "synchronous", "trusted_schema")
    }
    assert pragmas == {
        "foreign_keys": 1,
        "journal_mode": "wal",
        "synchronous": 2,
        "trusted_schema": 0,
    }


@pytest.mark.sqlite
def test_sqlite_tables_are_strict():
    loose = db.session.scalars(
        text(
            "SELECT name FROM pragma_table_list"
            " WHERE schema = 'main' AND type = 'table' AND strict = 0"
        )
    ).all()
    assert set(loose) <= {"alembic_version", "sqlite_schema"}


def test_a_refused_commit_ends_its_transaction():
    unit_of_work(make_fund)

    def work():
        db.session.execute(
            text("INSERT INTO postings VALUES (1, 1, 1, '2026-11-24', 'GEN', '1110', '4110', 100)")
        )

    with pytest.raises(IntegrityError):
        unit_of_work(work)
    unit_of_work(make_fund, "NEXT")
    assert position_of("NEXT") == 0


@pytest.mark.postgresql
def test_work_that_ignored_an_error_is_not_reported_as_committed():
    """PostgreSQL answers its commit with a rollback and no error; SQLite undoes one statement."""

    def work():
        make_fund()
        with suppress(DBAPIError):
            db.session.connection().exec_driver_sql("SELECT 1 / 0")

    with pytest.raises(DBAPIError, match="was ignored"):
        unit_of_work(work)
    assert db.session.scalars(select(Fund)).all() == []


@pytest.mark.parametrize("how", ["rolled back", "refused"])
def test_work_after_its_own_rollback_writes_nothing(how):
    """Neither at once nor with the next unit of work on the same connection."""
    unit_of_work(make_fund)

    def work():
        if how == "refused":
            with suppress(IntegrityError):
                make_fund()
        else:
            db.session.scalar(select(Fund.code))
            db.session.rollback()
        post_entry(gift(), actor=BOOKKEEPER)

    with pytest.raises((RuntimeError, DBAPIError)):
        unit_of_work(work)
    unit_of_work(make_fund, "NEXT")
    assert count_entries() == 0


@pytest.mark.parametrize("is_used", [False, True])
def test_a_posting_is_rolled_back_with_its_savepoint(is_used):
    unit_of_work(make_fund)

    def work():
        with suppress(ZeroDivisionError), db.session.begin_nested():
            if is_used:
                db.session.scalar(select(Fund.code))
            post_entry(gift(900), actor=BOOKKEEPER)
            raise ZeroDivisionError
        post_entry(gift(100), actor=BOOKKEEPER)

    unit_of_work(work)
    db.session.rollback()
    assert db.session.scalars(select(JournalEntry.total_satang)).all() == [100]


@pytest.mark.sqlite
def test_sqlite_prepares_a_posting_once_however_much_was_asked_before():
    unit_of_work(make_fund)
    driver = db.session.connection().connection.driver_connection
    for number in [*range(1_000)] * 2:
        driver.execute(f"SELECT {number}")
    prepared = []
    driver.set_authorizer(lambda *named: prepared.append(named) or 0)
    unit_of_work(post_entry, gift(100), actor=BOOKKEEPER)
    prepared.clear()
    unit_of_work(post_entry, gift(100), actor=BOOKKEEPER)
    driver.set_authorizer(None)
    assert prepared == []
