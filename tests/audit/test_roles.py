"""The checks of roles: green on what the operations write, red on what raw SQL wrote."""

from datetime import timedelta

import pytest

from fundapp.access.permissions import Role
from fundapp.audit.checks import roles, run_checks
from fundapp.identity.role_rows import ROLES
from tests.audit.tampering import tamper
from tests.factories.disbursements import make_approved, make_paid, make_team
from tests.factories.identity import agree, give, make_user

NAMES = {check.name for check in roles.CHECKS}


def found():
    """What each check of roles found."""
    results = (result for result in run_checks() if result.check.name in NAMES)
    return {r.check.name: [o.problem for o in r.violations] for r in results if r.violations}


def make_people():
    """Somebody with an exception, a case manager by proposal, an officer by a command."""
    both = make_user("approver", ("9506",), roles=["case_manager", "approver"])
    given = make_user("donor")
    agree(ROLES, given.public_id, {"case_manager": ["9505"]})
    return {"both": both, "given": given, "officer": make_user("fund_officer")}


@pytest.fixture
def people(build_once, clock):
    """That, built once."""
    return build_once("audit/roles", make_people)


def test_what_operations_write_is_green(people):
    assert found() == {}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.APPROVER])
def test_a_role_row_by_raw_sql(people, role):
    officer = people["officer"].id
    tamper(
        "user_roles",
        "INSERT INTO user_roles (user_id, role, granted_on, event_id)"
        f" SELECT user_id, '{role}', granted_on, event_id FROM user_roles"
        f" WHERE user_id = {officer}",
    )
    excluded = f"is {' and '.join(each for each in Role if each in ('fund_officer', role))}"
    assert found() == {
        "identity.roles": [excluded],
        "identity.granted": [
            f"is {role}, which nobody gave",
            "holds other roles or districts than the trail says",
        ],
    }


def test_a_role_row_that_names_the_proposal_of_another(people):
    tamper(
        "user_roles",
        "INSERT INTO user_roles (user_id, role, granted_on, proposal_id)"
        f" SELECT {people['officer'].id}, 'donor', granted_on, proposal_id FROM user_roles"
        " WHERE proposal_id IS NOT NULL",
    )
    assert "is donor, which nobody gave" in found()["identity.granted"]


def test_a_district_by_raw_sql(people):
    tamper(
        "user_districts",
        "INSERT INTO user_districts (user_id, role, district_code) SELECT user_id, role, '9501'"
        f" FROM user_districts WHERE user_id = {people['given'].id}",
    )
    assert found() == {
        "identity.granted": ["holds other roles or districts than the trail says"],
    }


@pytest.mark.parametrize(
    "change",
    [
        "ends_on = '2099-01-01'",
        "proposed_by_id = confirmed_by_id",
        "beside = 'fund_officer'",
        "reason = 'vacancy'",
    ],
)
def test_an_exception_that_was_not_agreed_on_like_this(people, change):
    tamper("role_exceptions", f"UPDATE role_exceptions SET {change}")
    assert "has an exception that no two others agreed on" in found()["identity.roles"]


@pytest.mark.parametrize("change", ["proposed_by_id = decided_by_id", "decided_by_id = NULL"])
def test_a_proposal_that_one_person_confirmed(people, change):
    tamper("proposals", f"UPDATE proposals SET {change} WHERE kind = 'roles'")
    assert found()["proposals.two-people"] == ["is confirmed, and not by a second person"]


def test_an_exception_that_ran_out_is_yellow(people, clock):
    clock.shift(timedelta(days=31))
    assert found() == {
        "identity.exceptions": ["is case_manager and approver; the exception is over"]
    }


@pytest.mark.parametrize(
    ("table", "column", "problem"),
    [
        (
            "disbursement_requests",
            "requested_at",
            "was asked for by somebody who was no case_manager then",
        ),
        ("approvals", "decided_at", "was decided on by somebody who was no approver then"),
        ("payouts", "recorded_at", "was paid by somebody who was no fund_officer then"),
    ],
)
def test_what_was_done_before_somebody_had_the_role(session, clock, table, column, problem):
    make_paid(make_team())
    assert found() == {}
    tamper(table, f"UPDATE {table} SET {column} = '2026-01-02T00:00:00Z'")
    assert found() == {"disbursements.roles": [problem]}


def test_an_approval_by_somebody_who_never_was_an_approver(session, clock):
    team = make_team()
    make_approved(team)
    tamper("approvals", f"UPDATE approvals SET approver_id = {team.payer.id}")
    assert found() == {
        "disbursements.roles": ["was decided on by somebody who was no approver then"]
    }


def test_what_was_done_before_a_role_was_taken_away_stays_right(session, clock):
    team = make_team()
    make_paid(team)
    clock.shift(timedelta(days=1))
    for person in (team.asker, team.approver, team.payer):
        give(person, {Role.DONOR: frozenset()})
    assert found() == {}
