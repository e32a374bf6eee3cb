"""Who records batches."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_keep_batches(actor: Actor) -> bool:
    """Whether the actor may record batches and post them."""
    return actor.can(Permission.PAYMENT_RECORD)
