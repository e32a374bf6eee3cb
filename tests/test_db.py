"""The unit of work under real threads, and what SQLite is told at each connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, text, update

from fundapp.db import db, is_postgresql, lock, unit_of_work
from fundapp.ledger.models import Fund
from tests.factories.ledger import make_fund

pytestmark = pytest.mark.usefixtures("session")


def position_of(code="GEN"):
    db.session.rollback()
    return db.session.scalar(select(Fund.position).where(Fund.code == code))


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


def test_an_error_leaves_nothing_behind():
    def work():
        make_fund("A")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        unit_of_work(work)
    assert db.session.scalars(select(Fund)).all() == []


def test_units_of_work_do_not_nest():
    with pytest.raises(RuntimeError, match="already open"):
        unit_of_work(unit_of_work, make_fund)


def test_a_deadlock_is_run_again(app):
    """Two units of work take two rows in opposite order; SQLite lets only one in, so it cannot
    happen.
    """
    unit_of_work(make_fund, "A")
    unit_of_work(make_fund, "B")
    together = Barrier(2, timeout=10)
    runs = []

    def take(first, second):
        runs.append(first)
        statement = update(Fund).values(position=Fund.position + 1)
        db.session.execute(statement.where(Fund.code == first))
        if is_postgresql() and len(runs) <= 2:
            together.wait()
        db.session.execute(statement.where(Fund.code == second))

    def go(order):
        with app.app_context():
            unit_of_work(take, *order)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(go, [("A", "B"), ("B", "A")]))
    assert (position_of("A"), position_of("B")) == (2, 2)
    assert len(runs) == (3 if is_postgresql() else 2)


def test_sqlite_is_told_to_be_durable():
    if is_postgresql():
        assert db.session.scalar(text("SHOW transaction_isolation")) == "read committed"
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


def test_sqlite_tables_are_strict():
    if is_postgresql():
        return
    loose = db.session.scalars(
        text(
            "SELECT name FROM pragma_table_list"
            " WHERE schema = 'main' AND type = 'table' AND strict = 0"
        )
    ).all()
    assert set(loose) <= {"alembic_version", "sqlite_schema"}
