"""Queueing messages, and what the worker notes of their delivery.

Queueing, claiming and noting an outcome write no event: the row of the message records them.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import insert, or_, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.ids import new_id
from fundapp.mail.drafts import SECRET_MARK, MessageDraft, OutgoingMessage
from fundapp.mail.encryption import decrypt_secret, encrypt_secret
from fundapp.mail.locking import lock_message
from fundapp.mail.models import MAX_ATTEMPTS, MailMessage
from fundapp.mail.policy import LONGEST_DELAY, may_queue, may_retry, may_send, retry_delay
from fundapp.trail.operations import record_event

#: How long one delivery may take before another worker may try the message again. A message is
#: claimed right before it is tried, alone; a try lasts at most a minute (`DEADLINE_SECONDS` of
#: conversations.py), so that nine minutes are left for the database, and a slow server never has
#: a message from two workers.
LEASE = timedelta(minutes=10)
_LONGEST_ERROR = 300


def queue_message(draft: MessageDraft, *, actor: Actor) -> None:
    """Put a message into the outbox. See `queue_messages`."""
    queue_messages([draft], actor=actor)


def queue_messages(drafts: Sequence[MessageDraft], *, actor: Actor) -> None:
    """Put messages into the outbox with one statement, in the caller's unit of work; the worker
    sends them later. Raises ForbiddenError.
    """
    require(may_queue(actor))
    if drafts:
        # Not through the session, which takes several times as long for many.
        db.session.connection().execute(insert(MailMessage), [_row(draft) for draft in drafts])


def _row(draft: MessageDraft) -> dict[str, object]:
    """Line breaks in the address and the subject become spaces, so that they cannot add headers to
    the mail.
    """
    now, row_id = clock.now(), new_id()
    return {
        "id": row_id,
        "recipient_type": draft.recipient_type,
        "recipient_ref": draft.recipient_ref,
        "about_type": draft.about_type,
        "about_ref": draft.about_ref,
        "to_address": _one_line(draft.to_address),
        "subject": _one_line(draft.subject),
        "body": draft.body,
        "secret_encrypted": encrypt_secret(row_id, draft.secret) if draft.secret else None,
        "locale": draft.locale,
        "stop_url": draft.stop_url,
        "queued_at": now,
        "due_at": now,
    }


def claim_due_message(*, actor: Actor) -> OutgoingMessage | None:
    """Claim the message that has been due longest, so that no other worker sends it now.

    The claim is a lease: the message of a worker that dies is due again after `LEASE`. It counts as
    a try from here on, so a message that kills the worker is not tried for ever. No lock is held
    during the delivery. Raises ForbiddenError.
    """
    require(may_send(actor))
    now = clock.now()
    due = (
        select(MailMessage)
        .where(
            MailMessage.sent_at.is_(None),
            # No message is put off for longer than that, unless by a clock that was ahead.
            or_(MailMessage.due_at <= now, MailMessage.due_at > now + LONGEST_DELAY),
            MailMessage.attempts < MAX_ATTEMPTS,
        )
        .order_by(MailMessage.due_at, MailMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    message = db.session.scalar(due)
    if message is None:
        return None
    message.attempts += 1
    message.due_at = now + LEASE
    return _outgoing(message)


def give_back_message(message_id: int, *, actor: Actor) -> MailMessage:
    """End the claim of a message that was not tried: it is due now, and the try does not count.

    Raises ForbiddenError, NotFoundError.
    """
    require(may_send(actor))
    message = lock_message(message_id)
    message.attempts = max(0, message.attempts - 1)  # a person may have set it to 0 meanwhile
    message.due_at = clock.now()
    return message


def mark_sent(message_id: int, *, actor: Actor) -> MailMessage:
    """Note that the mail server took the message, and forget its secret.

    Raises ForbiddenError, NotFoundError.
    """
    require(may_send(actor))
    message = lock_message(message_id)
    message.sent_at = clock.now()
    message.last_error = ""
    message.secret_encrypted = None
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
        body=message.body.replace(SECRET_MARK, decrypt_secret(message)),
        locale=message.locale,
        queued_at=message.queued_at,
        stop_url=message.stop_url,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
