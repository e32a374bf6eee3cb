"""The actor: a person with roles, each with its own districts, or a named process.

Every operation takes one and checks what it may do, so that the same rules hold for pages,
commands, webhooks and the worker.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from fundapp.access.permissions import (
    DISTRICT_ROLES,
    ROLE_PERMISSIONS,
    SIGNED_IN,
    Permission,
    Process,
    Role,
)
from fundapp.access.processes import PROCESS_PERMISSIONS
from fundapp.errors import ForbiddenError


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that somebody holds. ``districts`` are the official codes that it is held for; those
    of a role that is not bound to districts do not count.
    """

    role: Role
    districts: frozenset[str] = frozenset()

    @property
    def is_everywhere(self) -> bool:
        """Whether the role is held for the whole province."""
        return self.role not in DISTRICT_ROLES

    def gives(self, permission: Permission) -> bool:
        """Whether the role grants ``permission``, somewhere."""
        return permission in ROLE_PERMISSIONS[self.role]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and with which permissions.

    ``ref`` is what the trail and the journal write: a user's public id, or a process's name.
    ``user_id`` is the row id of a person, None for a process. Where a permission holds is asked of
    the roles that grant it, one by one: the districts of one role say nothing about another.
    """

    ref: str
    permissions: frozenset[Permission] = field(repr=False)
    user_id: int | None = None
    grants: tuple[Grant, ...] = ()

    def can(self, permission: Permission) -> bool:
        """Whether the actor holds ``permission``, somewhere."""
        return permission in self.permissions

    def can_any(self, *permissions: Permission) -> bool:
        """Whether the actor holds one of ``permissions``, somewhere."""
        return not self.permissions.isdisjoint(permissions)

    def can_in(
        self, permission: Permission, district_code: str, *, but: Role | None = None
    ) -> bool:
        """Whether a role of the actor, ``but`` one, grants ``permission`` in this district; no
        process's does.
        """
        own = self.districts_of(permission, but=but)
        return self.can_everywhere(permission) or district_code in own

    def can_everywhere(self, permission: Permission) -> bool:
        """Whether a role that is not bound to districts grants ``permission``."""
        return any(grant.is_everywhere for grant in self._granting(permission))

    def districts_of(self, permission: Permission, *, but: Role | None = None) -> frozenset[str]:
        """The districts for which the roles that are bound to districts grant ``permission``,
        ``but`` one of them.
        """
        granting = self._granting(permission)
        bound = (each for each in granting if not each.is_everywhere and each.role is not but)
        return frozenset[str]().union(*(grant.districts for grant in bound))

    @property
    def person_id(self) -> int:
        """The row id of the person; ForbiddenError for a process, where a step needs a person."""
        if self.user_id is None:
            raise ForbiddenError
        return self.user_id

    def _granting(self, permission: Permission) -> Iterable[Grant]:
        if permission not in self.permissions:
            return ()
        return [grant for grant in self.grants if grant.gives(permission)]


def person(ref: str, user_id: int, grants: Iterable[Grant], *, is_active: bool = True) -> Actor:
    """The actor for a user with these roles, all in force; somebody who may not sign in holds no
    permission, somebody without a role those of everybody who is signed in.
    """
    held = tuple(grants)
    granted = SIGNED_IN.union(*(ROLE_PERMISSIONS[grant.role] for grant in held))
    return Actor(ref, granted if is_active else frozenset(), user_id, held)


def process(name: Process) -> Actor:
    """The actor for a process."""
    return Actor(name.value, PROCESS_PERMISSIONS[name])


VISITOR = process(Process.VISITOR)
COMMAND_LINE = process(Process.COMMAND_LINE)
WORKER = process(Process.WORKER)
CARD_PROCESSOR = process(Process.CARD_PROCESSOR)
LINE = process(Process.LINE)
RECEIPT_LINK = process(Process.RECEIPT_LINK)


def require(is_allowed: bool) -> None:
    """Raise ForbiddenError unless ``is_allowed``; operations pass the answer of a ``may_…``."""
    if not is_allowed:
        raise ForbiddenError
