"""Reading the outbox."""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, select

from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.mail.models import MailMessage
from fundapp.mail.operations import MAX_ATTEMPTS

_LARGEST_ID = 2**63 - 1


class MailState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    FAILING = "failing"
    SENT = "sent"


def state_of(message: MailMessage) -> MailState:
    """Whether the message was sent, waits for its first try, or was refused at least once."""
    if message.sent_at is not None:
        return MailState.SENT
    return MailState.FAILING if message.last_error else MailState.WAITING


def is_given_up(message: MailMessage) -> bool:
    """Whether the worker tries no more."""
    return message.sent_at is None and message.attempts >= MAX_ATTEMPTS


def count_messages(state: MailState) -> int:
    """How many messages stand so."""
    return db.session.scalar(select(func.count(MailMessage.id)).where(_in(state))) or 0


def list_messages(
    *, state: MailState | None = None, after: int | None = None, limit: int = 50
) -> list[MailMessage]:
    """Messages, newest first, older than the one with the id ``after``."""
    statement = select(MailMessage).order_by(MailMessage.id.desc()).limit(limit)
    if state is not None:
        statement = statement.where(_in(state))
    if after is not None:
        statement = statement.where(MailMessage.id < after)
    return list(db.session.scalars(statement))


def list_messages_to(
    recipient_type: str, recipient_ref: str, limit: int = 100
) -> list[MailMessage]:
    """What was written to one recipient, newest first."""
    statement = (
        select(MailMessage)
        .where(
            MailMessage.recipient_type == recipient_type,
            MailMessage.recipient_ref == recipient_ref,
        )
        .order_by(MailMessage.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def get_message(message_id: int) -> MailMessage:
    """The message with this id. Raises NotFoundError."""
    message = db.session.get(MailMessage, message_id) if message_id <= _LARGEST_ID else None
    if message is None:
        raise NotFoundError
    return message


def _in(state: MailState) -> ColumnElement[bool]:
    sent = MailMessage.sent_at.is_not(None)
    if state is MailState.SENT:
        return sent
    failing = MailMessage.last_error != ""
    return and_(~sent, failing if state is MailState.FAILING else ~failing)
