"""A second factor of a short while ago, before money moves or roles change; nothing is lost."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from fundapp import clock as clocks
from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.disbursements.models import DisbursementRequest, RequestStatus
from fundapp.identity.models import User
from fundapp.identity.operations import renew_recovery_codes
from fundapp.identity.totp import code_at
from fundapp.trail.models import AuditEvent
from tests.factories.disbursements import make_request, make_team
from tests.factories.identity import (
    app_code,
    app_secret,
    confirm_open_proposals,
    make_user,
    sign_in,
)
from tests.identity.helpers import cookie, is_signed_in

pytestmark = pytest.mark.sqlite

NEW = {"email": "new@example.org", "name": "Aminah & \"Co\"", "role": "case_manager",
       "districts": ["9501", "9505"], "form_id": "the-first"}  # fmt: skip


@pytest.fixture
def desk(clock, app, session):
    """The browser of an administrator whose factor is six minutes old, and the person."""
    desk, user = app.test_client(), make_user(Role.ADMINISTRATOR)
    make_user(Role.ADMINISTRATOR)
    sign_in(desk, user)
    desk.set_cookie("lang", "en")
    clock.shift(timedelta(minutes=6))
    return desk, user


def hidden_fields(page):
    """The names and values of the hidden fields of the form that asks, as a browser sends them."""
    form = page.text.partition('<form class="form-block"')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    fields = {}
    for name, value in found:
        fields.setdefault(unescape(name), []).append(unescape(value))
    return fields


def added(session):
    return session.scalar(select(User).where(User.email == NEW["email"]))


def test_an_old_factor_is_asked_for_again_and_nothing_typed_is_lost(app, desk, session):
    client, user = desk
    page = client.post("/users", data=NEW)
    assert page.status_code == 403
    assert "Show again that it is you" in page.text
    assert 'action="/users"' in page.text
    assert added(session) is None
    fields = hidden_fields(page)
    assert {name: fields[name] for name in ("email", "name", "role", "districts", "form_id")} == {
        "email": ["new@example.org"], "name": [NEW["name"]], "role": ["case_manager"],
        "districts": ["9501", "9505"], "form_id": ["the-first"],
    }  # fmt: skip
    old = cookie(client)
    fields["factor_code"] = [app_code(user)]
    done = client.post("/users", data=fields)
    assert done.status_code == 201, done.text
    assert added(session).name == NEW["name"]
    confirm_open_proposals()
    session.expire_all()
    assert added(session).district_codes() == {"9501", "9505"}
    assert cookie(client) != old
    thief = app.test_client()
    thief.set_cookie("sid", old)
    assert not is_signed_in(thief)
    assert is_signed_in(client)


def test_a_wrong_code_asks_again_and_is_in_the_trail(desk, session):
    client, user = desk
    fields = hidden_fields(client.post("/users", data=NEW))
    fields["factor_code"] = ["000000"]
    page = client.post("/users", data=fields)
    assert page.status_code == 403
    assert "This is not right, or was used before." in page.text
    assert "000000" not in page.text
    assert added(session) is None
    again = hidden_fields(page)
    assert again["districts"] == ["9501", "9505"]
    notes = session.scalars(
        select(AuditEvent.note).where(
            AuditEvent.action == "identity:factor:refuse", AuditEvent.actor == user.public_id
        )
    ).all()
    assert notes == ["too old identity.create_user", "wrong identity.create_user"]


def test_a_code_that_was_used_to_sign_in_is_not_a_fresh_factor(clock, app, session):
    client, user = app.test_client(), make_user(Role.ADMINISTRATOR)
    sign_in(client, user)
    clock.shift(timedelta(minutes=6))
    code = app_code(user)
    assert client.post("/factors/renew", data={"factor_code": code}).status_code == 303
    assert client.post("/factors/renew", data={"factor_code": code}).status_code == 403


def test_five_minutes_are_fresh(clock, app, session):
    client, user = app.test_client(), make_user(Role.ADMINISTRATOR)
    make_user(Role.ADMINISTRATOR)
    sign_in(client, user)
    clock.shift(timedelta(minutes=5, seconds=-1))
    assert client.post("/users", data=NEW).status_code == 201
    clock.shift(timedelta(seconds=1))
    assert client.post("/users", data=NEW).status_code == 403


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.AUDITOR, "/audit/trail"),
        (Role.AUDITOR, "/audit/journal"),
        (Role.AUDITOR, "/audit/accounts/1121"),
        (Role.SUPERVISOR, "/children/reads"),
    ],
)
def test_a_list_is_taken_away_as_a_file_with_a_fresh_factor_only(clock, app, session, role, path):
    client, user = app.test_client(), make_user(role, districts=("9501",))
    sign_in(client, user)
    client.set_cookie("lang", "en")
    clock.shift(timedelta(minutes=6))
    at = f"{path}?from_on=20/11/2026&format=csv"
    assert client.get(f"{path}?from_on=20/11/2026").status_code == 200
    page = client.get(at, headers={"Referer": f"http://localhost{path}?from_on=20/11/2026"})
    assert page.status_code == 403
    assert f'href="http://localhost{path}?from_on=20/11/2026"' in page.text
    fields = hidden_fields(page)
    assert fields["next"] == [at]
    answer = client.post("/factors/renew", data={**fields, "factor_code": app_code(user)})
    assert (answer.status_code, answer.location) == (303, at)
    file = client.get(at)
    assert (file.status_code, file.mimetype) == (200, "text/csv")


def test_pages_that_only_show_do_not_ask(desk):
    client, _user = desk
    for path in ("/today", "/users", "/users/new", "/audit/journal", "/sessions"):
        assert client.get(path).status_code == 200


def test_an_export_leads_back_to_itself(desk):
    client, user = desk
    path = "/audit/exports/csv?fund=GENERAL"
    page = client.get(path)
    assert page.status_code == 403
    fields = hidden_fields(page)
    assert fields["next"] == [path]
    assert 'action="/factors/renew"' in page.text
    wrong = client.post("/factors/renew", data={**fields, "factor_code": "1"})
    assert (wrong.status_code, hidden_fields(wrong)["next"]) == (403, [path])
    right = client.post("/factors/renew", data={**fields, "factor_code": app_code(user)})
    assert right.headers["Location"] == path
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_nobody_is_led_to_another_site(desk, target):
    client, user = desk
    data = {"factor_code": app_code(user), "next": target}
    assert client.post("/factors/renew", data=data).headers["Location"] == "/today"


def test_tries_are_limited(desk):
    client, user = desk
    wrong = {**NEW, "factor_code": "000000"}
    assert [client.post("/users", data=wrong).status_code for _ in range(6)] == [403] * 5 + [429]
    right = {**NEW, "factor_code": app_code(user)}
    assert client.post("/users", data=right).status_code == 429


def test_a_file_is_chosen_once_more(clock, app, session):
    client, user = app.test_client(), make_user(Role.FUND_OFFICER)
    sign_in(client, user)
    clock.shift(timedelta(minutes=6))
    data = {"name": "KTB", "file": (io.BytesIO(b"a,b"), "example.csv")}
    page = client.post("/bank/profiles/new?lang=en", data=data)
    assert page.status_code == 403
    assert 'enctype="multipart/form-data"' in page.text
    assert '<input class="form-control" type="file" id="file" name="file">' in page.text
    assert hidden_fields(page)["name"] == ["KTB"]


def test_the_password_changes_with_a_fresh_factor_only(desk, session):
    client, user = desk
    new = "durian ferry 17 umbrella"
    data = {"current": "mangosteen tractor 41 lantern", "password": new, "again": new}
    before = user.password_hash
    page = client.post("/password", data=data)
    assert page.status_code == 403
    session.expire_all()
    assert user.password_hash == before
    old = cookie(client)
    done = client.post("/password", data={**hidden_fields(page), "factor_code": app_code(user)})
    assert done.headers["Location"] == "/sessions"
    session.expire_all()
    assert user.password_hash != before
    assert cookie(client) != old
    assert is_signed_in(client)


def test_a_donor_changes_the_password_without_one(app, session, clock):
    client = app.test_client()
    sign_in(client, make_user(Role.DONOR))
    clock.shift(timedelta(minutes=6))
    new = "durian ferry 17 umbrella"
    data = {"current": "mangosteen tractor 41 lantern", "password": new, "again": new}
    assert client.post("/password", data=data).status_code == 303
    assert is_signed_in(client)


def test_help_is_approved_with_a_fresh_factor_only(clock, app, session):
    team = make_team()
    request = make_request(team)
    client = app.test_client()
    sign_in(client, team.approver)
    clock.shift(timedelta(minutes=6))
    path = f"/disbursements/{request.public_id}/approve"
    page = client.post(path, data={"version": "1"})
    assert page.status_code == 403
    assert state(session, request) is RequestStatus.SUBMITTED
    code = code_at(app_secret(team.approver), clocks.now())
    assert client.post(path, data={**hidden_fields(page), "factor_code": code}).status_code == 303
    assert state(session, request) is RequestStatus.APPROVED


def state(session, request):
    session.expire_all()
    return session.get_one(DisbursementRequest, request.id).status


def test_with_the_clock_set_back_a_day_a_recovery_code_goes_on(clock, app, session):
    client, user = app.test_client(), make_user(Role.ADMINISTRATOR)
    codes = unit_of_work(renew_recovery_codes, actor=user.as_actor())
    sign_in(client, user)
    client.set_cookie("lang", "en")
    phone = code_at(app_secret(user), clocks.now() + timedelta(minutes=10))
    clock.shift(timedelta(days=-1))
    page = "/factors/passkeys/new"
    assert "1440 minutes behind" in client.get(page).text
    sent = {"next": page, "factor_code": phone}
    refused = client.post("/factors/renew", data=sent)
    assert (refused.status_code, "or a recovery code meanwhile" in refused.text) == (403, True)
    done = client.post("/factors/renew", data=sent | {"factor_code": codes[0]})
    assert (done.status_code, done.headers["Location"]) == (303, page)
    assert client.get(page).status_code == 200
    clock.shift(timedelta(minutes=5))
    assert client.get(page).status_code == 403, "time stands still, and the factor grows old"
    clock.shift(timedelta(days=1))
    assert client.get(page).status_code == 403
    assert "minutes behind" not in client.get(page).text
