"""The actor: which permissions a person or a process acts with."""

import dataclasses

import pytest

from fundapp.access.actors import COMMAND_LINE, VISITOR, WORKER, Actor, person, process, require
from fundapp.access.permissions import (
    PROCESS_PERMISSIONS,
    ROLE_PERMISSIONS,
    Permission,
    Process,
    Role,
)
from fundapp.errors import ForbiddenError


@pytest.mark.parametrize("role", Role)
def test_a_person_holds_what_the_role_grants(role):
    actor = person("u1", 7, [role])
    assert actor.permissions == ROLE_PERMISSIONS[role]
    assert (actor.ref, actor.user_id, actor.person_id) == ("u1", 7, 7)
    assert (actor.roles, actor.districts) == ({role}, frozenset())


def test_two_roles_grant_what_either_does():
    actor = person("u1", 7, [Role.CASE_MANAGER, Role.AUDITOR], ["9501", "9506", "9501"])
    assert actor.permissions == ROLE_PERMISSIONS[Role.CASE_MANAGER] | ROLE_PERMISSIONS[Role.AUDITOR]
    assert actor.districts == {"9501", "9506"}


def test_a_person_without_a_role_holds_nothing():
    assert person("u1", 7, []).permissions == frozenset()


def test_who_may_not_sign_in_holds_nothing_and_keeps_the_roles():
    actor = person("u1", 7, [Role.APPROVER], is_active=False)
    assert actor.permissions == frozenset()
    assert actor.roles == {Role.APPROVER}
    assert not actor.can(Permission.DISBURSEMENT_DECIDE)


@pytest.mark.parametrize("name", Process)
def test_a_process_acts_under_its_name_and_is_no_person(name):
    actor = process(name)
    assert (actor.ref, actor.permissions) == (name.value, PROCESS_PERMISSIONS[name])
    assert (actor.user_id, actor.roles, actor.districts) == (None, frozenset(), frozenset())
    with pytest.raises(ForbiddenError):
        _ = actor.person_id


def test_the_processes_of_the_application():
    assert [actor.ref for actor in (VISITOR, COMMAND_LINE, WORKER)] == [
        "public", "command-line", "worker",
    ]  # fmt: skip


def test_can_asks_for_one_permission_and_can_any_for_one_of_several():
    officer = person("u1", 7, [Role.FUND_OFFICER])
    assert officer.can(Permission.DISBURSEMENT_PAY)
    assert not officer.can(Permission.DISBURSEMENT_DECIDE)
    assert officer.can_any(Permission.DISBURSEMENT_DECIDE, Permission.DISBURSEMENT_PAY)
    assert not officer.can_any(Permission.DISBURSEMENT_DECIDE, Permission.CHILD_READ)
    assert not officer.can_any()


def test_require_ends_a_question():
    assert require(True) is None
    with pytest.raises(ForbiddenError):
        require(False)


def test_an_actor_is_not_changed_and_does_not_print_its_permissions():
    actor = Actor("u1", frozenset({Permission.USER_MANAGE}))
    with pytest.raises(dataclasses.FrozenInstanceError):
        actor.ref = "u2"
    assert "u1" in repr(actor)
    assert "user:manage" not in repr(actor)
