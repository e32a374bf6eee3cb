"""Who records gifts in kind."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_record_in_kind(actor: Actor) -> bool:
    """Whether the actor may record gifts in kind and withdraw them."""
    return actor.can(Permission.PAYMENT_RECORD)
