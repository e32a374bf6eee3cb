"""A donor links LINE by a code, gets messages there, blocks it, and goes back to e-mail."""

import base64
import hashlib
import hmac
import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp import clock as clocks
from fundapp.access.actors import LINE
from fundapp.db import db, unit_of_work
from fundapp.giving.channels.codes import code_of
from fundapp.giving.channels.operations import begin_link
from fundapp.giving.models import LineCode, RefundRefusal, RefundWay, StoredLineEvent
from fundapp.giving.operations import ask_for_refund, refuse_refund_request
from fundapp.giving.reminders.stop_codes import stop_code
from fundapp.mail import operations
from fundapp.mail.batches import Delivered, deliver_due
from fundapp.mail.conversations import MailServerError
from fundapp.mail.line import line_mailer_of, texts_of
from fundapp.mail.mailers import OutboxMailer
from fundapp.mail.models import Channel, LineAccount, MailMessage, MailState, MessageKind
from tests.factories.actors import OFFICER, VISITOR, WORKER
from tests.factories.giving import make_payment, make_pledge
from tests.factories.line import line, link_line, send
from tests.factories.mail import message_draft
from tests.raw_sql import not_refused

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


@pytest.fixture
def fake(app, client):
    """LINE."""
    with line(app, client) as server:
        yield server


@pytest.fixture
def pledge(funds, clock):
    """1,000 baht in three months by a donor with a mailbox."""
    return make_pledge(starts_on=clocks.today() + timedelta(days=10))


def page_of(pledge):
    return f"/messages/{stop_code(pledge.donor)}"


def code_on(client, page):
    assert client.post(f"{page}/line").status_code == 303
    return CODE.search(client.get(page).text)[0]


def link(client, fake, pledge):
    """Link somebody's account at LINE with the donor of a pledge; who that is."""
    user = fake.join()
    assert fake.write(user, code_on(client, page_of(pledge)).lower()) == 200
    return user


def messages(**filters):
    db.session.rollback()
    statement = select(MailMessage).filter_by(**filters).order_by(MailMessage.id)
    return db.session.scalars(statement).all()


def push(app):
    return deliver_due(line_mailer_of(app.config), channel=Channel.LINE, actor=WORKER)


def account(pledge):
    db.session.rollback()
    found = {"recipient_ref": pledge.donor.public_id, "ended_at": None}
    return db.session.scalars(select(LineAccount).filter_by(**found)).one_or_none()


def test_a_code_links_once_and_both_ways_are_told(app, client, fake, pledge, clock):
    page = page_of(pledge)
    assert "By e-mail." in client.get(page).text
    code = code_on(client, page)
    assert code_on(client, page) == code
    assert f"{fake.url}/R/oaMessage/%40fund/?{code}" in client.get(page).text
    user, other = fake.join("Somchai"), fake.join("Mallory")
    assert fake.write(user, f" {code.replace('-', '').lower()} ") == 200
    assert fake.write(other, code) == 200
    linked = account(pledge)
    assert user.encode() not in linked.user_encrypted
    assert "By LINE, since" in client.get(page).text
    told = messages(kind=MessageKind.CHANNEL)
    assert [(each.channel, each.to_address) for each in told] == [
        (Channel.LINE, "LINE"),
        (Channel.EMAIL, pledge.donor.email),
    ]
    assert push(app) == Delivered(sent=1)
    [said] = fake.people[user]["got"]
    assert said.startswith(told[0].subject)
    assert page in said
    assert fake.people[other]["got"] == []


@pytest.mark.sqlite
def test_a_receipt_and_a_reminder_go_to_line_once_whatever_happens_to_answers(
    app, client, fake, pledge, clock
):
    user = link(client, fake, pledge)
    push(app)
    fake.people[user]["got"].clear()
    make_payment(33_334, pledge.instalments[0])
    fake.lost = 1
    delivered = push(app)
    assert (delivered.sent, delivered.failed) == (0, 1)
    assert "LINE" in delivered.server_error
    clock.shift(timedelta(minutes=2))
    assert push(app) == Delivered(sent=1)
    [said] = fake.people[user]["got"]
    [thanks] = messages(kind=MessageKind.RECEIPT)
    assert (thanks.state, thanks.channel, thanks.attempts) == (MailState.SENT, Channel.LINE, 2)
    assert "/receipts/" in said
    assert len({call for call in fake.calls if "/receipts/" in call}) == 1


