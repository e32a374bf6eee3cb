"""Sending: at once, again after a refusal, not for ever; with a real SMTP server."""

import email
from datetime import timedelta
from email.policy import default

import pytest
from sqlalchemy import select

from fundapp.db import unit_of_work
from fundapp.mail import operations, queries
from fundapp.mail.batches import Delivered, deliver_due
from fundapp.mail.mailers import MailerError, OutboxMailer, SmtpMailer, mailer_of
from fundapp.mail.models import MAX_ATTEMPTS, MailMessage, MailState
from tests.factories.actors import OFFICER, WORKER
from tests.factories.mail import make_message
from tests.fakes.mail import FakeMailer, mail_server


def only(session):
    session.expire_all()
    return session.scalars(select(MailMessage)).one()


def test_a_message_is_sent_once(session, clock):
    unit_of_work(make_message)
    mailer = FakeMailer()
    assert deliver_due(mailer, actor=WORKER) == Delivered(sent=1)
    assert deliver_due(mailer, actor=WORKER) == Delivered()
    assert [message.to_address for message in mailer.taken] == ["donor@example.org"]
    assert only(session).state is MailState.SENT


def test_more_than_one_batch_is_sent(session, clock):
    unit_of_work(lambda: [make_message(about_ref=str(number)) for number in range(45)])
    assert deliver_due(FakeMailer(), actor=WORKER) == Delivered(sent=45)


def test_a_refused_message_is_tried_again_after_longer_and_longer_delays(session, clock):
    unit_of_work(make_message)
    mailer = FakeMailer(refusals=3)
    assert deliver_due(mailer, actor=WORKER) == Delivered(failed=1)
    message = only(session)
    assert (message.attempts, message.sent_at) == (1, None)
    assert message.last_error == "SMTPServerDisconnected: the line is dead"
    assert queries.count_messages(MailState.FAILING) == 1
    for minutes in (1, 2):
        assert deliver_due(mailer, actor=WORKER) == Delivered()
        clock.shift(timedelta(minutes=minutes))
        assert deliver_due(mailer, actor=WORKER) == Delivered(failed=1)
    clock.shift(timedelta(minutes=4))
    assert deliver_due(mailer, actor=WORKER) == Delivered(sent=1)
    assert only(session).last_error == ""
    assert queries.count_messages(MailState.FAILING) == 0


def test_the_worker_gives_up_and_a_person_may_try_again(session, clock):
    unit_of_work(make_message)
    mailer = FakeMailer(refusals=100)
    for _ in range(MAX_ATTEMPTS + 3):
        deliver_due(mailer, actor=WORKER)
        clock.shift(timedelta(hours=3))
    message = only(session)
    assert message.attempts == MAX_ATTEMPTS
    assert message.is_given_up
    unit_of_work(operations.retry_message, message.id, actor=OFFICER)
    assert deliver_due(FakeMailer(), actor=WORKER) == Delivered(sent=1)


def test_a_message_is_claimed_by_one_worker_only(session, clock):
    unit_of_work(lambda: [make_message(about_ref=str(number)) for number in range(3)])
    first = unit_of_work(operations.claim_due_messages, 2, actor=WORKER)
    second = unit_of_work(operations.claim_due_messages, 2, actor=WORKER)
    assert (len(first), len(second)) == (2, 1)
    assert not {message.id for message in first} & {message.id for message in second}


def test_the_claim_of_a_dead_worker_ends(session, clock):
    unit_of_work(make_message)
    unit_of_work(operations.claim_due_messages, actor=WORKER)
    assert deliver_due(FakeMailer(), actor=WORKER) == Delivered()
    clock.shift(operations.LEASE)
    assert deliver_due(FakeMailer(), actor=WORKER) == Delivered(sent=1)


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


def test_line_breaks_cannot_add_headers(session):
    unit_of_work(
        make_message, subject="Hello\r\nBcc: all@example.org", to_address="a@example.org\n"
    )
    message = only(session)
    assert message.subject == "Hello Bcc: all@example.org"
    assert message.to_address == "a@example.org"


def test_a_mail_server_receives_the_whole_message(session, clock):
    unit_of_work(make_message)
    with mail_server() as server:
        port = server.server_address[1]
        mailer = SmtpMailer.from_url(
            f"smtp://127.0.0.1:{port}/?from=fund@example.org", default_host="example.org"
        )
        assert deliver_due(mailer, actor=WORKER) == Delivered(sent=1)
    mail = email.message_from_bytes(server.taken[0], policy=default)
    assert (mail["From"], mail["To"]) == ("fund@example.org", "donor@example.org")
    assert mail["Subject"] == "ขอบคุณ Thank you"
    assert mail["Message-ID"] == f"<{only(session).id}@example.org>"
    assert "ได้รับเงินบริจาคของท่านแล้ว" in mail.get_content()


def test_a_server_that_refuses_is_tried_again_later(session, clock):
    unit_of_work(make_message)
    with mail_server(refuses=True) as server:
        mailer = SmtpMailer("127.0.0.1", server.server_address[1], "fund@example.org")
        assert deliver_due(mailer, actor=WORKER) == Delivered(failed=1)
    assert "no such person" in only(session).last_error


def test_a_server_that_does_not_answer(session, clock):
    unit_of_work(make_message)
    with mail_server() as server:
        port = server.server_address[1]
    assert deliver_due(
        SmtpMailer("127.0.0.1", port, "fund@example.org"), actor=WORKER
    ) == Delivered(failed=1)
    assert "ConnectionRefusedError" in only(session).last_error


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
        assert (mailer.port, mailer.tls, mailer.password) == (465, True, "p@ss")
        assert mailer.sender == "no-reply@fund.example.org"


@pytest.mark.parametrize("url", ["mail.example.org", "ftp://x", "smtp://"])
def test_an_unreadable_address_of_a_mail_server_is_refused(url):
    with pytest.raises(MailerError):
        SmtpMailer.from_url(url, default_host="example.org")
