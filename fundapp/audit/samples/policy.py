"""Who may draw samples and write working papers. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_keep_samples(actor: Actor) -> bool:
    """Whether the actor may freeze, draw, check and close samples."""
    return actor.can(Permission.SAMPLE_KEEP)
