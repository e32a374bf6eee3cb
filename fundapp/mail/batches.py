"""Sending due messages: claim one, deliver it outside of any transaction, note the outcome."""

import threading
from dataclasses import dataclass

from fundapp.access.actors import Actor
from fundapp.db import unit_of_work
from fundapp.mail import operations
from fundapp.mail.conversations import MailServerError, MessageRefusedError
from fundapp.mail.drafts import OutgoingMessage
from fundapp.mail.mailers import Mailer


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages the mail server took, how many tries of a message failed, and why the
    server ended the round, if it did.
    """

    sent: int = 0
    failed: int = 0
    server_error: str = ""


def deliver_due(
    mailer: Mailer | None, *, actor: Actor, stop: threading.Event | None = None
) -> Delivered:
    """Send every message that is due, until ``stop`` is set or the mail server fails.

    Without a mailer messages stay queued. A message is sent at least once: when the worker dies
    after the server took it and before that was noted, it is sent again with the same Message-ID.
    """
    stop = stop or threading.Event()
    sent = failed = 0
    while mailer is not None and not stop.is_set():
        message = unit_of_work(operations.claim_due_message, actor=actor)
        if message is None:
            break
        try:
            mailer.send(message, stop)
        except MessageRefusedError as error:
            unit_of_work(operations.mark_failed, message.id, error=str(error), actor=actor)
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
