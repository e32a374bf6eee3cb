"""From the invitation to the step-up, in Chromium: with an app and no script, and with a passkey of
Chromium's virtual authenticator.
"""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from playwright.sync_api import expect

from fundapp import clock
from fundapp.db import unit_of_work
from fundapp.identity import operations
from fundapp.identity.models import Delivery
from fundapp.identity.queries import find_factors, find_user_by_email
from fundapp.identity.totp import code_at
from tests.browser.conftest import HIGH_LIMITS, PROMPTPAY
from tests.browser.server import served
from tests.browser.visitor import NARROW, WIDE, Visitor, accessibility_faults
from tests.conftest import MORNING
from tests.factories.actors import COMMAND_LINE
from tests.factories.identity import make_user

EMAIL = "chan@example.org"
PASSWORD = "durian ferry 17 umbrella"


@pytest.fixture
def office(app):
    """The application with an administrator who is invited, and another one who could print second
    sheets; the clock; the invitation.
    """
    app.config.update(PROMPTPAY | HIGH_LIMITS)
    with time_machine.travel(MORNING, tick=True) as clocks, app.app_context():

        def work():
            user = operations.create_user(
                EMAIL, name="Chan", roles=["administrator"], actor=COMMAND_LINE
            )
            return operations.invite(user.public_id, delivery=Delivery.PAPER, actor=COMMAND_LINE)

        code = unit_of_work(work)
        make_user("administrator")
        with served(app) as url:
            # Browsers know no passkeys of a bare number.
            yield clocks, url.replace("127.0.0.1", "localhost"), code


@pytest.fixture
def enter(chromium, office):
    """Opens a browser; its console says nothing in the end."""
    visitors = []

    def begin(**options):
        visitors.append(Visitor(chromium, office[1], "en", **options))
        return visitors[-1]

    yield begin
    complaints = [text for visitor in visitors for text in visitor.complaints]
    for visitor in visitors:
        visitor.close()
    # A page that asks again answers 403, which Chromium writes to the console.
    assert [text for text in complaints if "403" not in text] == []


def press(page, text):
    page.locator("main").get_by_role("button", name=text, exact=True).click()


def at(page, path):
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def accept(page, code):
    page.goto(f"/invitations/{code}")
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    press(page, "Choose this password")
    at(page, "/factors/set-up")


def sign_out(page):
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").first.click()


def give_password(page):
    page.goto("/sign-in")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    press(page, "Sign in")
    at(page, "/sign-in/factor")


def looks_right(visitor, url):
    """Nothing too wide, nothing refused by the policy, nothing that axe-core finds."""
    faults = visitor.faults(url, (NARROW, WIDE))
    assert [fault for fault in faults if "403" not in fault] == []
    assert accessibility_faults(visitor.page) == []


def test_an_app_without_a_script(office, enter):
    clocks, _site, code = office
    page = enter(java_script_enabled=False).page
    accept(page, code)
    page.goto("/users")
    at(page, "/factors/set-up")
    press(page, "Use an app")
    at(page, "/factors/app")
    secret = re.search(r"\b[A-Z2-7]{4}(-[A-Z2-7]{4}){7}\b", page.inner_text("main"))[0]
    secret = secret.replace("-", "")
    page.fill("#code", code_at(secret, clock.now()))
    press(page, "Use this app")
    expect(page.locator("main")).to_contain_text("I have kept them")
    recovery = page.locator(".code-list li").first.inner_text()
    assert page.locator(".code-list li").count() == 10

    page.get_by_role("link", name="I have kept them").click()
    at(page, "/today")
    sign_out(page)
    give_password(page)
    page.fill("#factor_code", recovery)
    press(page, "Sign in")
    at(page, "/today")

    clocks.shift(timedelta(minutes=6))
    page.goto("/users/new")
    page.fill("#name", "Aminah")
    page.fill("#email", "aminah@example.org")
    page.locator("input[name=role][value=auditor]").check()
    press(page, "Invite this person")
    expect(page.locator("h1")).to_have_text("Show again that it is you")
    page.fill("#factor_code", code_at(secret, clock.now()))
    press(page, "Go on")
    expect(page.locator("h1")).to_have_text("Invitation for Aminah")


def test_a_passkey(office, enter):
    clocks, _site, code = office
    visitor = enter()
    page = visitor.page
    with_virtual_authenticator(visitor)
    page.goto(f"/invitations/{code}")
    looks_right(visitor, "/invitations")
    accept(page, code)
    looks_right(visitor, "/factors/set-up")
    page.get_by_role("link", name="Use a passkey").click()
    at(page, "/factors/passkeys/new")
    looks_right(visitor, "/factors/passkeys/new")
    page.fill("#name", "My telephone")
    press(page, "Make a passkey")
    expect(page.locator("main")).to_contain_text("I have kept them")
    looks_right(visitor, "/factors/passkeys/new (codes)")
    page.goto("/sessions")
    expect(page.locator("main")).to_contain_text("Passkey: My telephone")
    looks_right(visitor, "/sessions")

    sign_out(page)
    give_password(page)
    looks_right(visitor, "/sign-in/factor")
    press(page, "Use a passkey")
    at(page, "/today")
    (passkey,) = find_factors(find_user_by_email(EMAIL).id).passkeys
    assert passkey.last_used_at is not None

    clocks.shift(timedelta(minutes=6))
    page.goto("/users/new")
    page.fill("#name", "Aminah")
    page.fill("#email", "aminah@example.org")
    page.locator("input[name=role][value=auditor]").check()
    press(page, "Invite this person")
    expect(page.locator("h1")).to_have_text("Show again that it is you")
    looks_right(visitor, "/users (asks again)")
    press(page, "Use a passkey")
    expect(page.locator("h1")).to_have_text("Invitation for Aminah")
    looks_right(visitor, "/users (sheet)")
    page.goto("/factors/set-up")
    press(page, "Use an app")
    at(page, "/factors/app")
    looks_right(visitor, "/factors/app")


def test_a_passkey_that_does_not_answer(office, enter):
    _clocks, _site, code = office
    visitor = enter()
    page = visitor.page
    authenticator = with_virtual_authenticator(visitor)
    accept(page, code)
    page.goto("/factors/passkeys/new")
    press(page, "Make a passkey")
    expect(page.locator("main")).to_contain_text("I have kept them")
    page.goto("/today")
    sign_out(page)
    give_password(page)
    authenticator("WebAuthn.clearCredentials")
    press(page, "Use a passkey")
    expect(page.locator("main")).to_contain_text("The passkey did not answer.")


def with_virtual_authenticator(visitor):
    """Give the browser a security key that answers by itself; returns what sends it orders."""
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": False,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return lambda order: session.send(order, {"authenticatorId": added["authenticatorId"]})
