"""Books kept before a migration of the ledger stand as they were after it."""

import flask_migrate
import pytest

from fundapp import create_app
from fundapp.db import db, unit_of_work
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.errors import InsufficientFundsError
from fundapp.ledger.operations import fold_balances, post_entry
from fundapp.ledger.queries import fund_available, trial_balance
from tests.conftest import MIGRATIONS, dispose, settings
from tests.factories.actors import BOOKKEEPER, WORKER
from tests.factories.ledger import DAY, entry, gift, make_fund, spending

GIFT_WITH_FEE = (
    PostingDraft("GEN", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 1_000),
    PostingDraft("GEN", chart.BANK_FEES, chart.BANK_MAIN, 10),
)


@pytest.fixture
def older_books(databases, tmp_path):
    """A fund with a gift of 1,000 satang, its fee of 10 and help of 300, at migration 0005."""
    with databases.empty() as url:
        app = create_app(settings(url, tmp_path))
        with app.app_context():
            flask_migrate.upgrade(directory=str(MIGRATIONS), revision="0005")
            unit_of_work(make_fund)
            unit_of_work(post_entry, entry(*GIFT_WITH_FEE), actor=BOOKKEEPER)
            unit_of_work(post_entry, spending(300), actor=BOOKKEEPER)
            unit_of_work(post_entry, gift(5), actor=BOOKKEEPER)
            yield
        dispose(app)


def totals():
    return {
        row.account.code: (row.movement.debit_satang, row.movement.credit_satang)
        for row in trial_balance(DAY)
    }


def test_balances_are_carried_over(older_books):
    before = totals()
    assert before["4110"] == (0, 1_005)
    db.session.rollback()
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    assert totals() == before
    assert fund_available("GEN") == 695

    unit_of_work(post_entry, gift(5), actor=BOOKKEEPER)
    with pytest.raises(InsufficientFundsError):
        unit_of_work(post_entry, spending(701), actor=BOOKKEEPER)
    unit_of_work(post_entry, spending(700), actor=BOOKKEEPER)
    unit_of_work(fold_balances, actor=WORKER)
    assert fund_available("GEN") == 0
    assert totals()["5110"] == (1_000, 0)
