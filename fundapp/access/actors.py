"""The actor: a person with roles and districts, or a named process.

Every operation takes one and checks what it may do, so that the same rules hold for pages,
commands, webhooks and the worker.
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
    """Who acts, and with which permissions.

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
    """The actor for a user; somebody who may not sign in holds no permission."""
    role_set = frozenset(roles)
    granted = frozenset[Permission]().union(*(ROLE_PERMISSIONS[role] for role in role_set))
    permissions = granted if is_active else frozenset()
    return Actor(ref, permissions, user_id, role_set, frozenset(districts))


def process(name: Process) -> Actor:
    """The actor for a process."""
    return Actor(name.value, PROCESS_PERMISSIONS[name])


VISITOR = process(Process.VISITOR)
COMMAND_LINE = process(Process.COMMAND_LINE)
WORKER = process(Process.WORKER)


def require(is_allowed: bool) -> None:
    """Raise ForbiddenError unless ``is_allowed``; operations pass the answer of a ``may_…``."""
    if not is_allowed:
        raise ForbiddenError
