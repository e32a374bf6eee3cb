"""Actors for operations that a test calls itself: one for each role, and the processes.

Their ``ref`` is the name of the role; where a row of a real person is needed, make a user
(`tests.factories.identity.make_user`) and pass ``user.as_actor()``.
"""

from collections.abc import Iterable

from fundapp.access.actors import COMMAND_LINE, VISITOR, WORKER, Actor, Grant, person
from fundapp.access.permissions import Permission, Role

__all__ = [
    "ADMINISTRATOR",
    "APPROVER",
    "AUDITOR",
    "BOOKKEEPER",
    "COMMAND_LINE",
    "HOUSE",
    "MANAGER",
    "OFFICER",
    "SUPERVISOR",
    "VISITOR",
    "WORKER",
    "grants",
    "officer",
]  # fmt: skip


def grants(roles: Iterable[Role], districts: Iterable[str] = ()) -> list[Grant]:
    """These roles, each for the same districts."""
    return [Grant(role, frozenset(districts)) for role in roles]


def officer(ref: str = "officer") -> Actor:
    """A fund officer of this name, without a row."""
    return person(ref, 0, grants([Role.FUND_OFFICER]))


OFFICER = officer()
MANAGER = person("manager", 0, grants([Role.CASE_MANAGER], ["9506"]))
APPROVER = person("approver", 0, grants([Role.APPROVER]))
SUPERVISOR = person("supervisor", 0, grants([Role.SUPERVISOR], ["9506"]))
AUDITOR = person("auditor", 0, grants([Role.AUDITOR]))
ADMINISTRATOR = person("administrator", 0, grants([Role.ADMINISTRATOR]))
#: What two people together may do to the rules of the house.
HOUSE = Actor(
    "house",
    frozenset(
        {
            Permission.BANK_ACCOUNT_OPEN,
            Permission.STATEMENT_PROFILE_SAVE,
            Permission.FUND_OPEN,
            Permission.PERIOD_CLOSE,
            Permission.LOG_HOLDERS_SET,
        }
    ),
)
#: May post entries of every kind, for tests of the books alone.
BOOKKEEPER = Actor("first", frozenset(Permission))
