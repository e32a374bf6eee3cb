"""Donors sign in by a link in their mailbox: once, soon, and in the browser that asked."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from fundapp.access.permissions import Role
from fundapp.audit.checks import run_checks
from fundapp.db import db, unit_of_work
from fundapp.identity.models import User, UserStatus
from fundapp.mail.models import MailMessage
from fundapp.mail.operations import claim_due_message
from tests.factories.actors import WORKER
from tests.factories.books import make_fund
from tests.factories.giving import make_pledge
from tests.factories.identity import PASSWORD, make_user

MINE = "mine@example.org"


@pytest.fixture
def pledge(session, clock):
    """A pledge of 1,000 baht, made with the mailbox `MINE` without an account."""
    make_fund("GENERAL")
    return make_pledge(email=MINE)


def browser(app):
    """A browser in English."""
    client = app.test_client()
    client.set_cookie("lang", "en")
    return client


def link(client, email=MINE):
    """The path of the link that is sent to ``email``, None when none is."""
    answer = client.post("/sign-in/link", data={"email": email})
    assert (answer.status_code, answer.location) == (303, "/sign-in/link")
    sent = unit_of_work(_sent)
    return sent and sent[sent.index("/sign-in/link/") :].split()[0]


def _sent():
    """The body of the newest link, as it is sent; the other messages are sent before."""
    body = None
    while message := claim_due_message(actor=WORKER):
        if "/sign-in/link/" in message.body:
            body = message.body
    return body


def test_a_donor_without_an_account_gets_one_and_sees_what_is_confirmed(app, pledge, session):
    donor = browser(app)
    path = link(donor)
    assert donor.post(path).location == "/my-giving"
    page = donor.get("/my-giving").text
    assert "Gifts made with your e-mail address" in page
    assert f"/pledges/{pledge.token}" not in page
    assert donor.post(f"/my-giving/claim/{pledge.token}").status_code == 303
    assert f"/pledges/{pledge.token}" in donor.get("/my-giving").text
    session.rollback()
    user = session.scalars(select(User).where(User.email == MINE)).one()
    assert (user.status, user.role_set()) == (UserStatus.ACTIVE, {Role.DONOR})
    assert [result.check.name for result in run_checks() if result.violations] == []


def test_opening_the_link_uses_nothing_up_and_it_works_once(app, pledge):
    donor = browser(app)
    path = link(donor)
    for _look in range(3):
        assert donor.get(path).status_code == 200
        assert donor.head(path).status_code == 200
    assert donor.post(path).status_code == 303
    other = browser(app)
    again = other.post(path, data={"email": MINE})
    assert (again.status_code, "used already or is too old" in again.text) == (422, True)


@pytest.mark.sqlite
def test_it_is_over_after_a_quarter_of_an_hour(app, pledge, clock):
    donor = browser(app)
    path = link(donor)
    clock.shift(timedelta(minutes=15))
    assert donor.post(path).status_code == 422
    assert donor.get("/my-giving").status_code == 302


@pytest.mark.sqlite
def test_another_browser_types_the_address(app, pledge):
    path = link(browser(app))
    other = browser(app)
    assert "You asked for the link in another browser" in other.get(path).text
    for typed in ({}, {"email": "other@example.org"}):
        refused = other.post(path, data=typed)
        assert (refused.status_code, "another address" in refused.text) == (422, True)
    assert other.post(path, data={"email": "Mine@Example.org"}).status_code == 303


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DONOR])
@pytest.mark.sqlite
def test_nobody_of_the_staff_gets_one(app, pledge, role):
    """Who works for the fund may have given with the same address."""
    user = make_user(role, email=MINE)
    assert user.is_staff
    assert link(browser(app)) is None


@pytest.mark.sqlite
def test_an_address_that_nobody_gave_with_gets_none(app, pledge, session):
    donor = browser(app)
    assert link(donor, "nobody@example.org") is None
    assert link(donor) is not None
    addresses = {row.to_address for row in session.scalars(select(MailMessage))}
    assert "nobody@example.org" not in addresses


@pytest.mark.sqlite
def test_a_disabled_donor_is_not_let_in_by_an_earlier_link(app, pledge, session):
    make_user(Role.DONOR, email=MINE)
    donor = browser(app)
    path = link(donor)
    disable = text("UPDATE users SET status = 'disabled' WHERE email = :mine")
    unit_of_work(lambda: db.session.execute(disable, {"mine": MINE}))
    assert donor.post(path).status_code == 422


@pytest.mark.sqlite
def test_a_donor_with_a_password_may_use_either(app, pledge):
    make_user(Role.DONOR, email=MINE)
    donor = browser(app)
    assert donor.post(link(donor)).status_code == 303
    other = browser(app)
    form = {"email": MINE, "password": PASSWORD}
    assert other.post("/sign-in", data=form).status_code == 303


@pytest.mark.sqlite
def test_a_strangers_gift_with_the_address_opens_nothing(app, pledge, session):
    """Signed in by password the mailbox is not proved, so nothing can be claimed."""
    make_user(Role.DONOR, email=MINE)
    donor = browser(app)
    donor.post("/sign-in", data={"email": MINE, "password": PASSWORD})
    assert "Gifts made with your e-mail address" not in donor.get("/my-giving").text
    assert donor.post(f"/my-giving/claim/{pledge.token}").status_code == 404


@pytest.mark.sqlite
def test_somebody_elses_gift_cannot_be_claimed(app, pledge):
    other = make_pledge(email="other@example.org")
    donor = browser(app)
    donor.post(link(donor))
    assert donor.post(f"/my-giving/claim/{other.token}").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sign_in_links SET used_at = NULL",
        "UPDATE sign_in_links SET email = 'thief@example.org'",
        "UPDATE sign_in_links SET expires_at = '2030-01-01T00:00:00Z'",
    ],
)
def test_the_database_lets_no_link_be_used_twice(app, pledge, change):
    donor = browser(app)
    donor.post(link(donor))
    with pytest.raises(IntegrityError, match="used once"):
        unit_of_work(lambda: db.session.execute(text(change)))


@pytest.mark.sqlite
def test_a_mailbox_gets_few(app, pledge):
    app.config.update(RATELIMIT_ENABLED=True, LIMIT_SIGN_IN_LINK_EMAIL="2 per hour")
    donor = browser(app)
    codes = [donor.post("/sign-in/link", data={"email": MINE}).status_code for _each in range(3)]
    assert codes == [303, 303, 429]
