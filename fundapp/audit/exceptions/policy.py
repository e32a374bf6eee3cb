"""Who may say that nothing follows from an exception. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_dismiss(actor: Actor) -> bool:
    """Whether the actor may dismiss exceptions with a reason."""
    return actor.can(Permission.EXCEPTION_DISMISS)
