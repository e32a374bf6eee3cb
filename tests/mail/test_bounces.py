"""What comes back is noted by the token of our own message alone, once, without its words."""

import mailbox
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.mail import operations
from fundapp.mail.batches import deliver_due
from fundapp.mail.bounces import MOST_READ, Bounce, read_bounce
from fundapp.mail.encryption import message_of_token, message_token
from fundapp.mail.mailers import SmtpMailer
from fundapp.mail.models import FailingAddress, MailMessage, MailState, MessageKind
from fundapp.worker.rounds import Rounds
from tests.factories.actors import COMMAND_LINE, OFFICER, VISITOR, WORKER
from tests.factories.mail import make_message, message_draft
from tests.fakes.imap import imap_server
from tests.fakes.mail import FakeMailer, mail_server

REPORT = """\
From: MAILER-DAEMON@mx.example.net
To: fund@example.org
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

Your secret pledge https://fund.example.org/pledges/abc could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; somebody-else@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user, says the secret server

--b1
Content-Type: {kind}

Message-ID: <{token}@example.org>
Subject: hello

--b1--
"""


def report(token, action="failed", status="5.1.1", kind="text/rfc822-headers"):
    return REPORT.format(token=token, action=action, status=status, kind=kind).encode()


@pytest.fixture
def sent(session, clock):
    """The message that was sent."""
    unit_of_work(make_message)
    deliver_due(FakeMailer(), actor=WORKER)
    return session.scalars(select(MailMessage)).one()


def failing():
    db.session.rollback()
    return db.session.scalars(select(FailingAddress)).all()


def read(runner, path):
    result = runner.invoke(args=["mail", "read-bounces", str(path)])
    assert result.exit_code == 0, result.output
    return result.output.strip()


@pytest.mark.one_case
@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_marks_the_message_and_its_own_address(sent, runner, tmp_path, kind, session):
    path = tmp_path / "one"
    path.write_bytes(report(message_token(sent.id), kind=kind))
    assert read(runner, path) == "read 1, came back 1"
    assert read(runner, path) == "read 1, came back 0"
    session.expire_all()
    assert (sent.state, sent.last_error) == (MailState.CAME_BACK, "5.1.1")
    [known] = failing()
    assert (known.address, known.status) == ("donor@example.org", "5.1.1")
    stored = " ".join(str(value) for row in (sent, known) for value in vars(row).values() if value)
    assert "secret" not in stored


@pytest.mark.sqlite
def test_an_mbox_a_maildir_and_standard_input_are_read(sent, runner, tmp_path, clock):
    raw = report(message_token(sent.id))
    mbox = mailbox.mbox(tmp_path / "box")
    for content in (b"Subject: hello\n\nFrom here on\nall is well\n", raw, b"\n"):
        mbox.add(mailbox.mboxMessage(content))
    mbox.close()
    assert read(runner, tmp_path / "box") == "read 3, came back 1"
    maildir = mailbox.Maildir(tmp_path / "dir")
    for content in (raw, b"Subject: hello\n\n"):
        maildir.add(content)
    assert read(runner, tmp_path / "dir") == "read 2, came back 0"
    result = runner.invoke(args=["mail", "read-bounces"], input=raw)
    assert result.output.strip() == "read 1, came back 0"
    for wrong in (tmp_path / "nothing", tmp_path):
        result = runner.invoke(args=["mail", "read-bounces", str(wrong)])
        assert result.exit_code == 1
        assert "cannot be read" in result.output


@pytest.mark.sqlite
def test_what_is_no_failure_of_a_message_of_ours_changes_nothing(sent):
    token = message_token(sent.id)
    forged = f"{sent.id}.{'0' * 20}"
    for raw in (
        report(token, action="delayed", status="4.4.1"),
        report(token, action="delivered", status="2.0.0"),
        b"Subject: Out of office\n\nI am away\n",
        report("5"),
    ):
        assert read_bounce(raw) is None
    for bounce in (read_bounce(report(forged)), Bounce("x", "5.1.1"), Bounce("9" * 40, "5.1.1")):
        assert unit_of_work(operations.note_bounce, bounce, actor=COMMAND_LINE) is False
    assert message_of_token(f"{sent.id}.ก") is None
    assert failing() == []