@pytest.mark.sqlite
def test_a_giver_without_a_mailbox_hears_at_line_that_a_refund_was_asked_for(client, fake, funds):
    """So that nobody who found the link of the receipt asks unseen."""
    pledge = make_pledge(email=None)
    payment = make_payment(33_334, pledge.instalments[0])
    link_line(pledge.donor)
    ask = unit_of_work(ask_for_refund, payment.public_id, 100, RefundWay.CASH, actor=VISITOR)
    refuse = {"reason": RefundRefusal.USED, "actor": OFFICER}
    unit_of_work(refuse_refund_request, ask.public_id, **refuse)
    assert len(messages(kind=MessageKind.REFUND)) == 2


@pytest.mark.sqlite
@pytest.mark.parametrize(("status", "counts"), [(429, 0), (401, 0), (500, 1)])
def test_when_line_is_busy_or_away_the_message_waits(app, client, fake, pledge, status, counts):
    user = link(client, fake, pledge)
    fake.answers = [status]
    delivered = push(app)
    assert (delivered.failed, str(status) in delivered.server_error) == (counts, True)
    [waiting] = messages(channel=Channel.LINE)
    assert (waiting.sent_at, waiting.attempts) == (None, counts)
    assert user not in waiting.last_error


@pytest.mark.sqlite
def test_a_server_that_is_not_there_is_no_try(app, client, fake, pledge):
    link(client, fake, pledge)
    app.config["LINE_API_BASE"] = "http://127.0.0.1:9"
    assert push(app).failed == 0
    assert messages(channel=Channel.LINE)[0].attempts == 0


@pytest.mark.sqlite
def test_whoever_blocks_the_fund_gets_mail_until_following_again(
    app, client, fake, pledge, clock, officer
):
    user = link(client, fake, pledge)
    push(app)
    # LINE knows before it tells: what waits goes by e-mail, and the way is marked as failing.
    fake.people[user]["follows"] = False
    make_payment(33_334, pledge.instalments[0])
    assert push(app) == Delivered(failed=1)
    [thanks] = messages(kind=MessageKind.RECEIPT)
    assert (thanks.channel, thanks.to_address) == (Channel.EMAIL, pledge.donor.email)
    assert (thanks.attempts, thanks.last_error) == (0, "")
    assert "You have blocked the fund" in client.get(page_of(pledge)).text
    assert "Donors whom messages do not reach" in officer.get("/today").text
    assert "Blocked since" in officer.get("/donors/unreached").text
    clock.shift(timedelta(hours=1))
    fake.follow(user)
    assert account(pledge).blocked_at is None
    # What was told late changes nothing.
    late = fake.events[-1] | {"type": "unfollow", "webhookEventId": "LATE", "timestamp": 1}
    assert send(client, *fake.signed([late])) == 200
    assert account(pledge).blocked_at is None
    clock.shift(timedelta(hours=1))
    fake.block(user)
    assert account(pledge).blocked_at is not None


@pytest.mark.sqlite
def test_without_mail_a_blocked_message_is_given_up_in_sight(app, client, fake, funds, clock):
    pledge = make_pledge(email=None, starts_on=clocks.today() + timedelta(days=3))
    page = page_of(pledge)
    assert page in client.get(f"/pledges/{pledge.token}").text
    user = link(client, fake, pledge)
    push(app)
    fake.block(user)
    make_payment(33_334, pledge.instalments[0])
    assert push(app) == Delivered(failed=1)
    [thanks] = messages(kind=MessageKind.RECEIPT)
    assert thanks.state is MailState.GIVEN_UP
    # A reminder is not even written.
    clock.shift(timedelta(days=28))
    draft = message_draft(
        recipient_ref=pledge.donor.public_id, to_address="", kind=MessageKind.REMINDER
    )
    assert unit_of_work(operations.queue_message, draft, actor=OFFICER) is False


