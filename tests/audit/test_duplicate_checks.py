"""Checks of files that may be of a child who has one already."""

from datetime import date

import pytest

from fundapp.access.permissions import Role
from fundapp.audit.checks import run_checks
from fundapp.children import operations
from fundapp.children.models import DuplicateDecision
from fundapp.db import unit_of_work
from tests.audit.tampering import tamper
from tests.factories.children import RAMAN, make_child
from tests.factories.disbursements import make_request, make_team
from tests.factories.identity import make_user

SAME = {"given_name": "Ali", "family_name": "Invented", "birth_on": date(2017, 3, 4)}
CHECK = "children.duplicates"


def make_files():
    """A waiting file, a decided one and a request for a third child."""
    manager = make_user("case_manager", (RAMAN,))
    for born in (date(2017, 3, 4), date(2018, 4, 5)):
        same = SAME | {"birth_on": born}
        make_child(manager, **same)
        child = make_child(manager, **same, another_child="Another mother.")
        supervisor = make_user(Role.SUPERVISOR, (RAMAN,)).as_actor()
        if born.year == 2017:
            decision = DuplicateDecision.ANOTHER_CHILD
            unit_of_work(
                operations.decide_duplicate,
                child.public_id,
                decision,
                reason="Asked the school.",
                actor=supervisor,
            )
    make_request(make_team())
    return child


@pytest.fixture
def waiting(build_once, clock):
    """That, built once."""
    return build_once("audit/duplicates", make_files)


def red():
    return {
        result.check.name
        for result in run_checks()
        if result.violations and result.check.name.startswith("children.")
    }


def test_what_operations_do_is_green(waiting):
    assert red() == set()


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("children", "UPDATE children SET status = 'active' WHERE status = 'waiting'"),
        ("children", "UPDATE children SET status = 'waiting' WHERE status = 'active'"),
        (
            "children",
            "UPDATE children SET status = 'closed', closed_on = '2026-11-24',"
            " close_reason = 'same_child' WHERE status = 'waiting'",
        ),
        (
            "duplicate_findings",
            "UPDATE duplicate_findings SET decided_by_id = found_by_id WHERE decision IS NOT NULL",
        ),
        (
            "duplicate_findings",
            "UPDATE duplicate_findings SET decision = 'another_child', decided_at = found_at,"
            " decision_digest = found_digest, decided_by_id = (SELECT max(id) FROM users)"
            " WHERE decision IS NULL",
        ),
        (
            "duplicate_findings",
            "UPDATE duplicate_findings SET decision = 'same_child' WHERE decision IS NOT NULL",
        ),
        (
            "request_lines",
            "UPDATE request_lines SET child_id ="
            " (SELECT id FROM children WHERE status = 'waiting')",
        ),
        ("duplicate_findings", "DELETE FROM duplicate_findings WHERE decision IS NULL"),
    ],
)
def test_what_is_broken_by_hand_turns_the_check_red(waiting, table, statement):
    tamper(table, statement)
    assert CHECK in red()


def test_two_open_files_that_nobody_compared_turn_it_yellow(waiting):
    tamper("duplicate_findings", "DELETE FROM duplicate_findings WHERE decision IS NOT NULL")
    assert "children.twice" in red()
