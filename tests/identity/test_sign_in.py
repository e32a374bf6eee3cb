"""Signing in and out, sessions and their limits, over HTTP."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from fundapp import clock as clocks
from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.identity.models import User, UserSession, UserStatus
from fundapp.identity.queries import find_open_session
from fundapp.trail.models import AuditEvent
from tests.factories.identity import PASSWORD, app_code, make_user, sign_in_by_form
from tests.identity.helpers import actions, cookie, is_signed_in

pytestmark = pytest.mark.sqlite


def test_signing_in_leads_to_the_workspace(client, session):
    answer = sign_in_by_form(client, make_user(Role.AUDITOR))
    assert answer.headers["Location"] == "/today"
    assert is_signed_in(client)
    assert actions(session)[-1] == "identity:session:open"


def test_the_cookie_cannot_be_read_by_scripts_and_the_row_does_not_hold_it(client, session):
    answer = sign_in_by_form(client, make_user(Role.AUDITOR))
    header = next(
        value for value in answer.headers.getlist("Set-Cookie") if value.startswith("sid=")
    )
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(header.split("; "))
    kept = session.scalars(select(UserSession.token_sha256)).one()
    assert kept != cookie(client).encode()
    assert len(kept) == 32


def test_over_https_the_cookie_is_bound_to_the_host(app, client, session):
    app.config.update(SECURE=True, SESSION_TOKEN_COOKIE="__Host-sid")
    answer = sign_in_by_form(client, make_user(Role.AUDITOR))
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


def test_the_trail_does_not_store_an_unknown_address(client, session):
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


def test_a_token_that_the_visitor_brings_is_never_used(client, session):
    """Session fixation: the attacker's token does not work after the victim signed in with it."""
    client.set_cookie("sid", "chosen-by-the-attacker")
    sign_in_by_form(client, make_user(Role.AUDITOR))
    assert cookie(client) != "chosen-by-the-attacker"
    client.set_cookie("sid", "chosen-by-the-attacker")
    assert not is_signed_in(client)


def test_signing_in_again_rotates_the_token_and_ends_the_old_one(app, client, session):
    user = make_user(Role.AUDITOR)
    sign_in_by_form(client, user)
    old = cookie(client)
    sign_in_by_form(client, user)
    assert cookie(client) != old
    thief = app.test_client()
    thief.set_cookie("sid", old)
    assert not is_signed_in(thief)
    assert is_signed_in(client)


