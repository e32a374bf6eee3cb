"""Checks of funds, of what receipts say about tax, and of months that were opened again."""

from datetime import date, timedelta

import pytest

from fundapp.audit.checks import run_checks
from fundapp.db import unit_of_work
from fundapp.ledger.chart import FundAccounts
from fundapp.ledger.drafts import FundSettings
from fundapp.ledger.kinds import (
    FUND_ACCOUNTS,
    FUND_SETTINGS,
    FUND_STATUS,
    LET_GO_LIMIT,
    PERIOD_REOPENING,
    TAX_WORDING,
    accounts_values,
    reopening_values,
    settings_values,
    status_values,
    wording_values,
)
from fundapp.ledger.models import FundStatus, ReopenReason
from fundapp.ledger.operations import freeze_fund, set_let_go_limit
from tests.audit.tampering import tamper
from tests.conftest import MORNING
from tests.factories.actors import HOUSE, OFFICER
from tests.factories.books import close_month, make_fund, make_gift
from tests.factories.disbursements import make_request, make_team
from tests.factories.giving import make_payment, make_pledge
from tests.factories.identity import agree

NAMES = ("ก", "b", "c")
TEXTS = ("ก", "Deductible.", "c")


def red():
    return {
        result.check.name: [(found.ref, found.problem) for found in result.violations]
        for result in run_checks()
        if not result.is_green
    }


@pytest.fixture
def funds(build_once, clock):
    """A fund with a payment, one that was frozen and opened again, and one that is closed."""
    build_once("audit/funds", lambda: make_funds(clock))
    clock.move_to(MORNING + timedelta(seconds=1))


def make_funds(clock):
    for code in ("GENERAL", "FROZEN", "SHUT"):
        make_fund(code)
    unit_of_work(freeze_fund, "FROZEN", actor=OFFICER)
    clock.shift(timedelta(seconds=1))
    agree(FUND_STATUS, "FROZEN", status_values(FundStatus.OPEN))
    agree(FUND_STATUS, "SHUT", status_values(FundStatus.CLOSED))
    agree(FUND_ACCOUNTS, "FROZEN", accounts_values(FundAccounts(bank=("1121", "1123"))))
    agree(FUND_SETTINGS, "FROZEN", settings_values(FundSettings(NAMES, goal_satang=500)))
    agree(LET_GO_LIMIT, "FROZEN", {"satang": 200})
    make_payment(500)


def test_funds_that_two_people_changed_are_green(funds):
    assert red() == {}


def test_a_fund_closed_by_hand_that_holds_money(funds):
    tamper("funds", "UPDATE funds SET status = 'closed' WHERE code = 'GENERAL'")
    assert red() == {
        "ledger.closed-funds": [("GENERAL", "is closed, and 500 satang of it are in account 1121")],
        "ledger.fund-states": [("GENERAL", "is closed, and the trail says otherwise")],
    }


def test_a_closed_fund_with_a_pledge_and_a_request(funds):
    make_pledge(fund_code="FROZEN")
    make_request(make_team(0, fund="OTHER"))
    tamper("pledges", "UPDATE pledges SET fund_code = 'SHUT'")
    tamper("disbursement_requests", "UPDATE disbursement_requests SET fund_code = 'SHUT'")
    assert red()["ledger.closed-funds"] == [
        ("SHUT", "is closed, and 1 pledges to it run"),
        ("SHUT", "is closed, and 1 requests from it are open"),
    ]


@pytest.mark.parametrize(("code", "state"), [("GENERAL", "frozen"), ("SHUT", "open")])
def test_a_state_changed_by_hand(funds, code, state):
    tamper("funds", f"UPDATE funds SET status = '{state}' WHERE code = '{code}'")
    assert red() == {"ledger.fund-states": [(code, f"is {state}, and the trail says otherwise")]}


def test_an_entry_in_a_fund_that_is_closed(funds, clock):
    clock.shift(timedelta(minutes=1))
    tamper("funds", "UPDATE funds SET status = 'open' WHERE code = 'SHUT'")
    make_gift(700, "SHUT")
    tamper("funds", "UPDATE funds SET status = 'closed' WHERE code = 'SHUT'")
    found = red()
    assert set(found) == {"ledger.closed-funds", "ledger.fund-states"}
    assert found["ledger.fund-states"][0][1] == "was posted to fund SHUT after it was closed"


@pytest.mark.parametrize("number", [2, 9])
def test_a_receipt_with_another_tax_wording(funds, clock, number):
    clock.shift(timedelta(days=1))
    agree(TAX_WORDING, "GENERAL", wording_values(TEXTS, is_deductible=True))
    clock.shift(timedelta(days=1))
    make_payment(600)
    assert red() == {}
    tamper("receipts", f"UPDATE receipts SET tax_wording_number = {number} WHERE number = 1")
    assert set(red()) == {"giving.tax-wordings"}
    tamper("receipts", "UPDATE receipts SET tax_wording_number = 1")
    assert set(red()) == {"giving.tax-wordings"}


def test_a_month_opened_again_is_green_and_by_hand_is_not(funds, clock):
    october = date(2026, 10, 5)
    close_month(october)
    make_payment(900, received_on=date(2026, 10, 7), booked_on=date(2026, 11, 1))
    assert red() == {}
    clock.shift(timedelta(seconds=1))
    agree(PERIOD_REOPENING, "2026-10-01", reopening_values(ReopenReason.AUDIT))
    assert red() == {}
    close_month(october)
    assert red() == {}
    tamper("periods", "UPDATE periods SET status = 'open', closed_at = NULL, closed_by = NULL")
    assert red() == {
        "ledger.closed-months": [("2026-10-01", "is open, and the trail says otherwise")]
    }


@pytest.mark.parametrize(
    ("table", "statement", "problem"),
    [
        (
            "funds", "UPDATE funds SET let_go_limit_satang = 9000 WHERE code = 'GENERAL'",
            "let_go_limit is '90.00'; the trail says '1.00'",
        ),
        (
            "funds", "UPDATE funds SET goal_satang = 7 WHERE code = 'GENERAL'",
            "goal_satang is '7'; the trail says ''",
        ),
        (
            "funds", "UPDATE funds SET name_en = 'Mine' WHERE code = 'GENERAL'",
            "name_en is 'Mine'; the trail says 'Fund GENERAL'",
        ),
        (
            "fund_accounts", "INSERT INTO fund_accounts VALUES ('GENERAL', '1122', 'bank')",
            "bank is '1121, 1122'; the trail says '1121'",
        ),
        (
            "tax_wordings",
            "UPDATE tax_wordings SET text_th = 'x' WHERE fund_code = 'GENERAL'",
            "text_th is 'x'; the trail says 'เงินบริจาคนี้ไม่ได้ขึ้นทะเบียนเพื่อใช้ลดหย่อนภาษี'",
        ),
        (
            "funds", "UPDATE funds SET tax_wording_number = 4 WHERE code = 'GENERAL'",
            "has tax wording 4, which there is not",
        ),
    ],
)  # fmt: skip
def test_a_setting_changed_by_hand(funds, table, statement, problem):
    tamper(table, statement)
    found = red()
    assert set(found) == {"ledger.fund-settings"}
    assert ("GENERAL", problem) in found["ledger.fund-settings"]


def test_a_change_that_no_two_people_agreed_on(funds):
    unit_of_work(set_let_go_limit, "GENERAL", 300, actor=HOUSE)
    problem = "let-go-limit of it was done 1 times by house, who confirmed 0 proposals"
    assert red() == {"proposals.applied": [("GENERAL", problem)]}
