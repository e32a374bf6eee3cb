"""A fund is opened by two people, gets a tax wording, is frozen by one, opened again and closed by
two: what they, a donor and the case manager see, over HTTP.
"""

from dataclasses import replace

import pytest

from fundapp import clock as app_clock
from fundapp.access.permissions import Role
from fundapp.audit.checks import run_checks
from fundapp.db import db
from fundapp.giving.models import Pledge
from tests.factories.disbursements import make_approved, make_team, pay, prove
from tests.factories.giving import make_payment
from tests.factories.identity import make_user

FUND = {
    "code": "WINTER", "restriction": "restricted", "name_th": "ทุนฤดูหนาว",
    "name_en": "Winter fund", "name_ms": "Dana musim sejuk", "minimum": "100", "goal": "5,000",
}  # fmt: skip
TAX = {"text_th": "ลดหย่อนภาษีได้ 2 เท่า", "text_en": "Deductible twice.", "text_ms": "Dua kali."}


@pytest.fixture
def people(fund_app, session, clock, browser):
    """An officer, two administrators, a visitor; and a team that works with another fund."""
    found = {"visitor": browser(), "team": make_team()}
    for name, role in (
        ("officer", Role.FUND_OFFICER), ("first", Role.ADMINISTRATOR),
        ("second", Role.ADMINISTRATOR),
    ):  # fmt: skip
        found[name] = browser()
        found[name].sign_in(make_user(role).email)
    return found


def agree(people, page, text):
    """The second administrator opens what waits, reads it and confirms."""
    second = people["second"]
    shown = second.open(page.url)
    shown.says("Waiting", text)
    second.send(shown, "/confirm").says("It is confirmed and holds from now.")


def test_the_life_of_a_fund(people):
    open_it(people)
    give_to_it(people)
    freeze_it_and_open_it_again(people)
    close_it(people)
    assert [result.check.name for result in run_checks() if not result.is_green] == []


def open_it(people):
    first = people["first"]
    page = first.open("/settings")
    page = first.open(page.link("Open a fund"))
    page = first.send(page, "/settings/funds/new", FUND)
    page.says("Proposed. It holds when an administrator confirms it.", "Winter fund", "5,000.00")
    people["visitor"].open("/give").hides("Winter fund")
    agree(people, page, "Winter fund")
    page = first.open("/settings/funds/WINTER/tax-wording")
    page = first.send(page, "/tax-wording", TAX)
    page.says("This gift is not registered for a tax deduction.", "Deductible twice.")
    agree(people, page, "Deductible twice.")


def give_to_it(people):
    visitor = people["visitor"]
    page = visitor.open("/give")
    page.says("Winter fund", "Goal: 5,000.00 baht.", "Gifts from 100.00 baht on.")
    answers = {"fund": "WINTER", "amount_is": "total", "method": "transfer", "name": "A giver"}
    refused = visitor.send(page, "/give", answers, amount="99")
    refused.says("This fund takes gifts from 100.00 baht on.")
    people["pledge"] = visitor.send(refused, "/give", amount="1,000").url
    make_payment(100_000, the_instalment())
    page = visitor.open(people["pledge"])
    people["receipt"] = page.link(to="/receipts/")
    visitor.open(people["receipt"]).says("Deductible twice.")


def the_instalment():
    pledge = db.session.scalars(db.select(Pledge).where(Pledge.fund_code == "WINTER")).one()
    return pledge.instalments[0]


def freeze_it_and_open_it_again(people):
    officer = people["officer"]
    page = officer.open("/settings/funds/WINTER")
    officer.send(page, "/freeze").says("The fund is frozen. Two people open it again.", "Frozen")
    people["visitor"].open("/give").hides("Winter fund")
    page = officer.send(officer.open("/settings/funds/WINTER"), "/reopen")
    agree(people, page, "Frozen")
    people["visitor"].open("/give").says("Winter fund")


def close_it(people):
    first = people["first"]
    page = first.open("/settings/funds/WINTER")
    page.says("There are still 1,000.00 baht of this fund in account 1121 Bank, main account.")
    assert not page.offers("/close")
    team = replace(people["team"], fund="WINTER")
    request = make_approved(team, 100_000)
    pay(request, team, paid_on=app_clock.today())
    first.open("/settings/funds/WINTER").says("1 requests for help from this fund are open.")
    prove(request, team)
    page = first.open("/settings/funds/WINTER")
    page.says("The fund is empty: no money, no running pledge, no open request.")
    page = first.send(page, "/close")
    agree(people, page, "Closed")
    people["visitor"].open("/give").hides("Winter fund")
    people["visitor"].open(people["receipt"]).says("Winter fund", "Deductible twice.")
    first.open("/settings/funds/WINTER").says(
        "The fund takes no pledge, no payment and no request. Its books stay."
    )
