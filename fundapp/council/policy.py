"""Who sees and who counts the figures of the council (pure)."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_see_council(actor: Actor) -> bool:
    """Whether the actor sees coverage, waiting and shares of all districts."""
    return actor.can(Permission.COUNCIL_READ)


def may_count_council(actor: Actor) -> bool:
    """Whether the actor counts them: the worker, and who runs commands."""
    return actor.can(Permission.COUNCIL_COUNT)
