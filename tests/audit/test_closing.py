"""What has to be dealt with before a month is closed, item by item, and the commands."""

from datetime import date, timedelta

import pytest

from fundapp.access.permissions import Role
from fundapp.audit.closing.lists import LISTS
from fundapp.db import db, unit_of_work
from fundapp.giving.models import CountKind
from fundapp.ledger.closing import find_items
from fundapp.ledger.errors import PeriodBlockedError
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.models import Period
from fundapp.ledger.operations import close_period
from tests.audit.tampering import tamper
from tests.factories.actors import COMMAND_LINE
from tests.factories.banking import (
    import_moves,
    interest,
    make_bank_account,
)
from tests.factories.books import make_fund, make_gift
from tests.factories.campaigns import make_count
from tests.factories.card_payments import make_card_payout
from tests.factories.checks import run_checks_by_worker
from tests.factories.identity import make_user, sign_in

OCTOBER, LAST = date(2026, 10, 1), date(2026, 10, 31)


@pytest.fixture
def books(session, clock, build_once):
    """A gift of October that is sealed; the checks ran today and nothing is red."""

    def make():
        make_fund()
        make_bank_account()
        make_gift(1_000_000, on=OCTOBER)
        seal_everything(actor=COMMAND_LINE)
        run_checks_by_worker()

    build_once("audit/closing", make)
    return clock


def left():
    """The items with something left, and how much."""
    db.session.rollback()
    period = db.session.get_one(Period, OCTOBER)
    return {item.name: item.count for item in find_items(period) if not item.is_done}


def close():
    return unit_of_work(close_period, OCTOBER, actor=COMMAND_LINE)


@pytest.mark.sqlite
def test_what_only_warns_stops_nothing(books):
    assert left() == {"accounts-without-statement": 1}
    close()
    assert not db.session.get_one(Period, OCTOBER).is_open


def test_days_that_no_statement_covers_block(books):
    import_moves(from_on=OCTOBER, to_on=date(2026, 10, 28))
    assert left() == {"bank-days": 3}
    with pytest.raises(PeriodBlockedError):
        close()
    # Days before the first statement of an account are not asked for.
    assert left().get("bank-lines") is None


def test_a_difference_that_nothing_names_blocks(books):
    import_moves(interest(700, day=LAST), from_on=OCTOBER, to_on=LAST)
    assert left() == {"bank-lines": 1}
    tamper("statement_lines", "UPDATE statement_lines SET balance_satang = balance_satang + 5")
    assert left() == {"bank-lines": 1, "bank-balances": 1}


def test_entries_that_nobody_seals_block_after_an_hour(books):
    make_gift(100, on=LAST)
    assert "unsealed" not in left()
    books.shift(timedelta(minutes=61))
    assert left()["unsealed"] == 1
    with pytest.raises(PeriodBlockedError):
        close()


def test_a_red_check_blocks_and_an_old_run_warns(books):
    books.shift(timedelta(hours=37))
    assert left()["checks-old"] == 1
    tamper("fund_balances", "UPDATE fund_balances SET available_satang = 1")
    run_checks_by_worker()
    assert left()["checks-failed"] == 1
    with pytest.raises(PeriodBlockedError):
        close()


def test_counts_and_payouts_that_wait_block(books):
    make_gift(500, on=OCTOBER, bank="1110")
    make_count(
        make_user(Role.FUND_OFFICER).as_actor(),
        kind=CountKind.OFFICE,
        subject="1110",
        bag_number="",
        counted_on=LAST,
        total_satang=500,
        pieces={500: 1},
    )
    make_card_payout()
    tamper("processor_payouts", "UPDATE processor_payouts SET arrives_on = '2026-10-30'")
    found = left()
    assert {"cash-counts": 1, "boxes-not-counted": 1, "card-payouts": 1}.items() <= found.items()
    with pytest.raises(PeriodBlockedError):
        close()


@pytest.mark.sqlite
def test_the_pages_lead_to_each_list(books, client):
    import_moves(interest(700, day=date(2026, 10, 30)), from_on=OCTOBER, to_on=date(2026, 10, 30))
    sign_in(client, make_user(Role.AUDITOR))
    client.set_cookie("lang", "en")
    assert client.get("/audit/periods?year=2570").status_code == 200
    page = client.get("/audit/periods/2026-10-01").text
    for item in LISTS:
        if not item.of_year:
            answer = client.get(f"/audit/periods/2026-10-01/{item.name}")
            assert answer.status_code == 200
            assert (f'/{item.name}"' in page) == (item.name in left()), item.name
    for wrong in ("/audit/periods/2026-10-01/x", "/audit/periods/x", "/audit/periods/1900-01-01"):
        assert client.get(wrong).status_code == 404
    assert "October 2026" in page


@pytest.mark.sqlite
def test_the_commands_show_close_and_propose(books, runner):
    shown = runner.invoke(args=["periods", "show", "2026-10-05"]).output
    assert "warning       1  Bank accounts with money" in shown
    assert "is closed" in runner.invoke(args=["periods", "close", "5/10/2569"]).output
    again = ["periods", "reopen", "2026-10-05", "--reason", "audit"]
    assert "nothing is changed yet" in runner.invoke(args=again).output
    assert runner.invoke(args=["periods", "show", "1999-10-05"]).exit_code == 1
