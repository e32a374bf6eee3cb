"""LINE for tests: on the loopback, telling the application through its own webhook."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import COMMAND_LINE, LINE, VISITOR, WORKER
from fundapp.db import db, unit_of_work
from fundapp.giving.channels.codes import code_of
from fundapp.giving.channels.operations import begin_link, handle_event, store_event
from fundapp.giving.models import Donor
from fundapp.mail import operations
from fundapp.mail.batches import deliver_due
from fundapp.mail.bounces import Bounce
from fundapp.mail.encryption import message_token
from fundapp.mail.line import LineEvent, LineEventKind
from fundapp.mail.mailers import OutboxMailer
from fundapp.mail.models import MailMessage
from tests.fakes.line import FakeLine


@contextmanager
def line(app: Flask, client: FlaskClient) -> Iterator[FakeLine]:
    """An account at LINE that the application is set up for. The client reads English from then
    on.
    """
    client.set_cookie("lang", "en")
    with FakeLine() as fake:
        app.config.update(
            LINE_CHANNEL_TOKEN=fake.token,
            LINE_CHANNEL_SECRET=fake.secret,
            LINE_API_BASE=fake.url,
            LINE_BASIC_ID="@fund",
        )
        fake.now = lambda: clock.now().timestamp()
        fake.tell = lambda body, signature: send(client, body, signature)
        yield fake


def link_line(donor: Donor, name: str = "somebody") -> None:
    """Link somebody's account at LINE with a donor, by a code."""
    user, now = _user(name), clock.now()
    code = unit_of_work(begin_link, donor.public_id, actor=VISITOR)
    event = LineEvent(f"E{code.id}", LineEventKind.TEXT, user, now, code_of(code.id))
    unit_of_work(store_event, event, actor=LINE)
    unit_of_work(handle_event, event.event_id, actor=LINE)


def _user(name: str) -> str:
    return "U" + hashlib.sha256(name.encode()).hexdigest()[:32]


def block_line(name: str = "somebody") -> None:
    """Somebody blocks the fund at LINE."""
    unit_of_work(operations.note_blocked, _user(name), at=clock.now(), actor=LINE)


def bounce_mail(address: str) -> None:
    """Send what waits, and let the newest message to an address come back."""
    deliver_due(OutboxMailer(), actor=WORKER)
    newest = select(MailMessage.id).where(MailMessage.to_address == address)
    message_id = db.session.scalars(newest.order_by(MailMessage.id.desc())).first()
    bounce = Bounce(message_token(message_id or 0), "5.1.1")
    unit_of_work(operations.note_bounce, bounce, actor=COMMAND_LINE)


def send(client: FlaskClient, body: bytes, signature: str) -> int:
    """What LINE tells, as it arrives; the answer's status."""
    headers = {"X-Line-Signature": signature}
    answer = client.post("/webhooks/line", data=body, headers=headers)
    return answer.status_code
