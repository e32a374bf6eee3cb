"""Sending what is due: claim it, hand it over outside of any transaction, note the outcome."""

from dataclasses import dataclass

from fundapp.access.actors import Actor
from fundapp.db import unit_of_work
from fundapp.mail import operations
from fundapp.mail.mailers import Mailer, MailerError
from fundapp.mail.operations import OutgoingMessage

BATCH = 20


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages were handed over, and how many were not taken."""

    sent: int = 0
    failed: int = 0


def deliver_due(mailer: Mailer | None, *, actor: Actor) -> Delivered:
    """Send every message that is due; without a mailer they go on waiting.

    A message goes out at least once: when the worker dies between the server's yes and our note
    of it, it goes out again under the same Message-ID.
    """
    sent = failed = 0
    while mailer is not None:
        messages = unit_of_work(operations.claim_due_messages, BATCH, actor=actor)
        outcomes = [_deliver(mailer, message, actor) for message in messages]
        sent += outcomes.count(True)
        failed += outcomes.count(False)
        if len(messages) < BATCH:
            break
    return Delivered(sent, failed)


def _deliver(mailer: Mailer, message: OutgoingMessage, actor: Actor) -> bool:
    try:
        mailer.send(message)
    except MailerError as error:
        unit_of_work(operations.mark_failed, message.id, error=str(error), actor=actor)
        return False
    unit_of_work(operations.mark_sent, message.id, actor=actor)
    return True