@pytest.mark.sqlite
def test_a_gift_with_somebodys_address_opens_nothing_of_theirs(client, fake, pledge, clock):
    again = make_pledge(name="Aminah Sani", email=pledge.donor.email)
    assert again.donor_id == pledge.donor_id
    shown = client.get(f"/pledges/{again.token}").text
    assert "/messages/" not in shown
    assert "Thank-yous and reminders in your mailbox" in shown
    assert client.post(f"/messages/{again.token}/line").status_code == 404
    assert messages(kind=MessageKind.CHANNEL) == []


@pytest.mark.sqlite
def test_a_code_ends_and_a_stranger_cannot_guess(app, client, fake, pledge, clock):
    app.config["RATELIMIT_ENABLED"] = True
    code = code_on(client, page_of(pledge))
    user = fake.join()
    clock.shift(timedelta(minutes=16))
    fake.write(user, code)
    assert account(pledge) is None
    for number in range(12):
        fake.write(user, f"AAAA-AAA{number % 8 + 2}")
    stored = db.session.scalars(select(StoredLineEvent.kind)).all()
    assert stored.count("text") == 10
    # Words that are no code are not kept at all.
    fake.write(fake.join("Chatty"), "My name is Somchai and my child is ill")
    assert db.session.scalars(select(StoredLineEvent.kind)).all().count("text") == 10


def test_what_line_tells_is_believed_by_its_signature_and_done_once(client, fake, pledge, clock):
    user = fake.join()
    told = []
    fake.tell = lambda body, signature: told.append((body, signature))
    fake.write(user, code_on(client, page_of(pledge)))
    body, signature = told[-1]
    for wrong in ("", "x" * 44, signature[:-2] + "A=", "ก"):
        assert (
            client.post(
                "/webhooks/line", data=body, headers={"X-Line-Signature": wrong.encode("utf-8")}
            ).status_code
            == 400
        )
    assert send(client, body + b" ", signature) == 400
    assert account(pledge) is None
    for _time in range(3):
        assert send(client, body, signature) == 200
    linked = account(pledge)
    # Unlinked, the same event told once more links nothing.
    assert client.post(f"{page_of(pledge)}/line/end").status_code == 303
    send(client, body, signature)
    assert account(pledge) is None
    assert linked.id is not None


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b'{"events": 5}', b"[" * 100_000, b'{"events": [{}, 5, null]}',
        b'{"events": [{"type": "follow", "source": {"type": "user", "userId": 7}}]}',
        b'{"events": [{"type": "message", "message": {"type": "text", "text": 5}}]}',
        b'{"events": [{"type": "follow", "webhookEventId": "1", "timestamp": 1e400,'
        b' "source": {"type": "user", "userId": "U00000000000000000000000000000000"}}]}',
        "\udcff".encode("utf-8", "surrogatepass"),
    ],
)  # fmt: skip
def test_hostile_bodies_change_nothing(client, fake, funds, body):
    signature = base64.b64encode(hmac.digest(fake.secret.encode(), body, hashlib.sha256)).decode()
    assert send(client, body, signature) in {200, 400}
    assert db.session.scalars(select(StoredLineEvent)).all() == []


