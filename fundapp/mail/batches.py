"""Sending due messages: claim one, deliver it outside of any transaction, note the outcome; and
reading what came back.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from fundapp.access.actors import Actor
from fundapp.db import unit_of_work
from fundapp.mail import operations
from fundapp.mail.bounces import read_bounce
from fundapp.mail.conversations import MailServerError, MessageRefusedError
from fundapp.mail.drafts import OutgoingMessage
from fundapp.mail.imap_mailbox import ImapMailbox
from fundapp.mail.mailers import Mailer
from fundapp.mail.models import Channel
from fundapp.mail.stored_mail import read_stored


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages the mail server took, how many tries of a message failed, and why the
    server ended the round, if it did.
    """

    sent: int = 0
    failed: int = 0
    server_error: str = ""


@dataclass(frozen=True, slots=True)
class BouncesRead:
    """How many messages of a mailbox were read, and of how many of ours they told that they came
    back.
    """

    read: int = 0
    noted: int = 0


def deliver_due(
    mailer: Mailer | None,
    *,
    channel: Channel = Channel.EMAIL,
    actor: Actor,
    stop: threading.Event | None = None,
) -> Delivered:
    """Send every message that is due by one way, until ``stop`` is set or its server fails.

    Without a mailer messages stay queued. A message is sent at least once: when the worker dies
    after the server took it and before that was noted, it is sent again with the same Message-ID.
    """
    stop = stop or threading.Event()
    sent = failed = 0
    while mailer is not None and not stop.is_set():
        message = unit_of_work(operations.claim_due_message, channel=channel, actor=actor)
        if message is None:
            break
        try:
            mailer.send(message, stop)
        except MessageRefusedError as error:
            note = {"error": str(error), "failing": error.failing}
            unit_of_work(operations.mark_failed, message.id, **note, actor=actor)
            failed += 1
        except MailServerError as error:
            _note_server_error(message, error, stop, actor)
            return Delivered(sent, failed + error.was_tried, str(error))
        else:
            unit_of_work(operations.mark_sent, message.id, actor=actor)
            sent += 1
    return Delivered(sent, failed)


def _note_server_error(
    message: OutgoingMessage, error: MailServerError, stop: threading.Event, actor: Actor
) -> None:
    if not error.was_tried:
        unit_of_work(operations.give_back_message, message.id, actor=actor)
    elif not stop.is_set():
        unit_of_work(operations.mark_failed, message.id, error=str(error), actor=actor)
    # Else we left, not the server: it may have taken the message. The claim stays until it ends.


def read_bounces(path: str, *, actor: Actor) -> BouncesRead:
    """Note what the reports in a stored mailbox say. Raises OSError, ForbiddenError."""
    return _note_bounces(read_stored(path), actor)


def fetch_bounces(
    box: ImapMailbox, *, actor: Actor, stop: threading.Event | None = None
) -> BouncesRead:
    """Note what the reports say that were not seen yet in a mailbox on another server, until
    ``stop`` is set. Raises MailboxError, ForbiddenError.
    """
    return _note_bounces(box.read_unseen(stop or threading.Event()), actor)


def _note_bounces(messages: Iterable[bytes], actor: Actor) -> BouncesRead:
    """Each in a unit of work of its own."""
    read = noted = 0
    for raw in messages:
        read += 1
        bounce = read_bounce(raw)
        if bounce is not None:
            noted += unit_of_work(operations.note_bounce, bounce, actor=actor)
    return BouncesRead(read, noted)
