"""Sending due messages: claim a batch, deliver it outside of any transaction, note the outcomes."""

from dataclasses import dataclass

from fundapp.access.actors import Actor
from fundapp.db import unit_of_work
from fundapp.mail import operations
from fundapp.mail.drafts import OutgoingMessage
from fundapp.mail.mailers import Mailer, MailerError

BATCH = 20


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages the mail server took and how many it refused."""

    sent: int = 0
    failed: int = 0


def deliver_due(mailer: Mailer | None, *, actor: Actor) -> Delivered:
    """Send every message that is due; without a mailer they stay queued.

    A message is sent at least once: when the worker dies after the server took it and before that
    was noted, it is sent again with the same Message-ID.
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
