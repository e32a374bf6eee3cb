"""Who may do what with messages, and when a failed one is due again. Pure."""

import re
from datetime import timedelta

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.mail.models import Channel, MessageKind

#: The longest pause between two tries of a message.
LONGEST_DELAY = timedelta(hours=6)


def may_queue(actor: Actor) -> bool:
    """Whether the actor may queue a message: whoever may make or record what it is about."""
    return actor.can_any(
        Permission.PLEDGE_MAKE,
        Permission.PAYMENT_RECORD,
        Permission.STATEMENT_MATCH,
        Permission.OLDER_BOOKS_IMPORT,
        Permission.REMINDER_SEND,
        Permission.REFUND_ORDER,
        Permission.USER_MANAGE,
        Permission.CHANNEL_NOTE,
    )


def may_send(actor: Actor) -> bool:
    """Whether the actor may claim messages and note the outcome of their delivery."""
    return actor.can(Permission.MAIL_SEND)


def may_retry(actor: Actor) -> bool:
    """Whether the actor may have a message tried again that the worker has given up."""
    return actor.can(Permission.MAIL_RETRY)


def may_note_channels(actor: Actor) -> bool:
    """Whether the actor may write down what LINE or a mail server tells of an address."""
    return actor.can(Permission.CHANNEL_NOTE)


def may_choose_channel(actor: Actor) -> bool:
    """Whether the actor may choose by which way a donor is written to, and end the link with LINE:
    whoever has the link for it.
    """
    return actor.can(Permission.PLEDGE_CHANGE)


def may_clear_address(actor: Actor) -> bool:
    """Whether the actor may say that an address takes messages again."""
    return actor.can(Permission.PAYMENT_RECORD)


def choose_channel(
    kind: MessageKind,
    *,
    mail: bool,
    mail_fails: bool,
    line: bool,
    line_fails: bool,
    preferred: bool,
) -> Channel | None:
    """By which way a message goes; None when it is not written at all.

    ``mail`` and ``line`` say that there is such an address, ``preferred`` that LINE is before
    e-mail. The way that works and is preferred, else the other that works; where neither does, what
    cannot be stopped (receipts, answers) is tried all the same, and reminders and the like are not
    written.
    """
    order = [(Channel.EMAIL, mail, mail_fails), (Channel.LINE, line, line_fails)]
    if preferred:
        order.reverse()
    working = [channel for channel, is_there, fails in order if is_there and not fails]
    if working:
        return working[0]
    there = [channel for channel, is_there, _fails in order if is_there]
    return there[0] if there and not kind.can_be_stopped else None


def failing_status(code: int, text: str) -> str:
    """The code by which a mail server refuses an address for good; empty where it refuses for
    another reason (for now, or what we sent) or the address may be right.

    By RFC 3463: 5.1.* is a wrong address, 5.2.0 and 5.2.1 a mailbox that is closed; 550, 551 and
    553 without such a code are the same.
    """
    enhanced = re.search(r"\b5\.\d{1,3}\.\d{1,3}\b", text)
    if enhanced:
        status = enhanced[0]
        return status if status.startswith("5.1.") or status in {"5.2.0", "5.2.1"} else ""
    return str(code) if code in {550, 551, 553} else ""


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after the ``attempts``-th failure: 1, 2, 4 … 256 minutes, then 6 hours."""
    return min(timedelta(minutes=2 ** min(max(attempts - 1, 0), 9)), LONGEST_DELAY)
