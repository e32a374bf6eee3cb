"""Who books advances. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_book_advance(actor: Actor) -> bool:
    """Whether the actor may book advances and their clearing: two people together."""
    return actor.can(Permission.ADVANCE_BOOK)


def may_propose_advance(actor: Actor) -> bool:
    """Whether the actor may propose advances and their clearing."""
    return actor.can(Permission.HOUSE_PROPOSE)
