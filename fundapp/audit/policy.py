"""Who may note how far the books were proved. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_mark(actor: Actor) -> bool:
    """Whether the actor may set a mark."""
    return actor.can(Permission.CHECK_MARK)
