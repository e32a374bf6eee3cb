"""Sending: at once, again after a refusal, not for ever; with a real SMTP server."""

import email
import time
from dataclasses import replace
from datetime import timedelta
from email.policy import default
from itertools import pairwise

import pytest
from sqlalchemy import select

from fundapp.db import unit_of_work
from fundapp.mail import operations, queries
from fundapp.mail.batches import Delivered, deliver_due
from fundapp.mail.conversations import DEADLINE_SECONDS, MailerError
from fundapp.mail.encryption import message_token
from fundapp.mail.mailers import OutboxMailer, SmtpMailer, mailer_of
from fundapp.mail.models import MAX_ATTEMPTS, MailMessage, MailState
from tests.conftest import MORNING
from tests.factories.actors import OFFICER, WORKER
from tests.factories.mail import make_message
from tests.fakes.mail import ENDLESS, NONE, FakeMailer, mail_server


def only(session):
    session.expire_all()
    return session.scalars(select(MailMessage)).one()


def smtp(server):
    return SmtpMailer.from_url(server.url, default_host="example.org")


@pytest.fixture
def closed_server():
    """A mail server that is not there any more."""
    with mail_server() as server:
        pass
    return server


def queue(number):
    unit_of_work(lambda: [make_message(about_ref=str(each)) for each in range(number)])


def test_a_message_is_sent_once(session, clock):
    unit_of_work(make_message)
    mailer = FakeMailer()
    assert deliver_due(mailer, actor=WORKER) == Delivered(sent=1)
    assert deliver_due(mailer, actor=WORKER) == Delivered()
    assert [message.to_address for message in mailer.taken] == ["donor@example.org"]
    assert only(session).state is MailState.SENT


def test_all_that_is_due_is_sent(session, clock):
    queue(45)
    assert deliver_due(FakeMailer(), actor=WORKER) == Delivered(sent=45)


@pytest.mark.sqlite
def test_a_refused_message_is_tried_again_after_longer_and_longer_delays(session, clock):
    unit_of_work(make_message)
    mailer = FakeMailer(refusals=3)
    assert deliver_due(mailer, actor=WORKER) == Delivered(failed=1)
    message = only(session)
    assert (message.attempts, message.sent_at) == (1, None)
    assert message.last_error == "SMTPDataError: not this one"
    assert queries.count_messages(MailState.FAILING) == 1
    for minutes in (1, 2):
        assert deliver_due(mailer, actor=WORKER) == Delivered()
        clock.shift(timedelta(minutes=minutes))
        assert deliver_due(mailer, actor=WORKER) == Delivered(failed=1)
    clock.shift(timedelta(minutes=4))
    assert deliver_due(mailer, actor=WORKER) == Delivered(sent=1)
    assert only(session).last_error == ""
    assert queries.count_messages(MailState.FAILING) == 0


@pytest.mark.sqlite
def test_the_worker_gives_up_and_a_person_may_try_again(session, clock):
    unit_of_work(make_message)
    mailer = FakeMailer(refusals=100)
    for _ in range(MAX_ATTEMPTS + 3):
        deliver_due(mailer, actor=WORKER)
        clock.shift(timedelta(hours=6))
    message = only(session)
    assert message.attempts == MAX_ATTEMPTS
    assert message.is_given_up
    unit_of_work(operations.retry_message, message.id, actor=OFFICER)
    assert deliver_due(FakeMailer(), actor=WORKER) == Delivered(sent=1)


@pytest.mark.sqlite
def test_it_is_tried_for_four_days_with_growing_pauses(session, clock):
    unit_of_work(make_message)
    tries = []
    while not only(session).is_given_up:
        clock.move_to(only(session).due_at)
        tries.append(only(session).due_at)
        assert deliver_due(FakeMailer(refusals=1), actor=WORKER) == Delivered(failed=1)
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert tries[-1] - tries[0] >= timedelta(days=4)
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(minutes=1), timedelta(hours=6))


def test_a_message_is_claimed_by_one_worker_only(session, clock):
    queue(2)
    claims = [unit_of_work(operations.claim_due_message, actor=WORKER) for _ in range(3)]
    assert len({message.id for message in claims[:2]}) == 2
    assert claims[2] is None


def test_a_message_that_was_not_tried_is_given_back(session, clock):
    """Also after a person has asked for another try meanwhile."""
    unit_of_work(make_message)
    for _ in range(2):
        claim = unit_of_work(operations.claim_due_message, actor=WORKER)
        unit_of_work(operations.give_back_message, claim.id, actor=WORKER)
        assert (only(session).attempts, only(session).due_at) == (0, MORNING)
    claim = unit_of_work(operations.claim_due_message, actor=WORKER)
    unit_of_work(operations.retry_message, claim.id, actor=OFFICER)
    unit_of_work(operations.give_back_message, claim.id, actor=WORKER)
    assert only(session).attempts == 0


