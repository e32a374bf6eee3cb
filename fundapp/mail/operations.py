"""Queueing messages, and what the worker notes of their delivery.

Queueing, claiming and noting an outcome write no event: the row of the message records them.
"""

from datetime import timedelta

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.mail.drafts import MessageDraft, OutgoingMessage
from fundapp.mail.locking import lock_message
from fundapp.mail.models import MAX_ATTEMPTS, MailMessage
from fundapp.mail.policy import may_queue, may_retry, may_send, retry_delay
from fundapp.trail.operations import record_event

#: How long one delivery may take before another worker may try the message again.
LEASE = timedelta(minutes=10)
_LONGEST_ERROR = 300


def queue_message(draft: MessageDraft, *, actor: Actor) -> MailMessage:
    """Put a message into the outbox, in the caller's unit of work; the worker sends it later.

    Line breaks in the address and the subject become spaces, so that they cannot add headers to
    the mail. Raises ForbiddenError.
    """
    require(may_queue(actor))
    now = clock.now()
    message = MailMessage(
        recipient_type=draft.recipient_type,
        recipient_ref=draft.recipient_ref,
        about_type=draft.about_type,
        about_ref=draft.about_ref,
        to_address=_one_line(draft.to_address),
        subject=_one_line(draft.subject),
        body=draft.body,
        locale=draft.locale,
        queued_at=now,
        due_at=now,
    )
    db.session.add(message)
    return message


def claim_due_messages(limit: int = 20, *, actor: Actor) -> list[OutgoingMessage]:
    """Claim messages that are due, so that no other worker sends them at the same time.

    The claim is a lease: the messages of a worker that dies are due again after `LEASE`. No lock is
    held during the delivery. Raises ForbiddenError.
    """
    require(may_send(actor))
    now = clock.now()
    due = (
        select(MailMessage)
        .where(
            MailMessage.sent_at.is_(None),
            MailMessage.due_at <= now,
            MailMessage.attempts < MAX_ATTEMPTS,
        )
        .order_by(MailMessage.due_at, MailMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    messages = list(db.session.scalars(due))
    for message in messages:
        message.attempts += 1
        message.due_at = now + LEASE
    return [_outgoing(message) for message in messages]


def mark_sent(message_id: int, *, actor: Actor) -> MailMessage:
    """Note that the mail server took the message. Raises ForbiddenError, NotFoundError."""
    require(may_send(actor))
    message = lock_message(message_id)
    message.sent_at = clock.now()
    message.last_error = ""
    return message


def mark_failed(message_id: int, *, error: str, actor: Actor) -> MailMessage:
    """Note why the message was not taken, and when to try again.

    Raises ForbiddenError, NotFoundError.
    """
    require(may_send(actor))
    message = lock_message(message_id)
    message.last_error = _one_line(error)[:_LONGEST_ERROR]
    message.due_at = clock.now() + retry_delay(message.attempts)
    return message


def retry_message(message_id: int, *, actor: Actor) -> MailMessage:
    """Let the worker try a message again that it has given up.

    Raises ForbiddenError, NotFoundError.
    """
    require(may_retry(actor))
    message = lock_message(message_id)
    if message.sent_at is None:
        message.attempts = 0
        message.due_at = clock.now()
        record_event(
            "mail:message:retry", actor=actor, subject_type="message", subject_ref=str(message.id)
        )
    return message


def _outgoing(message: MailMessage) -> OutgoingMessage:
    return OutgoingMessage(
        id=message.id,
        to_address=message.to_address,
        subject=message.subject,
        body=message.body,
        locale=message.locale,
        queued_at=message.queued_at,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
