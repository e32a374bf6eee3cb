"""The people who may sign in, as the administrator manages them over HTTP."""

import re

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.identity import operations
from fundapp.identity.errors import LastAdministratorError, WiderRolesError
from fundapp.identity.models import User
from fundapp.trail.models import AuditEvent
from tests.factories.actors import ADMINISTRATOR, COMMAND_LINE
from tests.factories.identity import PASSWORD, make_user, make_user_by_steps, sign_in
from tests.identity.helpers import accept, actions, code_on, is_signed_in

pytestmark = pytest.mark.sqlite

#: What the form kit says of a choice that was not offered.
NOT_OFFERED = "Choose one of the possibilities shown."


def change_roles(desk, user, **changes):
    """Send the form for roles and districts as it is shown, but for ``changes``."""
    page = desk.get(f"/users/{user.public_id}/roles").text
    data = {
        "version": re.search(r'name="version"[^>]*value="([^"]*)"', page).group(1),
        "roles": re.findall(r'<input checked[^>]*name="roles"[^>]*value="(\w+)"', page),
        "districts": re.findall(r'<input checked[^>]*name="districts"[^>]*value="(\d+)"', page),
        **changes,
    }
    return desk.post(f"/users/{user.public_id}/roles?lang=en", data=data)


def create_donor(email):
    return operations.create_user(email, name="", roles=[Role.DONOR], actor=COMMAND_LINE)


def confirm(app, subject):
    """Another administrator opens the proposal that waits and confirms it."""
    other = app.test_client()
    sign_in(other, make_user(Role.ADMINISTRATOR))
    page = other.get(f"/users/{subject.public_id}?lang=en").text
    url = re.search(r'href="(/proposals/[^"]+)"', page).group(1)
    assert "Confirm" in other.get(f"{url}?lang=en").text
    return other.post(f"{url}/confirm?lang=en")


def test_disabling_a_person_ends_the_sessions_at_once(app, client, session):
    administrator = make_user(Role.ADMINISTRATOR)
    user = make_user(Role.AUDITOR)
    sign_in(client, user)
    desk = app.test_client()
    sign_in(desk, administrator)
    assert desk.post(f"/users/{user.public_id}/disable").status_code == 303
    assert not is_signed_in(client)
    refused = client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert refused.status_code == 422
    assert desk.post(f"/users/{user.public_id}/enable").status_code == 303
    refused = client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert refused.status_code == 422, "one person alone let somebody in"
    assert confirm(app, user).status_code == 303
    sign_in(client, user)


def test_a_case_manager_is_added_with_a_district(client, session):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    client.set_cookie("lang", "en")
    data = {"email": "new@example.org", "name": "Aminah", "role": "case_manager"}
    page = client.post("/users", data=data)
    assert page.status_code == 422
    assert "A case manager or supervisor needs at least one district." in page.text
    assert session.scalar(select(User).where(User.email == "new@example.org")) is None


