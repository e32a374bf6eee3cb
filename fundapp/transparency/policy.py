"""Who may publish and mail checkpoints, and who may say to whom. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_publish(actor: Actor) -> bool:
    """Whether the actor may publish the figures of a month."""
    return actor.can(Permission.FIGURES_PUBLISH)


def may_mail_checkpoints(actor: Actor) -> bool:
    """Whether the actor may have checkpoints mailed: whoever may sign them."""
    return actor.can(Permission.LOG_SEAL)


def may_set_holders(actor: Actor) -> bool:
    """Whether the actor may say to whom checkpoints are mailed: two people do it together."""
    return actor.can(Permission.LOG_HOLDERS_SET)
