"""Who tells, reads and handles concerns (pure)."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.concerns.models import Concern, ConcernKind


def may_tell(actor: Actor) -> bool:
    """Whether the actor may tell a concern: everybody, with or without an account."""
    return actor.can(Permission.CONCERN_TELL)


def may_read_concern(actor: Actor, concern: Concern) -> bool:
    """Whether the actor may see that the concern is there, and what it says."""
    if concern.is_restricted:
        return actor.can(Permission.CONCERN_PROTECT)
    return actor.can(Permission.CONCERN_READ)


def may_handle(actor: Actor, concern: Concern) -> bool:
    """Whether the actor may take the concern over, note and answer."""
    if concern.is_restricted:
        return actor.can(Permission.CONCERN_PROTECT)
    return actor.can(Permission.CONCERN_HANDLE)


def readable_kinds(actor: Actor) -> list[ConcernKind]:
    """The kinds whose concerns the actor sees in lists and counts."""
    return [kind for kind in ConcernKind if may_read_concern(actor, Concern(kind=kind))]