def test_an_administrator_adds_a_person_who_signs_in(app, client, session):
    make_user(Role.ADMINISTRATOR)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert client.get("/users/new").status_code == 200
    data = {
        "email": "New.Person@example.org",
        "name": "อามีนะห์",
        "role": "case_manager",
        "districts": ["9506", "9505"],
    }
    page = client.post("/users", data=data)
    assert page.status_code == 201
    user = session.scalars(select(User).where(User.email == "new.person@example.org")).one()
    assert user.role_set() == set(), "one person alone gave a role"
    assert confirm(app, user).status_code == 303
    session.expire_all()
    assert user.role_map() == {Role.CASE_MANAGER: {"9505", "9506"}}
    accept(app.test_client(), code_on(page))
    assert user.public_id in client.get("/users").text
    assert client.get(f"/users/{user.public_id}").status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "no address"}, "This is not an e-mail address."),
        ({"email": "taken@example.org"}, "may sign in already"),
        ({"email": ""}, "Enter the e-mail address."),
        ({"name": ""}, "Enter the name that colleagues know."),
        ({"name": "\u3164"}, "Write the name in letters"),
        ({"name": "007"}, "Write the name in letters"),
        ({"role": "king"}, NOT_OFFERED),
        ({"role": ""}, "Choose a role."),
        ({"districts": ["9999"]}, NOT_OFFERED),
    ],
)
def test_a_wrong_person_is_refused_at_the_field(client, session, change, sentence):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    make_user(Role.AUDITOR, email="taken@example.org")
    before = len(session.scalars(select(User)).all())
    data = {"email": "new@example.org", "name": "New Person", "role": "auditor", **change}
    answer = client.post("/users?lang=en", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert data["name"] in answer.text
    assert len(session.scalars(select(User)).all()) == before


def test_the_last_administrator_and_oneself_cannot_be_disabled(app, client, session):
    first, second = make_user(Role.ADMINISTRATOR), make_user(Role.ADMINISTRATOR)
    sign_in(client, first)
    assert client.post(f"/users/{first.public_id}/disable").status_code == 422
    assert client.post(f"/users/{second.public_id}/disable").status_code == 303
    with pytest.raises(LastAdministratorError):
        unit_of_work(operations.disable_user, first.public_id, actor=ADMINISTRATOR)


def test_other_roles_and_districts_hold_when_a_second_person_confirms(app, client, session):
    user = make_user(Role.CASE_MANAGER, ("9501", "9505"))
    stale = app.test_client()
    sign_in(stale, user)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    answer = change_roles(client, user, districts=["9505", "9506"])
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/users/{user.public_id}")
    session.expire_all()
    assert is_signed_in(stale)
    assert user.role_map() == {Role.CASE_MANAGER: {"9501", "9505"}}

    assert confirm(app, user).status_code == 303
    assert not is_signed_in(stale)
    assert stale.get("/children").headers["Location"].startswith("/sign-in")
    session.expire_all()
    assert user.role_map() == {Role.CASE_MANAGER: {"9505", "9506"}}
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.subject_ref, event.note) == (
        "identity:user:change-roles",
        user.public_id,
        "case_manager 9505 9506",
    )
    assert "Roles or districts were changed" in client.get(f"/users/{user.public_id}?lang=en").text

    sign_in(stale, user)
    assert change_roles(client, user, roles=["fund_officer"]).status_code == 303
    assert confirm(app, user).status_code == 303
    assert not is_signed_in(stale)
    session.expire_all()
    assert user.role_map() == {Role.FUND_OFFICER: set()}
    sign_in(stale, user)
    assert stale.get("/children").status_code == 403
    assert stale.get("/payments").status_code == 200


def test_what_is_taken_away_is_gone_at_once(app, client, session):
    user = make_user(Role.CASE_MANAGER, ("9501", "9505"), roles=[Role.CASE_MANAGER, Role.DONOR])
    theirs = app.test_client()
    sign_in(theirs, user)
    administrator = make_user(Role.ADMINISTRATOR)
    sign_in(client, administrator)
    assert change_roles(client, user, districts=["9505"]).status_code == 303
    assert not is_signed_in(theirs)
    session.expire_all()
    assert user.role_map() == {Role.DONOR: set(), Role.CASE_MANAGER: {"9505"}}
    assert change_roles(client, user, roles=["donor"], districts=[]).status_code == 303
    session.expire_all()
    assert user.role_map() == {Role.DONOR: set()}
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.actor, event.note) == (administrator.public_id, "donor")


def test_a_supervisor_has_districts_of_the_own(app, client, session):
    user = make_user(Role.DONOR)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    refused = change_roles(client, user, roles=["supervisor"], districts=["9501"])
    assert "A case manager or supervisor needs at least one district." in refused.text
    assert change_roles(client, user, roles=["supervisor"], supervised=["9505"]).status_code == 303
    assert confirm(app, user).status_code == 303
    session.expire_all()
    assert user.role_map() == {Role.SUPERVISOR: {"9505"}}


