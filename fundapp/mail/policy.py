"""Who may do what with messages. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_queue(actor: Actor) -> bool:
    """Whether the actor may put a message into the outbox: whoever records what it tells."""
    return actor.can_any(
        Permission.PAYMENT_RECORD, Permission.STATEMENT_MATCH, Permission.OLDER_BOOKS_IMPORT
    )


def may_send(actor: Actor) -> bool:
    """Whether the actor may take messages out of the outbox and note what became of them."""
    return actor.can(Permission.MAIL_SEND)


def may_retry(actor: Actor) -> bool:
    """Whether the actor may have a message that was given up tried anew."""
    return actor.can(Permission.MAIL_RETRY)
