"""What `make faults` reads is there: it runs by hand, and would break unseen."""

import pytest
from sqlalchemy import text

from fundapp.db import db
from fundapp.payouts.batches import record_results
from tests.factories.books import make_fund
from tests.factories.giving import make_payment, make_pledge
from tests.factories.payouts import make_hands, make_taken, tell
from tests.faults import batches, rows
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


def test_a_batch_of_payouts_is_read(session, clock):
    hands = make_hands(3)
    batch = make_taken(hands)
    tell([(line.voucher, "paid", "") for line in batch.lines], hands)

    def seen(statement):
        return db.session.execute(text(statement)).all()

    assert seen(batches.LINES) == [(3,)]
    for limit, paid in ((1, 1), (5, 3)):
        record_results(limit=limit)
        assert seen(batches.PAID) == seen(batches.CHILDREN_PAID) == [(paid,)]
        assert seen(batches.LINES) == [(3 - paid,)]
        assert seen(batches.HALF_DONE) == seen(batches.TWICE) == []


def test_the_public_page_adds_up(client, session, clock):
    make_fund("GENERAL")
    make_fund("SECOND")
    make_payment(12_345)
    page = client.get("/?lang=en").text
    assert adds_up(page)
    before, mark, funds = page.partition('id="funds"')
    assert not adds_up(before + mark + funds.replace("123.45", "123.44", 1))