@pytest.mark.sqlite
def test_a_worker_that_is_told_to_stop_leaves_the_next_messages_unclaimed(session, clock):
    queue(3)
    mailer = FakeMailer(stops=True)
    assert deliver_due(mailer, actor=WORKER) == Delivered(sent=1)
    waiting = session.scalars(select(MailMessage).where(MailMessage.sent_at.is_(None))).all()
    assert [(each.attempts, each.due_at) for each in waiting] == [(0, MORNING)] * 2


@pytest.mark.sqlite
@pytest.mark.parametrize("ahead", [timedelta(hours=12), timedelta(days=400)])
@pytest.mark.parametrize("was", ["claimed", "refused", "written"])
def test_what_a_clock_that_was_ahead_put_off_is_sent_today(session, clock, was, ahead):
    clock.shift(ahead)
    unit_of_work(make_message)
    if was == "claimed":
        unit_of_work(operations.claim_due_message, actor=WORKER)
    elif was == "refused":
        deliver_due(FakeMailer(refusals=1), actor=WORKER)
    clock.move_to(MORNING)
    assert deliver_due(FakeMailer(), actor=WORKER) == Delivered(sent=1)


@pytest.mark.sqlite
def test_the_longest_pause_is_no_jump_of_the_clock(session, clock):
    unit_of_work(make_message)
    claim = unit_of_work(operations.claim_due_message, actor=WORKER)
    unit_of_work(lambda: setattr(session.get_one(MailMessage, claim.id), "attempts", 20))
    unit_of_work(operations.mark_failed, claim.id, error="no", actor=WORKER)
    assert deliver_due(FakeMailer(), actor=WORKER) == Delivered()


def test_the_claim_of_a_dead_worker_ends(session, clock):
    unit_of_work(make_message)
    unit_of_work(operations.claim_due_message, actor=WORKER)
    assert deliver_due(FakeMailer(), actor=WORKER) == Delivered()
    clock.shift(operations.LEASE)
    assert deliver_due(FakeMailer(), actor=WORKER) == Delivered(sent=1)


@pytest.mark.sqlite
def test_without_a_mail_server_messages_stay_queued(session, clock):
    unit_of_work(make_message)
    assert deliver_due(None, actor=WORKER) == Delivered()
    assert only(session).attempts == 0


def test_a_message_is_rolled_back_with_its_cause(session):
    def fails():
        make_message()
        raise LookupError

    with pytest.raises(LookupError):
        unit_of_work(fails)
    assert session.scalars(select(MailMessage)).all() == []


@pytest.mark.sqlite
def test_line_breaks_cannot_add_headers(session):
    unit_of_work(
        make_message, subject="Hello\r\nBcc: all@example.org", to_address="a@example.org\n"
    )
    message = only(session)
    assert message.subject == "Hello Bcc: all@example.org"
    assert message.to_address == "a@example.org"


@pytest.mark.sqlite
def test_a_mail_server_receives_the_whole_message(session, clock):
    unit_of_work(make_message)
    with mail_server() as server:
        assert deliver_due(smtp(server), actor=WORKER) == Delivered(sent=1)
    mail = email.message_from_bytes(server.taken[0], policy=default)
    assert (mail["From"], mail["To"]) == ("fund@example.org", "donor@example.org")
    assert mail["Subject"] == "ขอบคุณ Thank you"
    assert mail["Message-ID"] == f"<{message_token(only(session).id)}@example.org>"
    assert "ได้รับเงินบริจาคของท่านแล้ว" in mail.get_body(["plain"]).get_content()
    assert "<p>ได้รับเงินบริจาคของท่านแล้ว" in mail.get_body(["html"]).get_content()
    assert mail["List-Unsubscribe"] is None


@pytest.mark.sqlite
def test_mail_programs_are_told_where_messages_are_stopped(session, clock):
    unit_of_work(
        make_message, stop_url="https://example.org/messages/1", body="See\n<b>\n\nhttps://a.b/?c&d"
    )
    with mail_server() as server:
        deliver_due(smtp(server), actor=WORKER)
    mail = email.message_from_bytes(server.taken[0], policy=default)
    assert mail["List-Unsubscribe"] == "<https://example.org/messages/1>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = mail.get_body(["html"]).get_content()
    assert "<p>See<br>&lt;b&gt;</p>" in page
    assert '<a href="https://a.b/?c&amp;d">https://a.b/?c&amp;d</a>' in page


