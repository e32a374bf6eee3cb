"""Who may publish. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_publish(actor: Actor) -> bool:
    """Whether the actor may publish the figures of a month."""
    return actor.can(Permission.FIGURES_PUBLISH)
