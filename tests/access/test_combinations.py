"""Which roles one person may hold: the table, what follows from it, and the database's copy."""

from datetime import date
from itertools import combinations, permutations

import pytest
from sqlalchemy import text

from fundapp.access.combinations import (
    BY_EXCEPTION,
    REFUSED,
    Allowance,
    Combination,
    combination,
    find_conflicts,
    roles_in_force,
)
from fundapp.access.permissions import ROLE_PERMISSIONS, Permission, Role

TODAY = date(2026, 11, 24)
YESTERDAY = date(2026, 11, 23)

#: Every pair, from the other side. What is not here is allowed.
PAIRS = {
    "refused": {
        "auditor": "donor case_manager supervisor fund_officer approver administrator",
        "agency": "donor case_manager supervisor fund_officer approver auditor administrator",
        "administrator": "case_manager supervisor fund_officer approver",
        "supervisor": "fund_officer approver",
    },
    "by exception": {
        "case_manager": "approver fund_officer supervisor",
        "approver": "fund_officer",
    },
}


def expected(one: Role, other: Role) -> str:
    for name, rows in PAIRS.items():
        if other in rows.get(one, "").split() or one in rows.get(other, "").split():
            return name
    return "allowed"


@pytest.mark.parametrize(("one", "other"), list(permutations(Role, 2)))
def test_each_pair_of_roles(one, other):
    assert combination(one, other) == expected(one, other)


def test_no_two_steps_of_help_are_in_one_person_without_an_exception():
    steps = [
        Permission.DISBURSEMENT_REQUEST, Permission.DISBURSEMENT_DECIDE,
        Permission.DISBURSEMENT_PAY,
    ]  # fmt: skip
    for one, other in combinations(Role, 2):
        both = ROLE_PERMISSIONS[one] | ROLE_PERMISSIONS[other]
        if len(both.intersection(steps)) > 1:
            assert combination(one, other) is Combination.BY_EXCEPTION, (one, other)


@pytest.mark.parametrize(("one", "other"), list(permutations(Role, 2)))
def test_what_is_in_force_of_each_pair(one, other):
    allowance = Allowance(one, other, TODAY)
    over = Allowance(one, other, YESTERDAY)
    named = combination(one, other)
    both, neither = {one, other}, set()
    is_allowed = named is Combination.ALLOWED
    assert roles_in_force(both, [], TODAY) == (both if is_allowed else neither)
    excepted = {Combination.ALLOWED: both, Combination.BY_EXCEPTION: both}.get(named, neither)
    assert roles_in_force(both, [allowance], TODAY) == excepted
    ran_out = {Combination.ALLOWED: both, Combination.BY_EXCEPTION: {other}}.get(named, neither)
    assert roles_in_force(both, [over], TODAY) == ran_out
    assert bool(find_conflicts(both, [over], TODAY)) is not is_allowed


def test_each_pair_of_three_needs_an_exception_of_its_own():
    three = {Role.CASE_MANAGER, Role.APPROVER, Role.FUND_OFFICER}
    one = Allowance(Role.APPROVER, Role.CASE_MANAGER, TODAY)
    assert find_conflicts(three, [one], TODAY) == [
        (Role.CASE_MANAGER, Role.FUND_OFFICER),
        (Role.FUND_OFFICER, Role.APPROVER),
    ]
    assert roles_in_force(three, [one], TODAY) == set()


def test_the_database_has_the_same_pairs(session):
    rows = session.execute(text("SELECT role, beside, combination FROM role_pairs")).all()
    stored = {(role, beside): named for role, beside, named in rows}
    assert stored == {
        (str(one), str(other)): str(combination(one, other))
        for pair in REFUSED | BY_EXCEPTION
        for one, other in permutations(pair)
    }
    assert len(rows) == len(stored)
