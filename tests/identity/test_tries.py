"""Strangers who try passwords do not lock the owner out of the devices that are the owner's."""

import pytest

from fundapp.access.permissions import Role
from fundapp.identity.models import User
from tests.factories.identity import PASSWORD, app_code, make_user, sign_in_by_form
from tests.identity.helpers import is_signed_in

pytestmark = pytest.mark.sqlite


@pytest.fixture
def owner(session, clock):
    return make_user(Role.DONOR)


def attempt(client, user, password=PASSWORD, address="198.51.100.1"):
    client.set_cookie("lang", "en")
    return client.post(
        "/sign-in",
        data={"email": user.email, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    )


def attack(app, user, times=50):
    """Strangers from many addresses try passwords for one account."""
    return [
        attempt(app.test_client(), user, "guess", f"203.0.113.{n}").status_code
        for n in range(times)
    ]


def test_on_a_known_device_the_owner_signs_in_whatever_strangers_try(app, client, owner):
    sign_in_by_form(client, owner)
    client.post("/sign-out")
    assert attack(app, owner) == [422] * 9 + [429] * 41, "the owner's own sign-in counted too"
    assert attempt(client, owner).status_code == 303
    assert is_signed_in(client)


def test_the_password_alone_makes_no_device_known(client, session):
    user = make_user(Role.AUDITOR)
    assert attempt(client, user).status_code == 303
    assert client.get_cookie("device") is None
    client.post("/sign-in/factor", data={"factor_code": app_code(user)})
    assert client.get_cookie("device") is not None


def test_on_a_new_device_the_owner_is_told_the_true_time(app, client, owner, clock):
    sign_in_by_form(client, owner)
    attack(app, owner)
    clock.shift(130)
    refused = attempt(app.test_client(), owner)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "180"
    assert "Try again in 3 minutes" in refused.text
    assert "a device on which you have signed in before" in refused.text
    assert owner.email in refused.text
    clock.shift(180)
    assert attempt(app.test_client(), owner).status_code == 303


def test_an_unknown_account_is_refused_alike(app, owner):
    nobody = User(email="nobody@example.org")
    assert attack(app, nobody) == [422] * 10 + [429] * 40
    assert "a device on which" in attempt(app.test_client(), nobody).text


def test_a_known_device_has_few_tries_too(app, client, owner):
    sign_in_by_form(client, owner)
    answers = [attempt(client, owner, "guess", f"203.0.113.{n}").status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert attempt(app.test_client(), owner).status_code == 303, "the account is not used up"


def test_a_device_is_known_for_its_own_accounts_only(app, client, owner):
    sign_in_by_form(client, owner)
    other = make_user(Role.DONOR)
    attack(app, other)
    assert attempt(client, other).status_code == 429


def test_one_device_may_be_of_several_people(app, client, owner):
    other = make_user(Role.DONOR)
    for user in (owner, other):
        sign_in_by_form(client, user)
        client.post("/sign-out")
    attack(app, owner)
    attack(app, other)
    assert [attempt(client, user).status_code for user in (owner, other)] == [303, 303]


@pytest.mark.parametrize("forged", ["x", "e30.x.y", ""])
def test_a_forged_cookie_is_no_device(app, client, owner, forged):
    attack(app, owner)
    client.set_cookie("device", forged)
    assert attempt(client, owner).status_code == 429


def test_the_cookie_names_nobody_and_opens_nothing(app, client, owner):
    answer = sign_in_by_form(client, owner)
    (header,) = (
        value for value in answer.headers.getlist("Set-Cookie") if value.startswith("device=")
    )
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(header.split("; "))
    assert owner.email not in header
    thief = app.test_client()
    thief.set_cookie("device", client.get_cookie("device").value)
    assert not is_signed_in(thief)


def test_a_wrong_password_makes_no_device(app, client, owner):
    attempt(client, owner, "guess")
    assert client.get_cookie("device") is None


def test_over_https_the_cookie_is_bound_to_the_host(app, client, owner):
    app.config.update(SECURE=True, SESSION_TOKEN_COOKIE="__Host-sid")
    answer = sign_in_by_form(client, owner)
    (header,) = (
        value
        for value in answer.headers.getlist("Set-Cookie")
        if value.startswith("__Host-device=")
    )
    assert {"Secure", "HttpOnly", "Path=/"} <= set(header.split("; "))


def use_up_the_office(app):
    """Three colleagues on new devices type wrong codes from the office's address, and more."""
    refused = []
    for _number in range(3):
        client, user = app.test_client(), make_user(Role.AUDITOR)
        attempt(client, user)
        refused += [give_code(client, "000000").status_code for _ in range(5)]
    return refused


def give_code(client, code, address="198.51.100.1"):
    data = {"factor_code": code}
    address = {"REMOTE_ADDR": address}
    return client.post("/sign-in/factor?lang=en", data=data, environ_overrides=address)


def test_wrong_codes_of_colleagues_stop_nobody_on_a_known_device(app, client, session, clock):
    user = make_user(Role.AUDITOR)
    sign_in_by_form(client, user)
    client.post("/sign-out")
    assert use_up_the_office(app) == [422] * 10 + [429] * 5
    clock.shift(60)
    stranger = app.test_client()
    attempt(stranger, user)
    assert give_code(stranger, app_code(user)).status_code == 429, "a new device is counted"
    attempt(client, user)
    assert give_code(client, app_code(user)).status_code == 303
    assert is_signed_in(client)


def test_a_known_device_guesses_no_more_codes_of_its_account_and_none_of_others(
    app, client, session, clock
):
    user, other = make_user(Role.AUDITOR), make_user(Role.AUDITOR)
    sign_in_by_form(client, user)
    client.post("/sign-out")
    attempt(client, user)
    answers = [give_code(client, "000000", f"203.0.113.{n}").status_code for n in range(6)]
    assert answers == [422] * 5 + [429]
    use_up_the_office(app)
    attempt(client, other)
    assert give_code(client, app_code(other)).status_code == 429
