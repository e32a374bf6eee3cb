"""Who may have a donor's data as a file (pure)."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission


def may_copy_own_data(actor: Actor) -> bool:
    """Whether the actor may have what the fund keeps of the actor: everybody who signs in."""
    return actor.can(Permission.WORKSPACE_OPEN)


def may_copy_donor_data(actor: Actor) -> bool:
    """Whether the actor may make the file for a donor who asked by letter."""
    return actor.can(Permission.PAYMENT_RECORD)
