"""The actor: a person with roles and districts, or a named process.

Every operation takes one and asks what it may do, so that a webhook, a command or the worker is
guarded as a page is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from fundapp.access.permissions import (
    PROCESS_PERMISSIONS,
    ROLE_PERMISSIONS,
    Permission,
    Process,
    Role,
)
from fundapp.errors import ForbiddenError


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and with which authority.

    ``ref`` is what the trail and the journal write: a user's public id, or a process's name.
    ``user_id`` is the row id of a person, None for a process. ``districts`` are the official codes
    that the roles bound to districts are limited to.
    """

    ref: str
    permissions: frozenset[Permission] = field(repr=False)
    user_id: int | None = None
    roles: frozenset[Role] = frozenset()
    districts: frozenset[str] = frozenset()

    def can(self, permission: Permission) -> bool:
        """Whether the actor holds ``permission``."""
        return permission in self.permissions

    def can_any(self, *permissions: Permission) -> bool:
        """Whether the actor holds one of ``permissions``."""
        return not self.permissions.isdisjoint(permissions)

    @property
    def person_id(self) -> int:
        """The row id of the person; ForbiddenError for a process, where a step needs a person."""
        if self.user_id is None:
            raise ForbiddenError
        return self.user_id


def person(
    ref: str,
    user_id: int,
    roles: Iterable[Role],
    districts: Iterable[str] = (),
    *,
    is_active: bool = True,
) -> Actor:
    """The actor that a user is; one who may not sign in holds no permission."""
    held = frozenset(roles)
    granted = frozenset[Permission]().union(*(ROLE_PERMISSIONS[role] for role in held))
    return Actor(ref, granted if is_active else frozenset(), user_id, held, frozenset(districts))


def process(name: Process) -> Actor:
    """The actor that a process is."""
    return Actor(name.value, PROCESS_PERMISSIONS[name])


VISITOR = process(Process.VISITOR)
COMMAND_LINE = process(Process.COMMAND_LINE)
WORKER = process(Process.WORKER)


def require(is_allowed: bool) -> None:
    """ForbiddenError unless ``is_allowed``: how an operation ends its question."""
    if not is_allowed:
        raise ForbiddenError