@pytest.mark.sqlite
@pytest.mark.parametrize("role", [Role.DONOR, Role.AUDITOR])
def test_a_second_form_to_sign_in_leads_on_after_the_first(app, client, session, role):
    """Two tabs: the form of the second was opened before the first signed in."""
    app.config["WTF_CSRF_ENABLED"] = True
    user = make_user(role)
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    page = client.get("/sign-in", headers=own).text
    sent = {"email": user.email, "password": PASSWORD, "next": "/my-giving"}
    sent["csrf_token"] = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)[1]
    first = client.post("/sign-in", data=sent, headers=own)
    assert first.status_code == 303
    second = client.post("/sign-in", data={**sent, "password": "anything"}, headers=own)
    assert (second.status_code, second.location) == (303, first.location)
    elsewhere = client.post("/sign-in", data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 400


@pytest.mark.sqlite
def test_a_form_that_says_too_little_is_no_try(app, client, session):
    app.config["LIMIT_SIGN_IN"] = "1 per minute"
    user = make_user(Role.DONOR)
    for empty in ({"password": ""}, {"email": ""}, {"email": "nobody"}):
        sent = {"email": user.email, "password": PASSWORD, **empty}
        assert client.post("/sign-in", data=sent).status_code == 422
    sign_in_by_form(client, user)


def test_signing_in_and_out_empties_the_form_session(client, session):
    user = make_user(Role.AUDITOR)
    with client.session_transaction() as form_session:
        form_session["csrf_token"] = "planted"
    sign_in_by_form(client, user)
    with client.session_transaction() as form_session:
        assert "csrf_token" not in form_session
        form_session["csrf_token"] = "planted"
    client.post("/sign-out")
    with client.session_transaction() as form_session:
        assert "csrf_token" not in form_session


def test_signing_out_ends_the_session_of_the_cookie(client, session):
    sign_in_by_form(client, make_user(Role.AUDITOR))
    old = cookie(client)
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert cookie(client) is None
    client.set_cookie("sid", old)
    assert not is_signed_in(client)
    assert "identity:session:close" in actions(session)


def test_signing_out_twice_is_no_error(client):
    assert client.post("/sign-out").status_code == 303


def test_the_status_of_the_row_counts_at_each_request(client, session):
    """The status counts, not only the sessions that `disable_user` revokes."""
    user = make_user(Role.AUDITOR)
    sign_in_by_form(client, user)
    unit_of_work(lambda: setattr(session.get_one(User, user.id), "status", UserStatus.DISABLED))
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("role", "minutes_idle", "hours_absolute"),
    [(Role.AUDITOR, 15, 8), (Role.DONOR, 30, 12)],
)
def test_sessions_end(client, session, clock, role, minutes_idle, hours_absolute):
    user = make_user(role)
    sign_in_by_form(client, user)
    clock.shift(timedelta(minutes=minutes_idle, seconds=-1))
    assert is_signed_in(client)
    clock.shift(timedelta(minutes=minutes_idle))
    assert not is_signed_in(client)

    sign_in_by_form(client, user)
    start = clocks.now()
    while clocks.now() + timedelta(minutes=10) < start + timedelta(hours=hours_absolute):
        clock.shift(timedelta(minutes=10))
        assert is_signed_in(client)
    clock.shift(timedelta(minutes=10))
    assert not is_signed_in(client)


def test_last_seen_is_written_once_a_minute_at_most(client, session, clock):
    sign_in_by_form(client, make_user(Role.AUDITOR))
    row = session.scalars(select(UserSession)).one()
    start = row.last_seen_at
    for seconds, seen in ((59, 0), (1, 60), (30, 60), (30, 120)):
        clock.shift(timedelta(seconds=seconds))
        assert is_signed_in(client)
        session.expire_all()
        assert row.last_seen_at - start == timedelta(seconds=seen)


def test_the_eleventh_try_on_an_account_in_five_minutes_is_refused(client, session, clock):
    user = make_user(Role.AUDITOR)
    wrong = {"email": user.email, "password": "not the right password"}
    codes = [client.post("/sign-in", data=wrong).status_code for _ in range(10)]
    assert codes == [422] * 10
    answer = client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 301
    assert cookie(client) is None


def test_an_account_is_limited_over_many_addresses(client, session):
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


def test_an_address_is_limited_over_many_accounts(client, session):
    codes = [
        client.post(
            "/sign-in", data={"email": f"a{number}@example.org", "password": "x"}
        ).status_code
        for number in range(11)
    ]
    assert codes == [422] * 10 + [429]


def test_a_forged_address_in_a_header_is_not_used(client, session):
    codes = [
        client.post(
            "/sign-in",
            data={"email": f"a{number}@example.org", "password": "x"},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        ).status_code
        for number in range(11)
    ]
    assert codes[-1] == 429


def next_of(page):
    """Where the form of the page leads to."""
    return re.search(r'name="next"[^>]*value="([^"]*)"', page.text).group(1)