def test_hostile_reports_are_bounded():
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5_000)
    )
    nested = b"Content-Type: message/rfc822\n\n" * 20_000
    endless = report("1." + "a" * 20) + b"x" * (20 * MOST_READ)
    for raw in (deep, nested, endless, b"\xff" * 100_000, b"Content-Type: " + b"a" * 10**6):
        read_bounce(raw)
    assert read_bounce(endless) == Bounce("1." + "a" * 20, "5.1.1")
    folded = report("1." + "b" * 20).replace(b"Status: 5.1.1", b"Status:" + b"\n " * 50_000)
    assert read_bounce(folded) is None


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("550 5.1.1 no such user", "5.1.1"),
        ("550 no such user", "550"),
        ("552 5.2.2 mailbox full", None),
        ("550 5.7.1 we take no mail from you", None),
        ("450 4.2.1 try later", None),
    ],
)
def test_a_server_that_refuses_the_address_marks_it(session, clock, answer, status):
    unit_of_work(make_message)
    with mail_server(RCPT=answer) as server:
        mailer = SmtpMailer.from_url(server.url, default_host="example.org")
        assert deliver_due(mailer, actor=WORKER).failed == 1
    assert [row.status for row in failing()] == ([status] if status else [])


@pytest.mark.sqlite
def test_the_address_for_reports_is_the_messages_own(session, clock):
    unit_of_work(make_message)
    with mail_server() as server:
        url = f"{server.url}&bounces=back@example.org"
        deliver_due(SmtpMailer.from_url(url, default_host="example.org"), actor=WORKER)
        token = message_token(session.scalars(select(MailMessage.id)).one())
        assert f"back+{token}@example.org" in server.senders[0]
    raw = report("nothing").replace(b"To: fund@", f"To: back+{token}@".encode())
    assert read_bounce(raw) == Bounce(token, "5.1.1")


def test_reminders_stop_for_a_failing_address_and_receipts_do_not(sent, clock, session):
    bounce = Bounce(message_token(sent.id), "5.1.1")
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.note_bounce, bounce, actor=VISITOR)
    assert unit_of_work(operations.note_bounce, bounce, actor=COMMAND_LINE)

    def queue(kind):
        return unit_of_work(operations.queue_message, message_draft(kind=kind), actor=OFFICER)

    stopped = [kind for kind in MessageKind if not queue(kind)]
    assert stopped == [MessageKind.REMINDER, MessageKind.CHARGE_FAILED, MessageKind.YEAR]
    unit_of_work(operations.clear_address, "Donor@example.org", actor=OFFICER)
    clock.shift(timedelta(days=1))
    assert all(queue(kind) for kind in MessageKind)
    with pytest.raises(DBAPIError):
        unit_of_work(
            lambda: db.session.execute(text("UPDATE failing_addresses SET status = '250'"))
        )
    with pytest.raises(DBAPIError):
        unit_of_work(
            lambda: db.session.execute(text("UPDATE mail_messages SET came_back_at = NULL"))
        )


@pytest.mark.sqlite
def test_the_worker_fetches_reports_from_a_mailbox_over_imap(app, sent, caplog):
    token = message_token(sent.id)
    huge = b"Subject: no report\r\n\r\n" + b"x" * (2 * MOST_READ)
    with imap_server(report(token), huge, b"") as server:
        app.config["BOUNCES_URL"] = server.url
        rounds = Rounds()
        rounds.work_once()
        assert [each.status for each in failing()] == ["5.1.1"]
        assert server.seen == {1, 2, 3}
        asked = len(server.asked)
        rounds.work_once()  # not before ten minutes have passed
        assert len(server.asked) == asked
        app.config["BOUNCES_URL"] = server.url.replace("pa%20ss", "pa%20sS")
        Rounds().work_once()
    assert "the mailbox of reports cannot be read" in caplog.text
    assert "pa sS" not in caplog.text
    caplog.clear()
    Rounds().work_once()  # and nobody answers
    assert "the mailbox of reports cannot be read" in caplog.text
