"""Who sees and who changes the phases of the programme (pure)."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_see_programmes(actor: Actor) -> bool:
    """Whether the actor sees phases, with small counts withheld."""
    return actor.can(Permission.PROGRAMME_READ)


def may_keep_programmes(actor: Actor) -> bool:
    """Whether the actor writes phases."""
    return actor.can(Permission.PROGRAMME_KEEP)
