"""Who may change the list of places. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_import_places(actor: Actor) -> bool:
    """Whether the actor may import a list of places."""
    return actor.can(Permission.PLACE_IMPORT)
