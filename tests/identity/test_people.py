"""The people who may sign in, as the administrator manages them over HTTP."""

import re

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.identity import operations
from fundapp.identity.errors import LastAdministratorError
from fundapp.identity.models import User
from fundapp.trail.models import AuditEvent
from tests.factories.actors import ADMINISTRATOR
from tests.factories.identity import PASSWORD, make_user, sign_in
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
    return operations.create_user(email, name="", roles=[Role.DONOR], actor=ADMINISTRATOR)


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
    sign_in(client, user)


def test_a_case_manager_is_added_with_a_district(client, session):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    client.set_cookie("lang", "en")
    data = {"email": "new@example.org", "name": "Aminah", "role": "case_manager"}
    page = client.post("/users", data=data)
    assert page.status_code == 422
    assert "A case manager needs at least one district." in page.text
    assert session.scalar(select(User).where(User.email == "new@example.org")) is None


def test_an_administrator_adds_a_person_who_signs_in(app, client, session):
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
    assert user.role_set() == {Role.CASE_MANAGER}
    assert user.district_codes() == {"9505", "9506"}
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


def test_other_roles_and_districts_hold_at_once(app, client, session):
    user = make_user(Role.CASE_MANAGER, ("9501", "9505"))
    stale = app.test_client()
    sign_in(stale, user)
    administrator = make_user(Role.ADMINISTRATOR)
    sign_in(client, administrator)
    answer = change_roles(client, user, districts=["9505", "9506"])
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/users/{user.public_id}")
    assert not is_signed_in(stale)
    assert stale.get("/children").headers["Location"].startswith("/sign-in")
    session.expire_all()
    assert user.role_set() == {Role.CASE_MANAGER}
    assert user.district_codes() == {"9505", "9506"}
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.actor, event.subject_ref, event.note) == (
        "identity:user:change-roles",
        administrator.public_id,
        user.public_id,
        "case_manager, 9505, 9506",
    )
    assert "Roles or districts were changed" in client.get(f"/users/{user.public_id}?lang=en").text

    sign_in(stale, user)
    assert change_roles(client, user, roles=["fund_officer", "auditor"]).status_code == 303
    assert not is_signed_in(stale)
    session.expire_all()
    assert user.role_set() == {Role.FUND_OFFICER, Role.AUDITOR}
    assert user.district_codes() == set()
    sign_in(stale, user)
    assert stale.get("/children").status_code == 403
    assert stale.get("/payments").status_code == 200


def test_roles_saved_as_they_were_change_nothing(app, client, session):
    user = make_user(Role.CASE_MANAGER, ("9501",))
    theirs = app.test_client()
    sign_in(theirs, user)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert change_roles(client, user).status_code == 303
    assert is_signed_in(theirs)
    assert "identity:user:change-roles" not in actions(session)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"roles": []}, "Choose at least one role."),
        ({"roles": ["king"]}, NOT_OFFERED),
        ({"districts": []}, "A case manager needs at least one district."),
        ({"districts": ["9999"]}, NOT_OFFERED),
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


def test_the_last_administrator_and_oneself_keep_the_role(client, session):
    first, second = make_user(Role.ADMINISTRATOR), make_user(Role.ADMINISTRATOR)
    sign_in(client, first)
    answer = change_roles(client, first, roles=["auditor"])
    assert answer.status_code == 422
    assert "You cannot take the role of administrator from yourself." in answer.text
    assert change_roles(client, second, roles=["auditor"]).status_code == 303
    with pytest.raises(LastAdministratorError):
        unit_of_work(
            operations.change_roles,
            first.public_id,
            roles=[Role.AUDITOR],
            version="administrator",
            actor=ADMINISTRATOR,
        )


def test_roles_that_somebody_changed_meanwhile(client, session):
    user = make_user(Role.AUDITOR)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert change_roles(client, user, roles=["approver"]).status_code == 303
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
        seen += re.findall(r"<td>(\w+@example\.org)</td>", page)
        link = re.search(r'rel="next" href="([^"]+)"', page)
        url = link.group(1) if link else None
    assert seen == ["a@example.org", *emails]
