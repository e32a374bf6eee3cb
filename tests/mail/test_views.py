"""The outbox page."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.mail import operations
from fundapp.mail.models import MAX_ATTEMPTS, MailMessage, MailState
from tests.factories.actors import WORKER
from tests.factories.identity import make_user, sign_in
from tests.factories.mail import make_message

pytestmark = pytest.mark.sqlite


@pytest.fixture
def officer(client, session):
    sign_in(client, make_user(Role.FUND_OFFICER))
    client.set_cookie("lang", "en")
    return client


def subjects(page):
    return re.findall(r">(Message \d+)</a>", page.text)


def test_an_empty_outbox_says_so(officer):
    assert "No messages here" in officer.get("/outbox").text


def test_messages_are_paged_by_key(officer):
    names = [f"Message {number:02}" for number in range(120)]
    unit_of_work(lambda: [make_message(subject=name) for name in names])
    seen, url = [], "/outbox"
    while url:
        page = officer.get(url)
        seen += subjects(page)
        link = re.search(r'rel="next" href="([^"]+)"', page.text)
        url = link.group(1).replace("&amp;", "&") if link else None
    assert seen == names[::-1]


def test_the_demo_says_that_no_message_is_sent(officer):
    unit_of_work(make_message)
    page = officer.get("/outbox")
    assert "Delivered to the demo outbox" in page.text


def test_the_messages_of_one_state(app, officer, session):
    app.config["SMTP_URL"] = "smtp://mail.example.org"
    unit_of_work(lambda: [make_message(subject=f"Message {number}") for number in range(3)])
    failing = session.scalars(select(MailMessage).where(MailMessage.subject == "Message 1")).one()
    unit_of_work(operations.mark_failed, failing.id, error="no answer", actor=WORKER)
    assert subjects(officer.get("/outbox?state=failing")) == ["Message 1"]
    assert subjects(officer.get("/outbox?state=waiting")) == ["Message 2", "Message 0"]
    assert subjects(officer.get("/outbox?state=sent")) == []
    assert len(subjects(officer.get("/outbox?state=nonsense&after=nonsense"))) == 3


def test_messages_that_are_late_or_given_up(app, clock, officer, session):
    """Late is what was written a day ago and is still tried, refused or not."""
    app.config["SMTP_URL"] = "smtp://mail.example.org"
    names = ["given up", "refused", "sent", "waiting"]

    def shown(state):
        return subjects(officer.get(f"/outbox?state={state}"))

    messages = unit_of_work(
        lambda: {name: make_message(subject=f"Message {n}") for n, name in enumerate(names)}
    )
    unit_of_work(operations.mark_sent, messages["sent"].id, actor=WORKER)
    unit_of_work(operations.mark_failed, messages["refused"].id, error="no", actor=WORKER)
    unit_of_work(lambda: setattr(messages["given up"], "attempts", MAX_ATTEMPTS))
    clock.shift(timedelta(hours=24) - timedelta(seconds=1))
    sign_in(officer, make_user(Role.FUND_OFFICER))
    assert (shown("late"), shown("failing")) == ([], ["Message 1"])
    clock.shift(timedelta(seconds=1))
    unit_of_work(make_message, subject="Message 4")
    listed = {state: shown(state) for state in MailState}
    assert listed == {
        MailState.WAITING: ["Message 4"],
        MailState.FAILING: [],
        MailState.LATE: ["Message 3", "Message 1"],
        MailState.GIVEN_UP: ["Message 0"],
        MailState.SENT: ["Message 2"],
        MailState.CAME_BACK: [],
    }
    page = officer.get("/outbox").text
    assert page.count("Late by a day or more</span>") == 2
    assert page.count("Given up</span>") == 1


def test_a_message_is_shown_as_text(officer, session):
    unit_of_work(make_message, body="<script>alert(1)</script> https://fund.example.org/pledges/x")
    message = session.scalars(select(MailMessage)).one()
    page = officer.get(f"/outbox/{message.id}")
    assert "<script>alert(1)" not in page.text
    assert 'href="https://fund.example.org/pledges/x"' in page.text


def test_nobody_of_the_office_reads_the_key_of_a_giver(app, officer, session):
    """By it the account of a refund is entered in the giver's place."""
    app.config["SMTP_URL"] = "smtp://mail.example.org"
    unit_of_work(
        make_message, body="https://fund.example.org/receipts/R1/refund?key=Abc-123_x\nBye"
    )
    message = session.scalars(select(MailMessage)).one()
    page = officer.get(f"/outbox/{message.id}").text
    assert "Abc-123_x" not in page
    assert "receipts/R1/refund?key=" in page
    assert "Bye" in page
    # Without a mail server the page of the demo is the mailbox.
    app.config["SMTP_URL"] = ""
    app.config["DEMO"] = True
    assert "Abc-123_x" in officer.get(f"/outbox/{message.id}").text


def test_a_message_that_was_given_up_is_tried_again(app, officer, session):
    app.config["SMTP_URL"] = "smtp://mail.example.org"
    unit_of_work(make_message)
    message = session.scalars(select(MailMessage)).one()

    def give_up():
        failed = operations.mark_failed(message.id, error="no answer", actor=WORKER)
        failed.attempts = MAX_ATTEMPTS

    unit_of_work(give_up)
    assert "The program tries no more." in officer.get(f"/outbox/{message.id}").text
    assert officer.post(f"/outbox/{message.id}/retry").status_code == 303
    session.expire_all()
    assert message.attempts == 0


@pytest.mark.parametrize("number", ["1", str(2**63), "9" * 40, "x"])
def test_messages_that_do_not_exist(officer, number):
    assert officer.get(f"/outbox/{number}").status_code == 404
    assert officer.post(f"/outbox/{number}/retry").status_code == 404
