"""Actors for operations that a test calls itself: one for each role, and the processes.

Their ``ref`` is the name of the role; where a row of a real person is needed, make a user
(`tests.factories.identity.make_user`) and pass ``user.as_actor()``.
"""

from fundapp.access.actors import COMMAND_LINE, VISITOR, WORKER, Actor, person
from fundapp.access.permissions import Permission, Role

__all__ = [
    "ADMINISTRATOR", "APPROVER", "AUDITOR", "BOOKKEEPER", "COMMAND_LINE", "MANAGER", "OFFICER",
    "VISITOR", "WORKER", "officer",
]  # fmt: skip


def officer(ref: str = "officer") -> Actor:
    """A fund officer of this name, without a row."""
    return person(ref, 0, [Role.FUND_OFFICER])


OFFICER = officer()
MANAGER = person("manager", 0, [Role.CASE_MANAGER], ["9506"])
APPROVER = person("approver", 0, [Role.APPROVER])
AUDITOR = person("auditor", 0, [Role.AUDITOR])
ADMINISTRATOR = person("administrator", 0, [Role.ADMINISTRATOR])
#: May post entries of every kind, for tests of the books alone.
BOOKKEEPER = Actor("first", frozenset(Permission))
