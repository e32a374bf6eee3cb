"""Who may have the checks run, and note how far the books were proved. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_mark(actor: Actor) -> bool:
    """Whether the actor may run the checks, store what they came to and set a mark."""
    return actor.can(Permission.CHECK_MARK)


def may_order(actor: Actor) -> bool:
    """Whether the actor may ask the worker for a run: whoever reads the books, and the worker."""
    return actor.can(Permission.CHECK_ORDER)
