"""The checks of resets: green on what the operations let through, red on what raw SQL wrote."""

from datetime import timedelta

import pytest

from fundapp import clock as clocks
from fundapp.access.permissions import Role
from fundapp.audit.checks import resets, run_checks
from fundapp.db import unit_of_work
from fundapp.identity import operations
from fundapp.identity.models import Delivery
from fundapp.ledger.kinds import LET_GO_LIMIT
from tests.audit.tampering import tamper
from tests.disbursements.test_resets import administrator, reset
from tests.factories.actors import COMMAND_LINE
from tests.factories.books import make_fund
from tests.factories.checks import run_checks_by_worker
from tests.factories.disbursements import make_paid, make_team
from tests.factories.identity import agree, make_user, sign_in

NAMES = {check.name for check in resets.CHECKS}


def written(day):
    return f"{day.day} {day:%B %Y}"


def found():
    """What each check of resets found."""
    results = (result for result in run_checks() if result.check.name in NAMES)
    return {r.check.name: [o.sentence for o in r.violations] for r in results if r.violations}


@pytest.fixture
def officer(session, clock):
    """An officer whom two administrators reset on paper."""
    user = make_user(Role.FUND_OFFICER)
    reset(user, administrator())
    return user


def test_a_reset_by_two_administrators_is_green(officer):
    assert found() == {}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("second_sha256 = NULL, second_by = NULL", "chose a password with one sheet of paper"),
        ("second_by = made_by", "has a second sheet that no second administrator printed"),
        ("second_by = 'nobody'", "has a second sheet that no second administrator printed"),
        ("made_by = 'command-line'", "has an invitation that the trail does not know"),
        ("delivery = 'mail'", "has an invitation that the trail does not know"),
    ],
)
def test_a_sheet_by_raw_sql(officer, change, problem):
    tamper("invitations", f"UPDATE invitations SET {change} WHERE second_by IS NOT NULL")
    assert found() == {"identity.two-sheets": [problem]}


def test_a_reset_on_the_server_is_yellow_for_three_months(client, session, clock):
    user = make_user(Role.FUND_OFFICER)
    reset(user, COMMAND_LINE)
    day = clocks.today()
    assert found() == {"identity.command-resets": [f"was reset on the server on {day}"]}
    run_checks_by_worker()
    sign_in(client, make_user(Role.AUDITOR))
    page = client.get("/audit/checks?lang=en").text
    assert f"was reset on the server on {written(day)}" in page
    assert user.name in page
    assert user.public_id not in page
    results = {result.check.name: result.state for result in run_checks()}
    assert results["identity.command-resets"] == "yellow"
    clock.shift(timedelta(days=92))
    assert found() == {}


def test_a_first_invitation_on_the_server_is_green(session, clock):
    make_user(Role.FUND_OFFICER)
    assert found() == {}


def test_help_between_people_whom_a_command_reset_is_yellow(session, clock):
    team = make_team()
    for user in (team.asker, team.approver):
        reset(user, COMMAND_LINE)
    make_paid(team)
    problem = "is the work of two people who had been reset on the server"
    assert found()["disbursements.command-resets"] == [problem]
    assert "disbursements.reset-together" not in found()


@pytest.mark.parametrize(("other", "times"), [("approver", 1), ("payer", 1)])
def test_help_between_people_whom_one_administrator_reset(session, clock, other, times):
    """As if the operation had not refused: the resets are dated back by raw SQL."""
    team, one = make_team(), administrator()
    make_paid(team)
    clock.shift(timedelta(hours=1))
    for user in (team.asker, getattr(team, other)):
        reset(user, one)
    assert found() == {}
    tamper(
        "audit_events",
        "UPDATE audit_events SET at = (SELECT min(requested_at) FROM disbursement_requests)"
        " WHERE action = 'identity:user:reset'",
    )
    problem = "is the work of two people whom one administrator had reset"
    assert found() == {"disbursements.reset-together": [problem] * times}


@pytest.mark.parametrize("delivery", list(Delivery))
def test_a_proposal_between_two_of_whom_one_reset_the_other(session, clock, delivery):
    make_fund()
    proposal = agree(LET_GO_LIMIT, "GENERAL", {"satang": 500})
    clock.shift(timedelta(hours=1))
    administrator()
    unit_of_work(
        operations.reset_sign_in, proposal.decider.public_id, delivery=delivery,
        actor=proposal.proposer.as_actor(),
    )  # fmt: skip
    assert found() == {}
    tamper(
        "audit_events",
        "UPDATE audit_events SET at = (SELECT min(proposed_at) FROM proposals)"
        " WHERE action = 'identity:user:reset'",
    )
    problem = "was confirmed by somebody whom a reset makes no second person"
    assert found() == {"proposals.reset-between": [problem]}
