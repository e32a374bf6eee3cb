"""Which roles one person may hold together: the one table of it. Pure.

The triggers in ``fundapp/identity/sql`` hold the rows of roles to the same table, and the test
``tests/access/test_combinations.py`` compares the two.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from fundapp.access.permissions import Role


class Combination(StrEnum):
    """What becomes of two roles in one person."""

    ALLOWED = "allowed"
    BY_EXCEPTION = "by exception"
    REFUSED = "refused"


Pair = frozenset[Role]

#: Who asks, who supervises, who handles the money, who decides.
WORKING_ROLES = frozenset(
    {Role.CASE_MANAGER, Role.SUPERVISOR, Role.FUND_OFFICER, Role.APPROVER},
)


def _pairs(role: Role, others: Iterable[Role]) -> frozenset[Pair]:
    return frozenset(frozenset({role, other}) for other in others)


#: An auditor is nothing else, and neither is somebody of a partner agency. Who gives roles works
#: in none. A supervisor handles no money.
REFUSED: frozenset[Pair] = (
    _pairs(Role.AUDITOR, set(Role) - {Role.AUDITOR})
    | _pairs(Role.AGENCY, set(Role) - {Role.AGENCY})
    | _pairs(Role.ADMINISTRATOR, WORKING_ROLES)
    | _pairs(Role.SUPERVISOR, {Role.FUND_OFFICER, Role.APPROVER})
)
#: Two of asking, approving and paying; or looking over one's own work. Never on one request.
BY_EXCEPTION: frozenset[Pair] = (
    _pairs(Role.CASE_MANAGER, {Role.APPROVER, Role.FUND_OFFICER, Role.SUPERVISOR})
) | _pairs(Role.APPROVER, {Role.FUND_OFFICER})


@dataclass(frozen=True, slots=True)
class Allowance:
    """A written exception: ``role`` may be held beside ``beside`` until ``ends_on``, included."""

    role: Role
    beside: Role
    ends_on: date

    @property
    def pair(self) -> Pair:
        """The two roles."""
        return frozenset({self.role, self.beside})


def combination(one: Role, other: Role) -> Combination:
    """What becomes of two different roles in one person."""
    pair = frozenset({one, other})
    if pair in REFUSED:
        return Combination.REFUSED
    return Combination.BY_EXCEPTION if pair in BY_EXCEPTION else Combination.ALLOWED


def find_conflicts(
    roles: Iterable[Role], allowances: Iterable[Allowance], today: date
) -> list[tuple[Role, Role]]:
    """The pairs of ``roles`` that one person may not hold on the day, in the order of `Role`."""
    excused = {each.pair for each in allowances if today <= each.ends_on} & BY_EXCEPTION
    held = set(roles)
    ordered = [role for role in Role if role in held]
    return [
        pair
        for pair in combinations(ordered, 2)
        if combination(*pair) is not Combination.ALLOWED and frozenset(pair) not in excused
    ]


def roles_in_force(
    roles: Iterable[Role], allowances: Iterable[Allowance], today: date
) -> frozenset[Role]:
    """The roles that give permissions on the day.

    Where an exception has run out, the role that it allowed gives none. Where there never was one,
    neither of the two does: nobody decided which of them is right.
    """
    held, known = frozenset(roles), list(allowances)
    allowed: Mapping[Pair, Allowance] = {
        each.pair: each for each in sorted(known, key=lambda each: each.ends_on)
    }
    idle: set[Role] = set()
    for pair in find_conflicts(held, known, today):
        exception = allowed.get(frozenset(pair))
        idle |= {exception.role} if exception and exception.pair in BY_EXCEPTION else set(pair)
    return held - idle
