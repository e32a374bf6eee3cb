"""Passkeys without a browser: what is accepted once, here, of its own person, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.identity.models import Passkey
from fundapp.identity.queries import find_factors
from tests.factories.identity import PASSWORD, make_user, make_user_by_steps, sign_in
from tests.factories.passkeys import SoftPasskey, options_on
from tests.identity.helpers import cookie, is_signed_in

NEW = "/factors/passkeys/new"
FACTOR = "/sign-in/factor"


def add(client, passkey, **options):
    answer = passkey.create(options_on(client.get(NEW)), **options)
    return client.post(f"{NEW}?lang=en", data={"factor_passkey": answer, "name": "Mine"})


@pytest.fixture
def owner(app, client, session):
    """Somebody with a passkey, and the passkey."""
    user, passkey = make_user_by_steps(Role.ADMINISTRATOR), SoftPasskey()
    sign_in(client, user)
    assert add(client, passkey).headers["Location"] == "/sessions"
    return user, passkey


def half(app, user):
    """The browser of a person whose password was right, and the page that asks for more."""
    client = app.test_client()
    client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    return client, client.get(FACTOR)


def prove(client, answer):
    return client.post(FACTOR, data={"factor_passkey": answer})


def test_a_passkey_signs_in_and_counts(app, session, owner):
    user, passkey = owner
    client, page = half(app, user)
    before = cookie(client)
    assert prove(client, passkey.get(options_on(page))).headers["Location"] == "/today"
    assert is_signed_in(client)
    assert cookie(client) != before
    row = session.scalars(select(Passkey)).one()
    assert (row.sign_count, row.name) == (1, "Mine")
    assert row.last_used_at is not None


@pytest.mark.sqlite
def test_an_answer_is_of_its_session_alone(app, owner):
    user, passkey = owner
    first, page = half(app, user)
    answer = passkey.get(options_on(page))
    second, _page = half(app, user)
    assert prove(second, answer).status_code == 422
    assert not is_signed_in(second)
    assert prove(first, answer).status_code == 303


@pytest.mark.sqlite
def test_an_answer_proves_once(app, owner):
    """Also of a passkey that never counts: the challenge has changed with the first proof."""
    user, passkey = owner
    passkey.count = -1
    client, page = half(app, user)
    answer = passkey.get(options_on(page))
    assert prove(client, answer).status_code == 303
    assert client.post("/factors/renew", data={"factor_passkey": answer}).status_code == 403


@pytest.mark.sqlite
def test_a_copied_passkey_is_refused(app, owner):
    """One that says it was used as often as before, or less."""
    user, passkey = owner
    for expected in (303, 422):
        client, page = half(app, user)
        passkey.count = 4
        assert prove(client, passkey.get(options_on(page))).status_code == expected


@pytest.mark.sqlite
def test_an_answer_to_another_site_is_refused(app, owner):
    user, passkey = owner
    client, page = half(app, user)
    for origin in ("http://evil.example", "https://localhost", "http://localhost:8000"):
        assert prove(client, passkey.get(options_on(page), origin=origin)).status_code == 422
    client, page = half(app, user)
    options = {**options_on(page), "rpId": "evil.example"}
    assert prove(client, passkey.get(options)).status_code == 422


@pytest.mark.sqlite
def test_another_key_under_the_same_name_is_refused(app, owner):
    user, passkey = owner
    client, page = half(app, user)
    assert prove(client, SoftPasskey(passkey.credential).get(options_on(page))).status_code == 422


@pytest.mark.sqlite
def test_anothers_passkey_is_refused(app, session, owner):
    _user, passkey = owner
    other = make_user_by_steps(Role.AUDITOR)
    theirs = app.test_client()
    sign_in(theirs, other)
    assert add(theirs, SoftPasskey(b"another passkey")).status_code == 303
    client, page = half(app, other)
    assert prove(client, passkey.get(options_on(page))).status_code == 422


@pytest.mark.sqlite
def test_what_is_added_is_an_answer_to_this_page(app, session, owner):
    user, passkey = owner
    client = app.test_client()
    sign_in(client, user)
    page = client.get(NEW)
    assert add(client, passkey).status_code == 422
    assert (
        add(client, SoftPasskey(b"a second one"), origin="http://evil.example").status_code == 422
    )
    other = app.test_client()
    sign_in(other, user)
    answer = SoftPasskey(b"a third one").create(options_on(page))
    assert other.post(NEW, data={"factor_passkey": answer}).status_code == 422
    for nonsense in ("", "{", "[]", "{}", '{"id": 1}', "x" * 30_000):
        refused = client.post(f"{NEW}?lang=en", data={"factor_passkey": nonsense})
        assert refused.status_code == 422
        assert "The passkey could not be added." in refused.text
    assert len(session.scalars(select(Passkey)).all()) == 1


@pytest.mark.sqlite
def test_a_passkey_is_removed_by_its_owner_while_another_factor_is_left(app, client, owner):
    user, passkey = owner
    row = find_factors(user.id).passkeys[0]
    stranger = app.test_client()
    sign_in(stranger, make_user(Role.ADMINISTRATOR))
    assert stranger.post(f"/factors/passkeys/{row.id}/remove").status_code == 404
    assert client.post("/factors/app/remove").status_code == 303
    assert client.post(f"/factors/passkeys/{row.id}/remove").status_code == 422
    sign_in(client, user)
    other, page = half(app, user)
    assert prove(other, passkey.get(options_on(page))).status_code == 303


@pytest.mark.sqlite
def test_a_passkey_shows_again_who_it_is(clock, app, client, session, owner):
    _user, passkey = owner
    make_user(Role.ADMINISTRATOR)
    clock.shift(timedelta(minutes=6))
    data = {"email": "new@example.org", "name": "Aminah", "role": "auditor"}
    page = client.post("/users", data=data)
    assert page.status_code == 403
    data["factor_passkey"] = passkey.get(options_on(page))
    assert client.post("/users", data=data).status_code == 201


@pytest.mark.sqlite
def test_a_bare_number_has_no_passkeys(app, client, session):
    app.config.update(DEMO=False, PUBLIC_URL="http://192.0.2.7:8000")
    sign_in(client, make_user(Role.AUDITOR))
    client.set_cookie("lang", "en")
    assert "opened under a name" in client.get("/factors/set-up").text
    assert "data-options" not in client.get(NEW).text


@pytest.mark.sqlite
def test_in_service_the_address_people_use_counts(app, client, session):
    """Whatever the Host of a request says."""
    app.config.update(DEMO=False, PUBLIC_URL="https://fund.example.org")
    sign_in(client, make_user_by_steps(Role.AUDITOR))
    page = client.get(NEW)
    assert options_on(page)["rp"]["id"] == "fund.example.org"
    passkey = SoftPasskey()
    assert client.post(
        NEW, data={"factor_passkey": passkey.create(options_on(page))}
    ).status_code == 422  # fmt: skip
    answer = passkey.create(options_on(page), origin="https://fund.example.org")
    assert client.post(NEW, data={"factor_passkey": answer}).status_code == 303
