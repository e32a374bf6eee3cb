"""What `make faults` reads is there: it runs by hand, and would break unseen."""

import pytest
from sqlalchemy import text

from fundapp.db import db
from tests.factories.books import make_fund
from tests.factories.giving import make_payment, make_pledge
from tests.faults import rows
from tests.faults.reports import adds_up


@pytest.mark.parametrize(
    ("statement", "count"),
    [(rows._PLEDGES, 1), (rows._PAYMENTS, 1), (rows._ENTRIES, 0), (rows._UNSEALED, 0)],
)
def test_each_statement_finds_the_rows(session, clock, statement, count):
    make_fund("GENERAL")
    make_pledge(idempotency_key="one")
    make_payment(100, external_ref="form:one")
    # The script runs it through the driver, where a percent sign is written twice.
    assert len(db.session.execute(text(statement.replace("%%", "%"))).all()) == count


def test_the_public_page_adds_up(client, session, clock):
    make_fund("GENERAL")
    make_fund("SECOND")
    make_payment(12_345)
    page = client.get("/?lang=en").text
    assert adds_up(page)
    before, mark, funds = page.partition('id="funds"')
    assert not adds_up(before + mark + funds.replace("123.45", "123.44", 1))