@pytest.mark.sqlite
def test_the_donor_chooses_and_unlinks(app, client, fake, pledge, clock):
    user, page = link(client, fake, pledge), page_of(pledge)
    push(app)
    make_payment(33_334, pledge.instalments[0])
    assert client.post(f"{page}/channel", data={"channel": "email"}).status_code == 303
    assert "By e-mail. LINE is connected, too." in client.get(page).text
    make_payment(33_333, pledge.instalments[1])
    channels = [each.channel for each in messages(kind=MessageKind.RECEIPT)]
    assert channels == [Channel.LINE, Channel.EMAIL]
    # What waits for LINE goes by e-mail once it is unlinked.
    client.post(f"{page}/line/end")
    assert push(app) == Delivered()
    channels = [each.channel for each in messages(kind=MessageKind.RECEIPT)]
    assert channels == [Channel.EMAIL, Channel.EMAIL]
    assert len(fake.people[user]["got"]) == 1
    # Linked with another account, the first is out.
    link(client, fake, pledge)
    code = unit_of_work(begin_link, pledge.donor.public_id, actor=VISITOR)
    fake.write(fake.join("Another phone"), code_of(code.id))
    ended = db.session.scalars(select(LineAccount.ended_at)).all()
    assert (len(ended), ended.count(None)) == (3, 1)


@pytest.mark.sqlite
def test_what_may_have_been_taken_long_ago_is_not_sent_again(app, client, fake, pledge, clock):
    link(client, fake, pledge)
    unit_of_work(operations.claim_due_message, channel=Channel.LINE, actor=WORKER)
    clock.shift(timedelta(days=2))
    assert push(app) == Delivered()
    [told] = messages(channel=Channel.LINE)
    assert (told.state, told.attempts) == (MailState.GIVEN_UP, 25)
    # A person may decide so.
    unit_of_work(operations.retry_message, told.id, actor=OFFICER)
    assert push(app) == Delivered(sent=1)


@pytest.mark.sqlite
def test_a_long_message_is_cut_between_paragraphs(app, session):
    draft = message_draft(body="\n\n".join(["ก" * 900] * 12))
    unit_of_work(operations.queue_message, draft, actor=OFFICER)
    message = unit_of_work(operations.claim_due_message, actor=WORKER)
    texts = texts_of(message)
    assert len(texts) == 5
    assert max(map(len, texts)) <= 2_500
    assert texts[0].startswith(draft.subject)


@pytest.mark.sqlite
def test_the_worker_is_told_to_stop(app, fake, session):
    stop = threading.Event()
    stop.set()
    with pytest.raises(MailServerError):
        line_mailer_of(app.config).send(None, stop)
    app.config["LINE_CHANNEL_TOKEN"] = ""
    assert isinstance(line_mailer_of(app.config), OutboxMailer)


#: What raw SQL may not do to codes, events, accounts and messages.
KEPT = [
    "UPDATE line_codes SET used_at = NULL",
    "UPDATE line_codes SET expires_at = made_at",
    "UPDATE line_events SET handled_at = NULL",
    "UPDATE line_events SET event_id = 'other'",
    "UPDATE line_accounts SET recipient_ref = 'another'",
    "UPDATE line_accounts SET user_encrypted = :clear",
    "UPDATE mail_messages SET channel = 'email' WHERE channel = 'line'",
    "UPDATE mail_messages SET sent_at = NULL WHERE channel = 'line'",
    "UPDATE mail_messages SET kind = 'nonsense' WHERE channel = 'line'",
]


def test_the_database_keeps_it(app, client, fake, pledge):
    link(client, fake, pledge)
    push(app)
    assert not_refused(KEPT, clear=b"U123") == []


def test_a_file_has_one_account_and_a_code_one_row(client, fake, pledge, clock):
    link(client, fake, pledge)
    code = db.session.scalars(select(LineCode)).one()
    with pytest.raises(DBAPIError):
        unit_of_work(
            lambda: db.session.execute(
                text(
                    "INSERT INTO line_accounts SELECT id + 1, recipient_type, recipient_ref,"
                    " user_encrypted, user_lookup, is_preferred, linked_at, blocked_at, told_at,"
                    " ended_at FROM line_accounts"
                )
            )
        )
    assert code.used_at is not None
    unit_of_work(operations.note_blocked, "U" + 32 * "0", at=clocks.now(), actor=LINE)
    assert account(pledge).blocked_at is None