def test_roles_saved_as_they_were_change_nothing(app, client, session):
    user = make_user(Role.CASE_MANAGER, ("9501",))
    theirs = app.test_client()
    sign_in(theirs, user)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    answer = change_roles(client, user)
    assert (answer.status_code, "Nothing would change." in answer.text) == (422, True)
    assert is_signed_in(theirs)
    assert "identity:user:change-roles" not in actions(session)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"roles": []}, "Choose at least one role."),
        ({"roles": ["king"]}, NOT_OFFERED),
        ({"districts": []}, "A case manager or supervisor needs at least one district."),
        ({"districts": ["9999"]}, NOT_OFFERED),
        (
            {"roles": ["case_manager", "auditor"]},
            "One person cannot be Case manager and Auditor at once. Choose one of the two.",
        ),
        (
            {"roles": ["case_manager", "approver"]},
            "One person is Case manager and Approver only by a written exception",
        ),
    ],
)
def test_wrong_roles_are_refused_at_the_field(app, client, session, changes, sentence):
    user = make_user(Role.CASE_MANAGER, ("9501",))
    theirs = app.test_client()
    sign_in(theirs, user)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    answer = change_roles(client, user, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    session.expire_all()
    assert (user.role_set(), user.district_codes()) == ({Role.CASE_MANAGER}, {"9501"})
    assert is_signed_in(theirs)


@pytest.mark.parametrize("roles", [["auditor"], ["administrator", "donor"], ["administrator"]])
def test_nobody_changes_the_own_roles(client, session, roles):
    own = make_user(Role.ADMINISTRATOR, roles=[Role.ADMINISTRATOR, Role.DONOR])
    make_user(Role.ADMINISTRATOR)
    sign_in(client, own)
    answer = change_roles(client, own, roles=roles)
    assert answer.status_code == 422
    assert "You cannot change your own roles. Ask another administrator." in answer.text
    assert f"/users/{own.public_id}/roles" not in client.get(f"/users/{own.public_id}").text
    refused = client.post(
        f"/users/{own.public_id}/exceptions?lang=en",
        data={
            "role": "approver",
            "beside": "case_manager",
            "reason": "absence",
            "ends_on": "1/1/2570",
        },
    )
    assert "Others make an exception for you." in refused.text


def test_the_last_administrator_keeps_the_role(session):
    last = make_user(Role.ADMINISTRATOR, roles=[Role.ADMINISTRATOR, Role.DONOR])
    with pytest.raises(LastAdministratorError):
        unit_of_work(
            operations.narrow_roles,
            last.public_id,
            roles={Role.DONOR: frozenset()},
            actor=ADMINISTRATOR,
        )


def test_one_person_alone_gives_nothing(session):
    user = make_user(Role.DONOR)
    with pytest.raises(WiderRolesError):
        unit_of_work(
            operations.narrow_roles,
            user.public_id,
            roles={Role.APPROVER: frozenset()},
            actor=ADMINISTRATOR,
        )


def test_roles_that_somebody_changed_meanwhile(app, client, session):
    user = make_user(Role.AUDITOR)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert change_roles(client, user, roles=["approver"]).status_code == 303
    assert confirm(app, user).status_code == 303
    assert change_roles(client, user, roles=["donor"], version="auditor").status_code == 409
    session.expire_all()
    assert user.role_set() == {Role.APPROVER}


def test_an_administrator_signs_a_person_out_everywhere(app, client, session):
    user = make_user(Role.FUND_OFFICER)
    devices = [app.test_client() for _ in range(2)]
    for device in devices:
        sign_in(device, user)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert f"/users/{user.public_id}/end-sessions" in client.get(f"/users/{user.public_id}").text
    assert client.post(f"/users/{user.public_id}/end-sessions").status_code == 303
    assert not any(is_signed_in(device) for device in devices)
    assert actions(session)[-1] == "identity:user:end-sessions"
    sign_in(devices[0], user)


def test_nobody_resets_oneself(client, session):
    own = make_user(Role.ADMINISTRATOR)
    sign_in(client, own)
    client.set_cookie("lang", "en")
    assert "What you can do" not in client.get(f"/users/{own.public_id}").text
    page = client.get(f"/users/{own.public_id}/reset")
    assert (page.status_code, "You cannot reset your own sign-in." in page.text) == (422, True)


def test_people_that_do_not_exist(client, session):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert client.get("/users/nobody").status_code == 404
    for page in ("roles", "invitation", "reset"):
        assert client.get(f"/users/nobody/{page}").status_code == 404
    for act in ("disable", "enable", "invitation", "reset", "roles", "end-sessions"):
        assert client.post(f"/users/nobody/{act}").status_code == 404


def test_the_list_of_people_is_paged_by_key(client, session):
    sign_in(client, make_user(Role.ADMINISTRATOR, email="a@example.org"))
    emails = [f"p{number:02}@example.org" for number in range(60)]
    unit_of_work(lambda: [create_donor(email) for email in emails])
    seen, url = [], "/users"
    while url:
        page = client.get(url).text
        seen += re.findall(r">(\w+@example\.org)</td>", page)
        link = re.search(r'rel="next" href="([^"]+)"', page)
        url = link.group(1) if link else None
    assert seen == ["a@example.org", *emails]


def test_the_history_calls_processes_and_visitors_by_what_they_are(client, session):
    user = make_user_by_steps(Role.AUDITOR)
    client.post("/sign-in", data={"email": user.email, "password": "not the password"})
    sign_in(client, make_user(Role.ADMINISTRATOR))
    page = client.get(f"/users/{user.public_id}?lang=th").text
    history = page[page.rindex("<tbody>") :]
    assert "คำสั่งบนเครื่องแม่ข่าย" in history
    assert "command-line" not in history
    assert ">public<" not in history
