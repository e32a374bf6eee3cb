"""Reads of the outbox."""

from sqlalchemy import ColumnElement, and_, case, select

from fundapp import clock
from fundapp.db import count_rows, db
from fundapp.errors import NotFoundError
from fundapp.ids import LARGEST_ID
from fundapp.mail.models import LATE_AFTER, MAX_ATTEMPTS, MailMessage, MailState


def count_messages(state: MailState) -> int:
    """How many messages are in a state."""
    return count_rows(select(MailMessage.id).where(_is_in(state)))


def list_messages(
    *, state: MailState | None = None, after: int | None = None, limit: int = 50
) -> list[MailMessage]:
    """Messages, newest first, older than the one with the id ``after``."""
    statement = select(MailMessage).order_by(MailMessage.id.desc()).limit(limit)
    if state is not None:
        statement = statement.where(_is_in(state))
    if after is not None:
        statement = statement.where(MailMessage.id < after)
    return list(db.session.scalars(statement))


def get_message(message_id: int) -> MailMessage:
    """The message with this id. Raises NotFoundError."""
    message = db.session.get(MailMessage, message_id) if message_id <= LARGEST_ID else None
    if message is None:
        raise NotFoundError
    return message


def _is_in(state: MailState) -> ColumnElement[bool]:
    """`MailMessage.state` as a condition."""
    is_sent = MailMessage.sent_at.is_not(None)
    if state is MailState.SENT:
        return is_sent
    state_of_unsent = case(
        (MailMessage.attempts >= MAX_ATTEMPTS, MailState.GIVEN_UP.value),
        (MailMessage.queued_at <= clock.now() - LATE_AFTER, MailState.LATE.value),
        (MailMessage.last_error != "", MailState.FAILING.value),
        else_=MailState.WAITING.value,
    )
    return and_(~is_sent, state_of_unsent == state.value)
