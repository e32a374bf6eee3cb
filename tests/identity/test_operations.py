"""Every operation of identity refuses actors who may not carry it out."""

import pytest
from sqlalchemy import event

from fundapp.access.permissions import Permission, Role
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError, NotFoundError, UnreadableNameError
from fundapp.identity import operations
from fundapp.identity.drafts import FactorAnswer, PasskeyContext
from fundapp.identity.models import Delivery
from fundapp.identity.queries import current_authority, get_user, list_open_sessions
from tests.factories.actors import AUDITOR, COMMAND_LINE, WORKER
from tests.factories.identity import PASSWORD, give, make_user

NEW = "durian ferry 17 umbrella"

ANSWER = FactorAnswer("123456", "", PasskeyContext("localhost", "http://localhost", b"x" * 32))

OF_ADMINISTRATORS = {
    "create": lambda ref, actor: operations.create_user(
        "new@example.org", name="", roles=[Role.DONOR], actor=actor
    ),
    "disable": lambda ref, actor: operations.disable_user(ref, actor=actor),
    "enable": lambda ref, actor: operations.enable_user(ref, actor=actor),
    "propose roles": lambda ref, actor: operations.propose_roles(
        ref, roles={Role.DONOR: ()}, version="approver", actor=actor
    ),
    "narrow roles": lambda ref, actor: operations.narrow_roles(ref, roles={}, actor=actor),
    "give roles": lambda ref, actor: operations.give_roles(
        ref, roles={Role.DONOR: frozenset()}, actor=actor
    ),
    "end exception": lambda ref, actor: operations.end_exception(ref, 1, actor=actor),
    "invite": lambda ref, actor: operations.invite(ref, delivery=Delivery.PAPER, actor=actor),
    "reset": lambda ref, actor: operations.reset_sign_in(ref, delivery=Delivery.PAPER, actor=actor),
    "end sessions": lambda ref, actor: operations.end_sessions(ref, actor=actor),
}

OF_PEOPLE = {
    "open": lambda actor: operations.open_session(actor=actor),
    "touch": lambda actor: operations.touch_session(1, actor=actor),
    "revoke others": lambda actor: operations.revoke_other_sessions(keep=None, actor=actor),
    "change password": lambda actor: operations.change_password(
        current=PASSWORD, new=NEW, session_id=1, actor=actor
    ),
    "begin an app": lambda actor: operations.begin_totp(actor=actor),
    "confirm an app": lambda actor: operations.confirm_totp(
        code="123456", session_id=1, actor=actor
    ),
    "add a passkey": lambda actor: operations.add_passkey(
        name="", answer=ANSWER, session_id=1, actor=actor
    ),
    "prove a factor": lambda actor: operations.prove_factor(
        answer=ANSWER, session_id=1, actor=actor
    ),
    "remove the app": lambda actor: operations.remove_app(actor=actor),
    "remove a passkey": lambda actor: operations.remove_passkey(1, actor=actor),
    "renew codes": lambda actor: operations.renew_recovery_codes(actor=actor),
    "record a refusal": lambda actor: operations.record_refused_factor(note="", actor=actor),
    "renew hash": lambda actor: operations.renew_hash(password=PASSWORD, actor=actor),
}


@pytest.mark.sqlite
@pytest.mark.parametrize("actor", [AUDITOR, WORKER], ids=["auditor", "worker"])
@pytest.mark.parametrize("name", OF_ADMINISTRATORS)
def test_only_those_who_manage_users_change_them(session, name, actor):
    person = make_user(Role.APPROVER)
    with pytest.raises(ForbiddenError):
        unit_of_work(OF_ADMINISTRATORS[name], person.public_id, actor)
    session.expire_all()
    kept = get_user(person.public_id)
    assert (kept.authority(), kept.is_active) == ("approver", True)


@pytest.mark.sqlite
def test_a_person_has_a_name_that_can_be_read(session):
    with pytest.raises(UnreadableNameError) as refusal:
        unit_of_work(
            operations.create_user,
            "new@example.org",
            name="\u3164",
            roles=[Role.DONOR],
            actor=COMMAND_LINE,
        )
    assert refusal.value.field == "name"


@pytest.mark.parametrize("name", ["enable", "give roles"])
def test_one_administrator_alone_neither_gives_roles_nor_enables(session, name):
    person = make_user(Role.APPROVER)
    with pytest.raises(ForbiddenError):
        unit_of_work(
            OF_ADMINISTRATORS[name],
            person.public_id,
            make_user(Role.ADMINISTRATOR).as_actor(),
        )


@pytest.mark.sqlite
@pytest.mark.parametrize("name", OF_PEOPLE)
def test_a_process_and_a_disabled_person_have_no_account_of_their_own(session, name):
    person = make_user(Role.AUDITOR)
    unit_of_work(operations.disable_user, person.public_id, actor=COMMAND_LINE)
    for actor in (COMMAND_LINE, get_user(person.public_id).as_actor()):
        with pytest.raises(ForbiddenError):
            unit_of_work(OF_PEOPLE[name], actor)


@pytest.mark.sqlite
def test_a_session_is_ended_by_its_owner_alone(session):
    owner, other = make_user(Role.AUDITOR), make_user(Role.ADMINISTRATOR)
    token = unit_of_work(operations.open_session, actor=owner.as_actor())
    (row,) = list_open_sessions(owner)
    with pytest.raises(NotFoundError):
        unit_of_work(operations.revoke_session, row.id, actor=other.as_actor())
    unit_of_work(operations.close_session, token, actor=other.as_actor())
    assert [session.id for session in list_open_sessions(owner)] == [row.id]


@pytest.mark.sqlite
def test_the_worker_records_no_failed_sign_in(session):
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.record_failed_sign_in, None, actor=WORKER)


def test_what_somebody_may_do_now_is_read_by_one_statement(session):
    """It is read at every step of money; roles, districts and the state all count at once."""
    user = make_user(Role.CASE_MANAGER, districts=("9505", "9506"), roles=["case_manager"])
    before, statements = user.as_actor(), []

    def note(*arguments):
        statements.append(arguments[2])

    event.listen(db.engine, "before_cursor_execute", note)
    assert current_authority(before) == before
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(statements) == 1
    give(user, {Role.CASE_MANAGER: frozenset({"9506"}), Role.DONOR: frozenset()})
    changed = current_authority(before)
    assert changed.can_in(Permission.CHILD_READ, "9506")
    assert not changed.can_in(Permission.CHILD_READ, "9505")
    assert {grant.role for grant in changed.grants} == {Role.CASE_MANAGER, Role.DONOR}
    unit_of_work(operations.disable_user, user.public_id, actor=COMMAND_LINE)
    assert not current_authority(before).can_in(Permission.CHILD_READ, "9506")
