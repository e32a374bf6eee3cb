"""Messages for tests."""

from sqlalchemy import select

from fundapp.db import db
from fundapp.mail.drafts import MessageDraft
from fundapp.mail.models import MailMessage
from fundapp.mail.operations import queue_message
from tests.factories.actors import OFFICER


def message_draft(**overrides: str) -> MessageDraft:
    """The draft of a message to a donor."""
    values = {
        "recipient_type": "donor",
        "recipient_ref": "d-1",
        "about_type": "payment",
        "about_ref": "p-1",
        "to_address": "donor@example.org",
        "subject": "ขอบคุณ Thank you",
        "body": "ได้รับเงินบริจาคของท่านแล้ว\nWe received your gift.\n",
        "locale": "th",
        **overrides,
    }
    return MessageDraft(**values)


def make_message(**overrides: str) -> MailMessage:
    """A queued message; call it inside a unit of work."""
    queue_message(message_draft(**overrides), actor=OFFICER)
    newest = select(MailMessage).order_by(MailMessage.id.desc()).limit(1)
    return db.session.scalars(newest).one()
