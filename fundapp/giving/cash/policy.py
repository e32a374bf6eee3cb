"""Who keeps donation boxes, counts cash and confirms what somebody else counted."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_count_cash(actor: Actor) -> bool:
    """Whether the actor may keep boxes, and count or confirm, as a person."""
    return actor.user_id is not None and actor.can(Permission.PAYMENT_RECORD)
