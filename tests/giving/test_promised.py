"""Promised against arrived: every satang that was promised is told once."""

from dataclasses import fields
from datetime import date

import pytest

from fundapp import clock
from fundapp.db import db, unit_of_work
from fundapp.giving.models import Frequency
from fundapp.giving.operations import cancel_pledge, pause_pledge
from fundapp.giving.queries import Promised, sum_promised
from tests.factories.actors import VISITOR
from tests.factories.books import make_fund
from tests.factories.giving import make_payment, make_pledge
from tests.factories.identity import make_user, sign_in
from tests.growth.measures import measured


@pytest.fixture
def funds(session, clock):
    make_fund("GENERAL")
    make_fund("EDUCATION")
    return session


def once(amount_satang):
    return make_pledge(amount_satang=amount_satang, frequency=Frequency.ONCE, instalment_count=1)


def balanced(sums):
    parts = [getattr(sums, each.name) for each in fields(Promised)]
    return parts[0] == sum(parts[1:])


def test_each_promised_satang_is_told_once(funds):
    today = clock.today()
    month = (today.replace(day=1), today.replace(day=30))
    paid = once(50_000)
    make_payment(20_000, paid.instalments[0])
    paused = once(30_000)
    unit_of_work(pause_pledge, paused.token, actor=VISITOR)
    stopped = once(10_000)
    unit_of_work(cancel_pledge, stopped.token, actor=VISITOR)
    sums = sum_promised(*month)["GENERAL"]
    assert balanced(sums)
    assert (sums.promised_satang, sums.arrived_satang) == (90_000, 20_000)
    assert (sums.on_hold_satang, sums.stopped_satang) == (30_000, 10_000)
    assert sums.overdue_satang + sums.to_come_satang == 30_000
    assert sum_promised(date(2020, 1, 1), date(2020, 1, 31)) == {}


def test_the_report(funds, client):
    once(50_000)
    sign_in(client, make_user("fund_officer"))
    client.set_cookie("lang", "en")
    page = client.get("/payments/promised").get_data(as_text=True)
    assert "500.00" in page
    assert "Total" in page
    none = client.get("/payments/promised?from_on=1/1/2563&to_on=31/1/2563")
    assert "Nothing falls due" in none.get_data(as_text=True)
    long = client.get("/payments/promised?from_on=1/1/2563&to_on=31/1/2566")
    assert long.status_code == 422


@pytest.mark.sqlite
def test_the_sums_are_read_from_the_index_of_days_alone(funds):
    once(50_000)
    with measured() as costs:
        sum_promised(date(2026, 1, 1), date(2026, 12, 31))
    ((statement, parameters),) = costs.queries
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    assert any("USING COVERING INDEX ix_instalments_due_on" in row[3] for row in plan)
