"""The actor: which permissions a person or a process acts with."""

import dataclasses

import pytest

from fundapp.access.actors import (
    COMMAND_LINE,
    VISITOR,
    WORKER,
    Actor,
    Grant,
    person,
    process,
    require,
)
from fundapp.access.permissions import (
    DISTRICT_ROLES,
    ROLE_PERMISSIONS,
    SIGNED_IN,
    Permission,
    Process,
    Role,
)
from fundapp.access.processes import PROCESS_PERMISSIONS
from fundapp.errors import ForbiddenError


@pytest.mark.parametrize("role", Role)
def test_a_person_holds_what_the_role_grants(role):
    actor = person("u1", 7, [Grant(role)])
    assert actor.permissions == ROLE_PERMISSIONS[role]
    assert (actor.ref, actor.user_id, actor.person_id) == ("u1", 7, 7)


def test_two_roles_grant_what_either_does_each_with_its_own_districts():
    manager = Grant(Role.CASE_MANAGER, frozenset({"9501", "9506"}))
    supervisor = Grant(Role.SUPERVISOR, frozenset({"9505"}))
    actor = person("u1", 7, [manager, supervisor])
    either = ROLE_PERMISSIONS[Role.CASE_MANAGER] | ROLE_PERMISSIONS[Role.SUPERVISOR]
    assert actor.permissions == either
    assert actor.districts_of(Permission.CHILD_READ) == {"9501", "9505", "9506"}
    assert actor.districts_of(Permission.CHILD_REGISTER) == {"9501", "9506"}
    assert actor.districts_of(Permission.CHILD_READS_LIST) == {"9505"}
    assert not actor.can_everywhere(Permission.CHILD_READ)
    assert actor.can_in(Permission.CHILD_READ, "9505")
    assert not actor.can_in(Permission.CHILD_REGISTER, "9505")


@pytest.mark.parametrize("other", [role for role in Role if role is not Role.CASE_MANAGER])
def test_the_districts_of_one_role_say_nothing_about_another(other):
    """Every pair with a case manager: what only the other grants is not bound to the districts of
    the case manager, and what only the case manager grants does not go beyond them.
    """
    grants = [Grant(Role.CASE_MANAGER, frozenset({"9506"})), Grant(other, frozenset({"9505"}))]
    actor = person("u1", 7, grants)
    for permission in Permission:
        managed = permission in ROLE_PERMISSIONS[Role.CASE_MANAGER]
        granted = permission in ROLE_PERMISSIONS[other]
        everywhere = granted and other not in DISTRICT_ROLES
        supervised = granted and other in DISTRICT_ROLES
        assert actor.can(permission) is (managed or granted), permission
        assert actor.can_everywhere(permission) is everywhere, permission
        assert actor.can_in(permission, "9506") is (managed or everywhere), permission
        assert actor.can_in(permission, "9505") is (supervised or everywhere), permission
        assert actor.can_in(permission, "9501") is everywhere, permission


def test_a_person_without_a_role_may_give_and_manage_the_own_account():
    assert person("u1", 7, []).permissions == SIGNED_IN
    assert person("u1", 7, [], is_active=False).permissions == frozenset()


def test_who_may_not_sign_in_holds_nothing_and_keeps_the_roles():
    actor = person("u1", 7, [Grant(Role.APPROVER)], is_active=False)
    assert actor.permissions == frozenset()
    assert [grant.role for grant in actor.grants] == [Role.APPROVER]
    assert not actor.can_everywhere(Permission.DISBURSEMENT_DECIDE)
    assert not actor.can(Permission.DISBURSEMENT_DECIDE)


@pytest.mark.parametrize("name", Process)
def test_a_process_acts_under_its_name_and_is_no_person(name):
    actor = process(name)
    assert (actor.ref, actor.permissions) == (name.value, PROCESS_PERMISSIONS[name])
    assert (actor.user_id, actor.grants) == (None, ())
    assert not any(actor.can_in(permission, "9506") for permission in Permission)
    with pytest.raises(ForbiddenError):
        _ = actor.person_id


def test_the_processes_of_the_application():
    assert [actor.ref for actor in (VISITOR, COMMAND_LINE, WORKER)] == [
        "public", "command-line", "worker",
    ]  # fmt: skip


def test_can_asks_for_one_permission_and_can_any_for_one_of_several():
    officer = person("u1", 7, [Grant(Role.FUND_OFFICER)])
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