@pytest.mark.sqlite
@pytest.mark.parametrize("answer", ["550 no such person", "450 come again"])
@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_message_that_the_server_refuses_is_tried_again_later(session, clock, command, answer):
    queue(2)
    with mail_server(**{command: answer}) as server:
        assert deliver_due(smtp(server), actor=WORKER) == Delivered(failed=2)
    messages = session.scalars(select(MailMessage)).all()
    assert [message.attempts for message in messages] == [1, 1]
    assert all(answer in message.last_error for message in messages)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("CONNECT", "421 too busy"),
        ("CONNECT", "554 not for you"),
        ("MAIL", "550 you may not send"),
        ("MAIL", "451 too many"),
        ("RCPT", "421 closing"),
        ("DATA", "421 closing"),
    ],
)
def test_a_server_that_takes_nothing_has_tried_no_message(session, clock, command, answer):
    queue(2)
    with mail_server(**{command: answer}) as server:
        delivered = deliver_due(smtp(server), actor=WORKER)
    assert (delivered.sent, delivered.failed) == (0, 0)
    assert answer in delivered.server_error
    assert "donor@" not in delivered.server_error, "it goes into the log"
    for message in session.scalars(select(MailMessage)):
        assert (message.attempts, message.due_at, message.last_error) == (0, MORNING, "")


@pytest.mark.sqlite
def test_a_server_that_is_not_there_has_tried_no_message(session, clock, closed_server):
    queue(2)
    for _ in range(MAX_ATTEMPTS + 1):
        delivered = deliver_due(smtp(closed_server), actor=WORKER)
        assert "ConnectionRefusedError" in delivered.server_error
        assert delivered.failed == 0
    for message in session.scalars(select(MailMessage)):
        assert (message.attempts, message.due_at) == (0, MORNING)
    with mail_server() as server:
        assert deliver_due(smtp(server), actor=WORKER) == Delivered(sent=2)


@pytest.mark.sqlite
def test_encryption_that_cannot_be_agreed_on_has_tried_no_message(session, clock):
    unit_of_work(make_message)
    with mail_server() as server:
        address = replace(smtp(server).server, tls=True)
        mailer = replace(smtp(server), server=address, seconds=5)
        delivered = deliver_due(mailer, actor=WORKER)
    assert delivered.server_error
    assert "ValueError" not in delivered.server_error
    assert only(session).attempts == 0


@pytest.mark.sqlite
def test_a_password_is_not_sent_without_encryption(session, clock):
    unit_of_work(make_message)
    with mail_server() as server:
        address = replace(smtp(server).server, user="fund", password="secret")
        delivered = deliver_due(replace(smtp(server), server=address), actor=WORKER)
    assert "SMTPNotSupportedError" in delivered.server_error
    assert "secret" not in delivered.server_error
    assert only(session).attempts == 0


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("command", "tries"), [("CONNECT", 0), ("EHLO", 0), ("RCPT", 1), ("DATA", 1)]
)
@pytest.mark.parametrize("answer", [NONE, ENDLESS])
def test_a_server_that_hangs_does_not_outlast_the_claim(session, clock, command, tries, answer):
    """Neither one that is silent nor one that answers bit by bit, without an end."""
    queue(2)
    began = time.monotonic()
    with mail_server(**{command: answer}) as server:
        delivered = deliver_due(replace(smtp(server), seconds=0.5), actor=WORKER)
    assert time.monotonic() - began < 10
    assert (delivered.sent, delivered.failed) == (0, tries)
    assert "took too long" in delivered.server_error
    attempts = session.scalars(select(MailMessage.attempts)).all()
    assert sorted(attempts) == [0, tries]
    assert server.taken == []


def test_the_claim_lasts_longer_than_any_delivery():
    assert timedelta(seconds=2 * DEADLINE_SECONDS) < operations.LEASE


@pytest.mark.sqlite
def test_a_server_that_does_not_say_goodbye_has_taken_the_message(session, clock):
    unit_of_work(make_message)
    with mail_server(QUIT=NONE) as server:
        assert deliver_due(smtp(server), actor=WORKER) == Delivered(sent=1)
    assert only(session).state is MailState.SENT


@pytest.mark.parametrize(
    ("demo", "url", "kind"),
    [
        (True, "", OutboxMailer),
        (False, "", type(None)),
        (False, "smtps://u:p%40ss@mail.example.org", SmtpMailer),
    ],
)
def test_the_settings_choose_the_mailer(demo, url, kind):
    config = {"DEMO": demo, "SMTP_URL": url, "PUBLIC_URL": "https://fund.example.org"}
    mailer = mailer_of(config)
    assert isinstance(mailer, kind)
    if isinstance(mailer, SmtpMailer):
        server = mailer.server
        assert (server.port, server.tls, server.password) == (465, True, "p@ss")
        assert "p@ss" not in repr(mailer)
        assert mailer.sender == "no-reply@fund.example.org"


@pytest.mark.parametrize("url", ["mail.example.org", "ftp://x", "smtp://"])
def test_an_unreadable_address_of_a_mail_server_is_refused(url):
    with pytest.raises(MailerError):
        SmtpMailer.from_url(url, default_host="example.org")
