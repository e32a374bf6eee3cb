"""Who tells, reads and handles concerns (pure). ``keepers`` are the public ids of the two people
who read restricted ones (`ConcernKeepers`).
"""

from collections.abc import Collection

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.concerns.models import Concern, ConcernKind


def may_tell(actor: Actor) -> bool:
    """Whether the actor may tell a concern: everybody, with or without an account."""
    return actor.can(Permission.CONCERN_TELL)


def may_read_concern(actor: Actor, concern: Concern, keepers: Collection[str]) -> bool:
    """Whether the actor may see that the concern is there, and what it says."""
    if concern.is_restricted:
        return _is_keeper(actor, keepers)
    return actor.can(Permission.CONCERN_READ)


def may_handle(actor: Actor, concern: Concern, keepers: Collection[str]) -> bool:
    """Whether the actor may take the concern over, note and answer."""
    if concern.is_restricted:
        return _is_keeper(actor, keepers)
    return actor.can(Permission.CONCERN_HANDLE)


def may_name_keepers(actor: Actor) -> bool:
    """Whether the actor may name the two people: what two others decided together."""
    return actor.can(Permission.CONCERN_APPOINT)


def readable_kinds(actor: Actor, keepers: Collection[str]) -> list[ConcernKind]:
    """The kinds whose concerns the actor sees in lists and counts."""
    return [kind for kind in ConcernKind if may_read_concern(actor, Concern(kind=kind), keepers)]


def handled_kinds(actor: Actor, keepers: Collection[str]) -> list[ConcernKind]:
    """The kinds whose concerns wait for the actor."""
    return [kind for kind in ConcernKind if may_handle(actor, Concern(kind=kind), keepers)]


def _is_keeper(actor: Actor, keepers: Collection[str]) -> bool:
    """Named, and still of a role that may be named."""
    return actor.can(Permission.CONCERN_PROTECT) and actor.ref in keepers
