"""The door, one's own account and the people who may sign in, over HTTP."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from fundapp import clock as clocks
from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.identity import operations
from fundapp.identity.errors import LastAdministratorError
from fundapp.identity.models import User, UserSession, UserStatus
from fundapp.trail.models import AuditEvent
from tests.factories.actors import ADMINISTRATOR
from tests.factories.identity import PASSWORD, make_user, sign_in


def cookie(client, name="sid"):
    found = client.get_cookie(name)
    return found.value if found else None


def is_signed_in(client):
    """Whether the workspace's own page opens, rather than the door."""
    return client.get("/sessions").status_code == 200


def actions(session):
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_a_person_signs_in_and_comes_to_the_workspace(client, session):
    answer = sign_in(client, make_user(Role.AUDITOR))
    assert answer.headers["Location"] == "/today"
    assert is_signed_in(client)
    assert actions(session)[-1] == "identity:session:open"


def test_the_cookie_cannot_be_read_by_scripts_and_the_row_does_not_hold_it(client, session):
    answer = sign_in(client, make_user(Role.AUDITOR))
    header = next(
        value for value in answer.headers.getlist("Set-Cookie") if value.startswith("sid=")
    )
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(header.split("; "))
    kept = session.scalars(select(UserSession.token_sha256)).one()
    assert kept != cookie(client).encode()
    assert len(kept) == 32


def test_over_https_the_cookie_is_bound_to_the_host(app, client, session):
    app.config.update(SECURE=True, SESSION_TOKEN_COOKIE="__Host-sid")
    answer = sign_in(client, make_user(Role.AUDITOR))
    header = next(
        value for value in answer.headers.getlist("Set-Cookie") if value.startswith("__Host-sid=")
    )
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(header.split("; "))
    assert "Domain" not in header


@pytest.mark.parametrize(
    ("email", "password"),
    [("nobody@example.org", PASSWORD), (None, "mangosteen tractor 41 lanterm"), (None, "x" * 5000)],
)
def test_address_and_password_are_refused_alike(client, session, email, password):
    user = make_user(Role.AUDITOR)
    answer = client.post(
        "/sign-in?lang=en", data={"email": email or user.email, "password": password}
    )
    assert answer.status_code == 422
    assert "The e-mail address or the password is not right." in answer.text
    assert (email or user.email) in answer.text
    assert password not in answer.text
    assert cookie(client) is None
    assert actions(session)[-1] == "identity:session:refuse"


def test_the_trail_does_not_keep_an_address_that_is_nobodys(client, session):
    client.post("/sign-in", data={"email": "private@example.org", "password": PASSWORD})
    event = session.scalars(select(AuditEvent)).one()
    assert (event.subject_ref, event.note) == ("unknown", "")


def test_empty_fields_are_named(client):
    answer = client.post("/sign-in?lang=en", data={})
    assert answer.status_code == 422
    assert "Enter your e-mail address." in answer.text
    assert "Enter your password." in answer.text