def try_to_sign_in(app, email, password="x", address="192.0.2.1"):
    return app.test_client().post(
        "/sign-in",
        data={"email": email, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    )


def test_many_tries_at_once_are_not_more_than_ten(app, session):
    """Tries are counted before the password is verified; otherwise all would be allowed."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: try_to_sign_in(app, f"a{n}@example.org"), range(24)))
    assert sorted(answer.status_code for answer in answers) == [422] * 10 + [429] * 14
    waits = [int(a.headers["Retry-After"]) for a in answers if a.status_code == 429]
    assert all(0 < wait <= 300 for wait in waits)


def test_a_refused_visitor_does_not_use_up_the_tries_of_an_account(app, session):
    user = make_user(Role.AUDITOR)
    for number in range(10):
        try_to_sign_in(app, f"a{number}@example.org")
    assert [try_to_sign_in(app, user.email).status_code for _ in range(12)] == [429] * 12
    assert try_to_sign_in(app, user.email, PASSWORD, address="192.0.2.2").status_code == 303


def test_a_right_password_in_between_gives_no_more_tries(app, session):
    own = make_user(Role.DONOR)
    codes = []
    for number in range(12):
        codes.append(try_to_sign_in(app, f"a{number}@example.org").status_code)
        if number < 8:
            assert try_to_sign_in(app, own.email, PASSWORD).status_code == 303
    assert codes == [422] * 10 + [429] * 2


def test_an_ipv6_network_counts_as_one_visitor(app, session):
    """A visitor with one IPv6 address can use 2**64 of them."""
    codes = [
        try_to_sign_in(app, f"a{n}@example.org", address=f"2001:db8::{n:x}").status_code
        for n in range(1, 12)
    ]
    assert codes == [422] * 10 + [429]
    assert try_to_sign_in(app, "b@example.org", address="2001:db8:0:1::1").status_code == 422
    assert try_to_sign_in(app, "b@example.org", address="::ffff:192.0.2.7").status_code == 422


def test_all_tries_together_are_limited(app, session):
    app.config["LIMIT_SIGN_IN_ALL"] = "3 per minute"
    codes = [
        try_to_sign_in(app, f"a{n}@example.org", address=f"192.0.2.{n}").status_code
        for n in range(4)
    ]
    assert codes == [422] * 3 + [429]


def test_many_people_of_one_office_sign_in_from_one_address(app, session):
    for user in [make_user(Role.CASE_MANAGER) for _ in range(12)]:
        sign_in_by_form(app.test_client(), user)


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
    assert next_of(page) == "/today"
    data = {"email": user.email, "password": PASSWORD, "next": target}
    answer = client.post("/sign-in", data=data)
    assert answer.headers["Location"] == "/sign-in/factor?next=/today"
    page = client.get("/sign-in/factor", query_string={"next": target})
    assert next_of(page) == "/today"
    data = {"factor_code": app_code(user), "next": target}
    assert client.post("/sign-in/factor", data=data).headers["Location"] == "/today"
    for path in ("/sign-in", "/sign-in/factor"):
        assert client.get(path, query_string={"next": target}).headers["Location"] == "/today"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client, session):
    answer = client.get("/users?after=m")
    assert answer.status_code == 302
    target = next_of(client.get(answer.headers["Location"]))
    user = make_user(Role.ADMINISTRATOR)
    data = {"email": user.email, "password": PASSWORD, "next": target}
    answer = client.post("/sign-in", data=data)
    target = next_of(client.get(answer.headers["Location"]))
    data = {"factor_code": app_code(user), "next": target}
    assert client.post("/sign-in/factor", data=data).headers["Location"] == "/users?after=m"


def test_limits_are_those_of_the_settings(app, client):
    app.config["LIMIT_SIGN_IN"] = "2 per minute"
    data = {"email": "a@example.org", "password": "x"}
    assert [client.post("/sign-in", data=data).status_code for _ in range(3)] == [422, 422, 429]


def test_a_form_sent_after_the_session_ended_says_so_and_leads_back(client):
    client.set_cookie("lang", "en")
    sent = client.post("/users", headers={"Referer": "http://localhost/users/new?lang=en"})
    assert sent.headers["Location"] == "/sign-in?next=/users/new"
    assert "nothing was saved" in client.get(sent.headers["Location"]).text
    assert "nothing was saved" not in client.get("/sign-in?next=/users/new").text


def test_the_session_of_a_disabled_person_is_not_found(client, session):
    user = make_user(Role.AUDITOR)
    sign_in_by_form(client, user)
    token = cookie(client)
    assert find_open_session(token).user.id == user.id
    unit_of_work(lambda: setattr(session.get_one(User, user.id), "status", UserStatus.DISABLED))
    assert find_open_session(token) is None
