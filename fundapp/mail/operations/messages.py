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
from fundapp.mail.encryption import (
    decrypt_line_user,
    decrypt_secret,
    encrypt_secret,
    message_token,
)
from fundapp.mail.locking import lock_message
from fundapp.mail.models import MAX_ATTEMPTS, Channel, Failure, MailMessage
from fundapp.mail.policy import LONGEST_DELAY, may_queue, may_retry, may_send, retry_delay
from fundapp.mail.queries import channels_of, find_line_account
from fundapp.mail.steps import block_account, note_failing
from fundapp.trail.operations import record_event

#: How long one delivery may take before another worker may try the message again. A message is
#: claimed right before it is tried, alone; a try lasts at most a minute (`DEADLINE_SECONDS` of
#: conversations.py), so that nine minutes are left for the database, and a slow server never has
#: a message from two workers.
LEASE = timedelta(minutes=10)
_LONGEST_ERROR = 300
#: LINE knows the key of a message for a day after it took it; what may have been taken is not sent
#: again later than this.
_KEY_LIVES = timedelta(hours=23)
#: What stands for the address of a message that goes by LINE.
_AT_LINE = "LINE"


def queue_message(draft: MessageDraft, *, actor: Actor) -> bool:
    """Put a message into the outbox; whether it goes out at all. See `queue_messages`."""
    return queue_messages([draft], actor=actor) == 1


def queue_messages(drafts: Sequence[MessageDraft], *, actor: Actor) -> int:
    """Put messages into the outbox with one statement, in the caller's unit of work; the worker
    sends them later, each by the way that its recipient chose. How many: nothing is written to
    whom no way leads to, or who stopped such messages. Raises ForbiddenError.
    """
    require(may_queue(actor))
    wanted = [each for each in drafts if not (each.is_stopped and each.kind.can_be_stopped)]
    channels = zip(wanted, channels_of(wanted), strict=True)
    rows = [_row(draft, channel) for draft, channel in channels if channel is not None]
    if rows:
        # Not through the session, which takes several times as long for many.
        db.session.connection().execute(insert(MailMessage), rows)
    return len(rows)


def _row(draft: MessageDraft, channel: Channel) -> dict[str, object]:
    """Line breaks in the address and the subject become spaces, so that they cannot add headers to
    the mail.
    """
    now, row_id = clock.now(), new_id()
    address = _one_line(draft.to_address)
    is_line = channel is Channel.LINE
    return {
        "id": row_id,
        "recipient_type": draft.recipient_type,
        "recipient_ref": draft.recipient_ref,
        "about_type": draft.about_type,
        "about_ref": draft.about_ref,
        "to_address": _AT_LINE if is_line else address,
        "other_address": address if is_line else "",
        "channel": channel,
        "kind": draft.kind,
        "subject": _one_line(draft.subject),
        "body": draft.body,
        "secret_encrypted": encrypt_secret(row_id, draft.secret) if draft.secret else None,
        "locale": draft.locale,
        "stop_url": draft.stop_url,
        "queued_at": now,
        "due_at": now,
    }


def claim_due_message(*, channel: Channel = Channel.EMAIL, actor: Actor) -> OutgoingMessage | None:
    """Claim the message that has been due longest by that way, so that no other worker sends it
    now.

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
            MailMessage.channel == channel,
            # No message is put off for longer than that, unless by a clock that was ahead.
            or_(MailMessage.due_at <= now, MailMessage.due_at > now + LONGEST_DELAY),
            MailMessage.attempts < MAX_ATTEMPTS,
        )
        .order_by(MailMessage.due_at, MailMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    while (message := db.session.scalar(due)) is not None:
        address = _address(message)
        if address is not None:
            message.attempts += 1
            message.due_at = now + LEASE
            return _outgoing(message, address)
        db.session.flush()
    return None


def _address(message: MailMessage) -> str | None:
    """Where the message goes; None when it was turned to e-mail or given up instead."""
    if message.channel is Channel.EMAIL:
        return message.to_address
    if message.attempts and clock.now() - message.due_at > _KEY_LIVES:
        _give_up(message, "Whether LINE took it is not known, and too old to be asked safely.")
        return None
    account = find_line_account(message.recipient_type, message.recipient_ref)
    if account is None:
        _turn_to_mail(message, "The LINE account is not linked any more.")
        return None
    return decrypt_line_user(account)


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
    message.sent_at = message.sent_at or clock.now()
    message.last_error = ""
    message.secret_encrypted = None
    return message


def mark_failed(message_id: int, *, error: str, failing: str = "", actor: Actor) -> MailMessage:
    """Note why the message was not taken, and when to try again. ``failing`` is the code by which
    an address was refused for good, or says that LINE refuses its recipient: then the message goes
    by e-mail, where there is an address.

    Raises ForbiddenError, NotFoundError.
    """
    require(may_send(actor))
    message = lock_message(message_id)
    message.last_error = _one_line(error)[:_LONGEST_ERROR]
    message.due_at = clock.now() + retry_delay(message.attempts)
    if failing and message.channel is Channel.LINE:
        account = find_line_account(message.recipient_type, message.recipient_ref)
        if account is not None:
            block_account(account, clock.now())
        _turn_to_mail(message, message.last_error)
    elif failing:
        note_failing(message, Failure.REFUSED, failing)
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


def _outgoing(message: MailMessage, address: str) -> OutgoingMessage:
    return OutgoingMessage(
        id=message.id,
        to_address=address,
        subject=message.subject,
        body=message.body.replace(SECRET_MARK, decrypt_secret(message)),
        locale=message.locale,
        queued_at=message.queued_at,
        stop_url=message.stop_url,
        token=message_token(message.id),
        channel=message.channel,
    )


def _turn_to_mail(message: MailMessage, why: str) -> None:
    """Send by e-mail what LINE does not take; without an address people see that it was given
    up.
    """
    if not message.other_address:
        _give_up(message, why)
        return
    message.channel, message.to_address = Channel.EMAIL, message.other_address
    message.attempts, message.due_at, message.last_error = 0, clock.now(), ""


def _give_up(message: MailMessage, why: str) -> None:
    message.attempts, message.last_error = MAX_ATTEMPTS, why


def _one_line(text: str) -> str:
    return " ".join(text.split())