def test_the_address_may_be_written_in_any_case(client, session):
    user = make_user(Role.AUDITOR)
    data = {"email": f"  {user.email.upper()} ", "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 303


def test_a_session_id_from_outside_is_never_taken_over(client, session):
    """Fixation: the attacker's token stays worthless after the victim signs in with it."""
    client.set_cookie("sid", "chosen-by-the-attacker")
    sign_in(client, make_user(Role.AUDITOR))
    assert cookie(client) != "chosen-by-the-attacker"
    client.set_cookie("sid", "chosen-by-the-attacker")
    assert not is_signed_in(client)


def test_signing_in_again_rotates_the_token_and_ends_the_old_one(app, client, session):
    user = make_user(Role.AUDITOR)
    sign_in(client, user)
    old = cookie(client)
    sign_in(client, user)
    assert cookie(client) != old
    thief = app.test_client()
    thief.set_cookie("sid", old)
    assert not is_signed_in(thief)
    assert is_signed_in(client)


def test_signing_in_and_out_empties_the_form_session(client, session):
    user = make_user(Role.AUDITOR)
    with client.session_transaction() as form_session:
        form_session["csrf_token"] = "planted"
    sign_in(client, user)
    with client.session_transaction() as form_session:
        assert "csrf_token" not in form_session
        form_session["csrf_token"] = "planted"
    client.post("/sign-out")
    with client.session_transaction() as form_session:
        assert "csrf_token" not in form_session


def test_the_old_cookie_is_dead_after_sign_out(client, session):
    sign_in(client, make_user(Role.AUDITOR))
    old = cookie(client)
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert cookie(client) is None
    client.set_cookie("sid", old)
    assert not is_signed_in(client)
    assert "identity:session:close" in actions(session)


def test_signing_out_twice_is_no_error(client):
    assert client.post("/sign-out").status_code == 303


def test_a_disabled_person_is_out_at_once(app, client, session):
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


def test_a_row_disabled_by_other_means_is_out_as_well(client, session):
    """The status counts, not only the sessions that `disable_user` revokes."""
    user = make_user(Role.AUDITOR)
    sign_in(client, user)
    unit_of_work(lambda: setattr(session.get_one(User, user.id), "status", UserStatus.DISABLED))
    assert not is_signed_in(client)


def test_a_new_password_signs_every_other_device_out(app, client, session):
    user = make_user(Role.AUDITOR)
    elsewhere = app.test_client()
    sign_in(elsewhere, user)
    sign_in(client, user)
    old = cookie(client)
    new = "durian ferry 17 umbrella"
    answer = client.post("/password", data={"current": PASSWORD, "password": new, "again": new})
    assert answer.status_code == 303
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    elsewhere.set_cookie("sid", old)
    assert not is_signed_in(elsewhere)
    refused = app.test_client().post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert refused.status_code == 422
    sign_in(app.test_client(), user, new)


@pytest.mark.parametrize(
    ("current", "new", "again", "sentence"),
    [
        ("wrong", "durian ferry 17 umbrella", None, "This is not your present password."),
        (PASSWORD, "short", None, "Use at least 15 characters."),
        (PASSWORD, "yalafund2569password", None, "easy to guess"),
        (PASSWORD, "durian ferry 17 umbrella", "other", "not the same as the new password"),
    ],
)
def test_a_refused_password_changes_nothing(client, session, current, new, again, sentence):
    user = make_user(Role.AUDITOR)
    sign_in(client, user)
    data = {"current": current, "password": new, "again": again or new}
    answer = client.post("/password?lang=en", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert is_signed_in(client)
    sign_in(client, user)


@pytest.mark.parametrize(
    ("role", "minutes_idle", "hours_absolute"),
    [(Role.AUDITOR, 15, 8), (Role.DONOR, 30, 12)],
)
def test_sessions_end(client, session, clock, role, minutes_idle, hours_absolute):
    user = make_user(role)
    sign_in(client, user)
    clock.shift(timedelta(minutes=minutes_idle, seconds=-1))
    assert is_signed_in(client)
    clock.shift(timedelta(minutes=minutes_idle))
    assert not is_signed_in(client)

    sign_in(client, user)
    begun = clocks.now()
    while clocks.now() + timedelta(minutes=10) < begun + timedelta(hours=hours_absolute):
        clock.shift(timedelta(minutes=10))
        assert is_signed_in(client)
    clock.shift(timedelta(minutes=10))
    assert not is_signed_in(client)


def test_last_seen_is_written_once_a_minute_at_most(client, session, clock):
    sign_in(client, make_user(Role.AUDITOR))
    row = session.scalars(select(UserSession)).one()
    begun = row.last_seen_at
    for seconds, seen in ((59, 0), (1, 60), (30, 60), (30, 120)):
        clock.shift(timedelta(seconds=seconds))
        assert is_signed_in(client)
        session.expire_all()
        assert row.last_seen_at - begun == timedelta(seconds=seen)


def test_the_eleventh_try_on_an_account_in_five_minutes_is_refused(client, session, clock):
    user = make_user(Role.AUDITOR)
    wrong = {"email": user.email, "password": "not the right password"}
    codes = [client.post("/sign-in", data=wrong).status_code for _ in range(10)]
    assert codes == [422] * 10
    answer = client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 301
    assert cookie(client) is None


def test_an_account_is_limited_from_many_places(client, session):
    user = make_user(Role.AUDITOR)
    codes = [
        client.post(
            "/sign-in",
            data={"email": user.email, "password": "not the right password"},
            environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"},
        ).status_code
        for number in range(11)
    ]
    assert codes == [422] * 10 + [429]


def test_one_place_is_limited_over_many_accounts(client, session):
    codes = [
        client.post(
            "/sign-in", data={"email": f"a{number}@example.org", "password": "x"}
        ).status_code
        for number in range(11)
    ]
    assert codes == [422] * 10 + [429]


def test_an_address_in_a_header_is_not_believed(client, session):
    codes = [
        client.post(
            "/sign-in",
            data={"email": f"a{number}@example.org", "password": "x"},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        ).status_code
        for number in range(11)
    ]
    assert codes[-1] == 429


def try_door(app, email, password="x", address="192.0.2.1"):
    return app.test_client().post(
        "/sign-in",
        data={"email": email, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    )


def test_many_tries_at_once_are_not_more_than_ten(app, session):
    """Counted before the password is looked at: all of them would find room otherwise."""
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda n: try_door(app, f"a{n}@example.org"), range(24)))
    assert sorted(answer.status_code for answer in answers) == [422] * 10 + [429] * 14
    waits = [int(a.headers["Retry-After"]) for a in answers if a.status_code == 429]
    assert all(0 < wait <= 300 for wait in waits)


def test_a_refused_visitor_does_not_use_up_an_accounts_tries(app, session):
    user = make_user(Role.AUDITOR)
    for number in range(10):
        try_door(app, f"a{number}@example.org")
    assert [try_door(app, user.email).status_code for _ in range(12)] == [429] * 12
    assert try_door(app, user.email, PASSWORD, address="192.0.2.2").status_code == 303


def test_a_right_password_in_between_gives_no_more_tries(app, session):
    own = make_user(Role.DONOR)
    codes = []
    for number in range(12):
        codes.append(try_door(app, f"a{number}@example.org").status_code)
        if number < 8:
            assert try_door(app, own.email, PASSWORD).status_code == 303
    assert codes == [422] * 10 + [429] * 2


def test_a_network_of_the_new_kind_is_one_place(app, session):
    """Whoever has one IPv6 address has 2**64 of them."""
    codes = [
        try_door(app, f"a{n}@example.org", address=f"2001:db8::{n:x}").status_code
        for n in range(1, 12)
    ]
    assert codes == [422] * 10 + [429]
    assert try_door(app, "b@example.org", address="2001:db8:0:1::1").status_code == 422
    assert try_door(app, "b@example.org", address="::ffff:192.0.2.7").status_code == 422


def test_all_tries_together_are_limited(app, session):
    app.config["LIMIT_SIGN_IN_ALL"] = "3 per minute"
    codes = [
        try_door(app, f"a{n}@example.org", address=f"192.0.2.{n}").status_code for n in range(4)
    ]
    assert codes == [422] * 3 + [429]


def test_an_office_of_many_people_signs_in_from_one_place(app, session):
    for user in [make_user(Role.CASE_MANAGER) for _ in range(12)]:
        sign_in(app.test_client(), user)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/%0d%0aLocation: x\r\n",
        "http:///evil.example",
        "//[",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(client, session, target):
    user = make_user(Role.AUDITOR)
    page = client.get("/sign-in", query_string={"next": target})
    assert re.search(r'name="next"[^>]*value="([^"]*)"', page.text).group(1) == "/today"
    data = {"email": user.email, "password": PASSWORD, "next": target}
    assert client.post("/sign-in", data=data).headers["Location"] == "/today"
    assert client.get("/sign-in", query_string={"next": target}).headers["Location"] == "/today"


def test_the_door_leads_back_to_where_one_wanted_to_go(client, session):
    answer = client.get("/users?after=m")
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"])
    target = re.search(r'name="next"[^>]*value="([^"]*)"', page.text).group(1)
    user = make_user(Role.ADMINISTRATOR)
    data = {"email": user.email, "password": PASSWORD, "next": target}
    assert client.post("/sign-in", data=data).headers["Location"] == "/users?after=m"


def test_own_sessions_are_listed_and_ended(app, client, session):
    user = make_user(Role.AUDITOR)
    elsewhere = app.test_client()
    sign_in(elsewhere, user)
    sign_in(client, user)
    there = session.scalars(select(UserSession).order_by(UserSession.id)).first()
    assert f"/sessions/{there.id}/revoke" in client.get("/sessions").text
    assert client.post(f"/sessions/{there.id}/revoke").status_code == 303
    assert not is_signed_in(elsewhere)
    assert is_signed_in(client)


def test_everything_but_this_device_is_signed_out(app, client, session):
    user = make_user(Role.AUDITOR)
    others = [app.test_client() for _ in range(3)]
    for other in others:
        sign_in(other, user)
    sign_in(client, user)
    assert client.post("/sessions/revoke-others").status_code == 303
    assert is_signed_in(client)
    assert not any(is_signed_in(other) for other in others)


def test_a_session_of_somebody_else_is_not_there(app, client, session):
    elsewhere = app.test_client()
    sign_in(elsewhere, make_user(Role.AUDITOR))
    theirs = session.scalars(select(UserSession.id)).one()
    sign_in(client, make_user(Role.AUDITOR))
    for number in (theirs, 1, 2**63, 10**30):
        assert client.post(f"/sessions/{number}/revoke").status_code == 404
    assert is_signed_in(elsewhere)


def test_a_case_manager_is_added_with_a_district(client, session):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    client.set_cookie("lang", "en")
    data = {"email": "new@example.org", "name": "Aminah", "role": "case_manager"}
    page = client.post("/users", data=data)
    assert page.status_code == 422
    assert "A case manager needs at least one district." in page.text
    assert session.scalar(select(User).where(User.email == "new@example.org")) is None


def test_a_form_sent_after_the_session_ended_says_so_and_leads_back(client):
    client.set_cookie("lang", "en")
    sent = client.post("/users", headers={"Referer": "http://localhost/users/new?lang=en"})
    assert sent.headers["Location"] == "/sign-in?next=/users/new"
    assert "nothing was saved" in client.get(sent.headers["Location"]).text
    assert "nothing was saved" not in client.get("/sign-in?next=/users/new").text


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
    password = re.search(r"[0-9a-f]{6}(-[0-9a-f]{6}){4}", page.text).group(0)
    user = session.scalars(select(User).where(User.email == "new.person@example.org")).one()
    assert user.role_set() == {Role.CASE_MANAGER}
    assert user.district_codes() == {"9505", "9506"}
    sign_in(app.test_client(), user, password)
    assert user.public_id in client.get("/users").text
    assert client.get(f"/users/{user.public_id}").status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "no address"}, "Enter an e-mail address like name@example.org."),
        ({"email": "taken@example.org"}, "may sign in already"),
        ({"email": ""}, "Enter the e-mail address."),
        ({"name": ""}, "Enter the name that colleagues know."),
        ({"role": "king"}, "choice"),
        ({"role": ""}, "Choose a role."),
        ({"districts": ["9999"]}, "choice"),
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


