"""One's own sessions and password, over HTTP."""

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.identity.models import UserSession
from tests.factories.identity import PASSWORD, make_user, sign_in, sign_in_by_form
from tests.identity.helpers import cookie, is_signed_in

pytestmark = pytest.mark.sqlite


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
    assert cookie(client) != old
    assert not is_signed_in(elsewhere)
    elsewhere.set_cookie("sid", old)
    assert not is_signed_in(elsewhere)
    refused = app.test_client().post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert refused.status_code == 422
    session.expire_all()
    sign_in_by_form(app.test_client(), user, new)


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


def test_own_sessions_are_listed_and_ended(app, client, session):
    user = make_user(Role.AUDITOR)
    elsewhere = app.test_client()
    sign_in(elsewhere, user)
    sign_in(client, user)
    first = session.scalars(select(UserSession).order_by(UserSession.id)).first()
    assert f"/sessions/{first.id}/revoke" in client.get("/sessions").text
    answer = client.post(f"/sessions/{first.id}/revoke")
    assert (answer.status_code, answer.location) == (303, "/sessions#sessions")
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
