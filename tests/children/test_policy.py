"""Who may see what, and what a consent allows."""

from datetime import date

import pytest

from fundapp.access.actors import Grant, person
from fundapp.access.permissions import Role
from fundapp.children.births import Birth
from fundapp.children.models import Child, ChildStatus, Consent, ConsentKind, Relation
from fundapp.children.policy import (
    age_on,
    has_consent,
    is_of_age_for_fund,
    may_receive_help,
    may_register,
    may_register_somewhere,
    may_see_child,
    signs_alone,
)
from tests.factories.actors import grants

TODAY = date(2026, 11, 24)


def user(role, *districts):
    return person("somebody", 1, grants([role], districts))


def child(*consents, status=ChildStatus.ACTIVE):
    return Child(district_code="9506", status=status, consents=list(consents))


def consent(**overrides):
    values = {"kind": ConsentKind.KEEP_FILE, "signed_on": date(2026, 1, 1), **overrides}
    return Consent(**values)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("districts", [(), ("9501",), ("9501", "9506")])
def test_who_may_see_a_child_of_raman(role, districts):
    is_here = "9506" in districts
    reads = role in (Role.CASE_MANAGER, Role.SUPERVISOR) and is_here
    assert may_see_child(user(role, *districts), child(), is_handed_on=False) is (
        reads or role is Role.APPROVER
    )
    changes = role is Role.CASE_MANAGER and is_here
    assert may_register(user(role, *districts), "9506") is changes
    registers = role is Role.CASE_MANAGER and bool(districts)
    assert may_register_somewhere(user(role, *districts)) is registers


@pytest.mark.parametrize("other", Role)
def test_the_districts_of_a_case_manager_are_not_those_of_another_role(other):
    held = [Grant(Role.CASE_MANAGER, frozenset({"9501"})), Grant(other, frozenset({"9505"}))]
    viewer = person("somebody", 1, held)
    assert may_see_child(viewer, child(), is_handed_on=False) is (other is Role.APPROVER)
    assert not may_register(viewer, "9506")
    assert may_register(viewer, "9501")
    assert may_register(viewer, "9505") is (other is Role.CASE_MANAGER)


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        ({}, True),
        ({"signed_on": TODAY}, True),
        ({"signed_on": date(2026, 11, 25)}, False),
        ({"expires_on": TODAY}, True),
        ({"expires_on": date(2026, 11, 23)}, False),
        ({"withdrawn_on": TODAY}, False),
        ({"withdrawn_on": date(2026, 11, 25)}, True),
        ({"kind": ConsentKind.PHOTOGRAPH}, False),
    ],
)
def test_when_a_consent_counts(facts, counts):
    assert has_consent(child(consent(**facts)), ConsentKind.KEEP_FILE, TODAY) is counts
    assert may_receive_help(child(consent(**facts)), TODAY) is counts


def test_a_new_consent_counts_beside_a_withdrawn_one():
    both = child(consent(withdrawn_on=date(2026, 5, 5)), consent(signed_on=date(2026, 6, 1)))
    assert has_consent(both, ConsentKind.KEEP_FILE, TODAY)


def test_no_help_for_a_closed_file():
    assert not may_receive_help(child(consent(), status=ChildStatus.CLOSED), TODAY)


def test_only_holders_of_parental_power_sign_alone():
    assert [relation for relation in Relation if signs_alone(relation)] == [
        Relation.MOTHER,
        Relation.FATHER,
        Relation.LEGAL_GUARDIAN,
        Relation.SELF,
    ]


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2016, 2, 29), date(2026, 2, 28), 9),
        (date(2016, 2, 29), date(2026, 3, 1), 10),
        (date(2016, 2, 29), date(2028, 2, 29), 12),
        (TODAY, TODAY, 0),
    ],
)
def test_age(born, on, age):
    assert age_on(born, on) == age


@pytest.mark.parametrize(
    ("born", "is_accepted"),
    [
        (TODAY, True),
        (date(2026, 11, 25), False),
        (date(2000, 11, 25), True),
        (date(2000, 11, 24), False),
    ],
)
def test_the_fund_is_for_people_up_to_25(born, is_accepted):
    assert is_of_age_for_fund(Birth(born), TODAY) is is_accepted