def test_a_new_password_from_the_administrator(app, client, session):
    user = make_user(Role.FUND_OFFICER)
    theirs = app.test_client()
    sign_in(theirs, user)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    page = client.post(f"/users/{user.public_id}/reset-password")
    password = re.search(r"[0-9a-f]{6}(-[0-9a-f]{6}){4}", page.text).group(0)
    assert not is_signed_in(theirs)
    sign_in(theirs, user, password)


def change_roles(desk, user, **changes):
    """Send the form for roles and districts as it stands, but for ``changes``."""
    page = desk.get(f"/users/{user.public_id}/roles").text
    data = {
        "version": re.search(r'name="version"[^>]*value="([^"]*)"', page).group(1),
        "roles": re.findall(r'<input checked[^>]*name="roles"[^>]*value="(\w+)"', page),
        "districts": re.findall(r'<input checked[^>]*name="districts"[^>]*value="(\d+)"', page),
        **changes,
    }
    return desk.post(f"/users/{user.public_id}/roles?lang=en", data=data)


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
        ({"roles": ["king"]}, "choice"),
        ({"districts": []}, "A case manager needs at least one district."),
        ({"districts": ["9999"]}, "choice"),
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
    assert client.get("/users/nobody/roles").status_code == 404
    for act in ("disable", "enable", "reset-password", "roles", "end-sessions"):
        assert client.post(f"/users/nobody/{act}").status_code == 404


def test_the_list_of_people_goes_on_by_key(client, session):
    sign_in(client, make_user(Role.ADMINISTRATOR, email="a@example.org"))
    crowd = [f"p{number:02}@example.org" for number in range(60)]
    unit_of_work(lambda: [person(email) for email in crowd])
    seen, url = [], "/users"
    while url:
        page = client.get(url).text
        seen += re.findall(r"<td>(\w+@example\.org)</td>", page)
        link = re.search(r'rel="next" href="([^"]+)"', page)
        url = link.group(1) if link else None
    assert seen == ["a@example.org", *crowd]


def person(email):
    return operations.create_user(
        email, name="", password=PASSWORD, roles=[Role.DONOR], actor=ADMINISTRATOR
    )


def test_limits_are_those_of_the_settings(app, client):
    app.config["LIMIT_SIGN_IN"] = "2 per minute"
    data = {"email": "a@example.org", "password": "x"}
    assert [client.post("/sign-in", data=data).status_code for _ in range(3)] == [422, 422, 429]
