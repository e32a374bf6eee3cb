"""Budgets are decided by two people, and every figure beside them opens what it is made of."""

import csv
import io
import re

import pytest
from sqlalchemy import text

from fundapp.access.permissions import Role
from fundapp.audit.checks import run_checks
from fundapp.budgets import queries
from fundapp.budgets.errors import BudgetAmountError, BudgetYearError
from fundapp.db import db, unit_of_work
from fundapp.disbursements.operations import cancel_request
from fundapp.errors import ForbiddenError
from fundapp.ledger import chart
from fundapp.ledger.errors import FundClosedError
from fundapp.ledger.models import Fund
from fundapp.ledger.operations import close_fund
from fundapp.proposals.operations import make_proposal
from tests.factories.actors import APPROVER, HOUSE
from tests.factories.books import make_fund
from tests.factories.disbursements import (
    Need,
    make_approved,
    make_paid,
    make_request,
    make_team,
)
from tests.factories.identity import agree, make_user, sign_in

THOUSAND = 100_000


@pytest.fixture
def team(build_once, clock):
    """A fund with 10,000 baht and a budget; 3,000 approved, of these 1,000 paid, and 500 more
    approved and cancelled.
    """
    return build_once("budgets/team", make_spending)


def make_spending():
    team = make_team()
    make_paid(team, THOUSAND)
    make_approved(team, THOUSAND)
    make_approved(team, THOUSAND, need=Need.TRAVEL)
    cancelled = make_approved(team, THOUSAND // 2)
    unit_of_work(
        cancel_request,
        cancelled.public_id,
        version=cancelled.version,
        reason="Twice",
        actor=team.approver.as_actor(),
    )
    make_request(team)
    agree("budget", "GENERAL:2570", {"5120": 5 * THOUSAND, "5150": THOUSAND})
    return team


def figures():
    db.session.rollback()
    (budget,) = [each for each in queries.list_budgets(2570) if each.fund.code == "GENERAL"]
    return {
        row.account.code: (
            row.budget_satang // 1000,
            row.spending.committed_satang // 1000,
            row.spending.spent_satang // 1000,
            row.left_satang // 1000,
        )
        for row in budget.rows
    }


def test_budget_committed_spent_and_left(team, clock):
    assert figures() == {
        "5120": (500, 100, 100, 300),
        "5130": (0, 100, 0, -100),
        "5150": (100, 0, 0, 100),
    }
    assert queries.list_budgets(2569)[0].rows == []
    assert [r.check.name for r in run_checks() if r.violations] == []


def test_every_figure_opens_entries_that_add_up_to_it(client, team):
    sign_in(client, make_user(Role.FUND_OFFICER))
    page = client.get("/budgets?lang=en&year=2570").text
    assert "3,000.00" in page
    assert "−1,000.00" in page
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/budgets/[^"]+)"', page)]
    charges = [link for link in links if "/charges" in link]
    assert len(charges) == 3
    for link in charges:
        rows = client.get(link).text.partition("<tbody>")[2].partition("</tbody>")[0]
        assert rows.count("/audit/entries/") == len(re.findall("1,000.00|500.00", rows)) > 0
    spent = next(link for link in charges if "/5120/" in link and "part=spent" in link)
    listed = client.get(spent).text
    assert (listed.count("−500.00"), listed.count(">1,000.00<")) == (1, 1)
    assert client.get("/budgets/GENERAL/5120/charges?from_on=x&to_on=y").status_code == 404
    assert client.get("/budgets?year=1").status_code == 422


@pytest.mark.sqlite
def test_the_figures_as_csv(client, team):
    sign_in(client, make_user(Role.AUDITOR))
    answer = client.get("/budgets?year=2570&fund=GENERAL&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["account"], row["spent_baht"], row["left_baht"]) for row in rows] == [
        ("5120", "1000.00", "3000.00"),
        ("5130", "0.00", "-1000.00"),
        ("5150", "0.00", "1000.00"),
    ]
    assert client.get("/budgets/GENERAL/2570/propose").status_code == 403


def test_one_proposes_a_budget_in_a_form_and_another_confirms(client, team):
    sign_in(client, make_user(Role.FUND_OFFICER))
    address = "/budgets/GENERAL/2571/propose?lang=en"
    wrong = client.post(address, data={"amount_5120": "a lot"})
    assert (wrong.status_code, "a lot" in wrong.text) == (422, True)
    answer = client.post(address, data={"amount_5120": "2,500.50", "amount_5150": "0"})
    assert answer.status_code == 303
    shown = client.get(answer.location).text
    assert "fiscal year 2571" in shown
    assert "5120" in shown
    assert "2,500.50" in shown
    assert queries.get_budget("GENERAL", 2571) == {}
    again = client.post(address, data={"amount_5120": "1"})
    assert (again.status_code, "is proposed already" in again.text) == (422, True)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert client.post(answer.location + "/confirm").status_code == 303
    db.session.rollback()
    assert queries.get_budget("GENERAL", 2571) == {"5120": 250_050}
    sign_in(client, make_user(Role.AUDITOR))
    trail = client.get("/audit/trail?lang=en&action=budgets:budget:set").text
    assert "2,500.50" in trail
    assert "GENERAL:2571" not in trail


@pytest.mark.sqlite
def test_what_is_refused(team):
    administrator = make_user(Role.ADMINISTRATOR).as_actor()

    def propose(subject, amounts, actor=administrator):
        unit_of_work(make_proposal, "budget", subject, amounts, actor=actor)

    for amounts in ({chart.BANK_MAIN: 1}, {"5120": -1}, {"5120": 10**12}):
        with pytest.raises(BudgetAmountError):
            propose("GENERAL:2570", amounts)
    for year in (2568, 2574):
        with pytest.raises(BudgetYearError):
            propose(f"GENERAL:{year}", {"5120": 1})
    with pytest.raises(ForbiddenError):
        propose("GENERAL:2570", {"5120": 1}, APPROVER)
    make_fund("OLD")
    unit_of_work(close_fund, "OLD", actor=HOUSE)
    with pytest.raises(FundClosedError):
        propose("OLD:2570", {"5120": 1})


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE budget_lines SET amount_satang = -1",
        "UPDATE budget_lines SET account_code = '1121' WHERE account_code = '5120'",
        "UPDATE budget_lines SET fiscal_year = 25 WHERE account_code = '5120'",
        "UPDATE budget_lines SET proposal_id = 1",
    ],
)
def test_the_database_keeps_budgets_in_range(team, change):
    with pytest.raises(Exception, match=r"(?i)check|foreign"):
        unit_of_work(lambda: db.session.execute(text(change)))


def test_a_budget_that_nobody_decided_turns_its_check_red(team):
    unit_of_work(lambda: db.session.execute(text("UPDATE budget_lines SET amount_satang = 7")))
    red = [result.check.name for result in run_checks() if result.violations]
    assert red == ["budgets.decided"]
    assert db.session.get(Fund, "GENERAL") is not None
