"""Who may have packs made. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_make_packs(actor: Actor) -> bool:
    """Whether the actor may ask for a pack and take it away, or make what was asked for."""
    return actor.can(Permission.PACK_MAKE)
