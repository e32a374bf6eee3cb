"""Who may do what with messages, and when a failed one is due again. Pure."""

from datetime import timedelta

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission

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
    )


def may_send(actor: Actor) -> bool:
    """Whether the actor may claim messages and note the outcome of their delivery."""
    return actor.can(Permission.MAIL_SEND)


def may_retry(actor: Actor) -> bool:
    """Whether the actor may have a message tried again that the worker has given up."""
    return actor.can(Permission.MAIL_RETRY)


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after the ``attempts``-th failure: 1, 2, 4 … 256 minutes, then 6 hours."""
    return min(timedelta(minutes=2 ** min(max(attempts - 1, 0), 9)), LONGEST_DELAY)
