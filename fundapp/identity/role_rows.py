"""The rows of roles and districts: what they may say, and making them say it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from fundapp import clock
from fundapp.access.combinations import Allowance, Combination, combination, find_conflicts
from fundapp.access.permissions import DISTRICT_ROLES, Role
from fundapp.db import db
from fundapp.identity.errors import (
    AuditorDayError,
    DistrictMissingError,
    ExceptionMissingError,
    RoleMissingError,
    RolesExcludedError,
    UnknownDistrictError,
)
from fundapp.identity.models import RoleEnding, User, UserDistrict, UserRole
from fundapp.places.models import District

#: The name of the kind of proposals that changes roles and districts.
ROLES = "roles"
#: The field of the form in which the districts of a role are chosen.
DISTRICT_FIELDS = {Role.CASE_MANAGER: "districts", Role.SUPERVISOR: "supervised"}

RoleMap = Mapping[Role, frozenset[str]]
#: The role that can have a last day, and for how long at most one that has one is given.
ENDING_ROLE = Role.AUDITOR
LONGEST_ACCESS = timedelta(days=366)
_UNTIL = "until"


def check_roles(
    roles: Mapping[Role, Iterable[str]], allowances: Iterable[Allowance] = ()
) -> dict[Role, frozenset[str]]:
    """The roles with their districts, in order; those of a role without districts are left out.

    Raises RoleMissingError, RolesExcludedError, ExceptionMissingError, UnknownDistrictError.
    """
    if not roles:
        raise RoleMissingError(field="roles")
    for one, other in find_conflicts(roles, allowances, clock.today()):
        is_refused = combination(one, other) is Combination.REFUSED
        error = RolesExcludedError if is_refused else ExceptionMissingError
        raise error(field="roles", params={"one": one, "other": other})
    bound = {role: frozenset(codes) for role, codes in roles.items() if role in DISTRICT_ROLES}
    for role, codes in bound.items():
        _refuse_unknown_districts(codes, DISTRICT_FIELDS[role])
    return {role: bound.get(role, frozenset()) for role in sorted(roles)}


def require_districts(roles: RoleMap) -> None:
    """DistrictMissingError where a role is bound to districts and has none."""
    for role in sorted(DISTRICT_ROLES & roles.keys()):
        if not roles[role]:
            raise DistrictMissingError(field=DISTRICT_FIELDS[role])


def is_narrower(wanted: RoleMap, held: RoleMap) -> bool:
    """Whether ``wanted`` is only a part of what is held, so that nobody gains anything by it."""
    return all(role in held and codes <= held[role] for role, codes in wanted.items())


def hold_roles(
    user: User,
    wanted: RoleMap,
    *,
    until: date | None = None,
    proposal_id: int | None = None,
    event_id: int | None = None,
) -> None:
    """Make the rows say what the person holds, and what made the new ones: a confirmed proposal or
    the event of a command. Rows that stay are not touched; an auditor's whose last day is another
    one is given anew.
    """
    pairs = {(role, code) for role, codes in wanted.items() for code in codes}
    user.districts = [row for row in user.districts if (row.role, row.district_code) in pairs]
    # The districts go before their role, and what is taken away before what it may exclude.
    db.session.flush()
    kept = [row for row in user.roles if row.role in wanted and _ends_alike(row, until)]
    gone = [row.ending for row in user.roles if row not in kept and row.ending is not None]
    user.roles = kept
    db.session.flush()
    for ending in gone:  # the database took it away with its role
        db.session.expunge(ending)
    held = user.role_set()
    new = [
        UserRole(
            role=role,
            granted_on=clock.today(),
            proposal_id=proposal_id,
            event_id=event_id,
            ending=RoleEnding(ends_on=until, proposal_id=proposal_id)
            if until is not None and role is ENDING_ROLE
            else None,
        )
        for role in sorted(wanted)
        if role not in held
    ]
    user.roles += new
    db.session.flush()
    pairs -= {(row.role, row.district_code) for row in user.districts}
    user.districts += [UserDistrict(role=role, district_code=code) for role, code in sorted(pairs)]
    db.session.flush()


def _ends_alike(row: UserRole, until: date | None) -> bool:
    return row.role is not ENDING_ROLE or row.ends_on == until


def authority_of(text: str) -> dict[Role, frozenset[str]]:
    """What `authority_text` wrote. Raises ValueError for anything else."""
    parts = [part.split() for part in text.split(", ") if part]
    return {Role(part[0]): frozenset(part[1:]) for part in parts}


def roles_as_values(roles: RoleMap, until: date | None = None) -> dict[str, Any]:
    """The roles as a proposal writes them: ``{"approver": [], "case_manager": ["9501"]}``, and
    ``"until": "2026-12-31"`` where the auditor's access has a last day.
    """
    values: dict[str, Any] = {str(role): sorted(codes) for role, codes in roles.items()}
    return values | ({_UNTIL: until.isoformat()} if until else {})


def roles_of_values(values: Mapping[str, Any]) -> dict[Role, frozenset[str]]:
    """The roles that `roles_as_values` wrote."""
    return {Role(role): frozenset(codes) for role, codes in values.items() if role != _UNTIL}


def until_of_values(values: Mapping[str, Any]) -> date | None:
    """The last day that `roles_as_values` wrote."""
    return date.fromisoformat(values[_UNTIL]) if _UNTIL in values else None


def check_until(roles: Iterable[Role], until: date | None) -> None:
    """AuditorDayError for a last day without the auditor's role, of the past or after a year."""
    if until is None:
        return
    today = clock.today()
    if ENDING_ROLE not in set(roles) or not today <= until <= today + LONGEST_ACCESS:
        raise AuditorDayError(field="until")


def _refuse_unknown_districts(codes: frozenset[str], field: str) -> None:
    known = set(db.session.scalars(select(District.code).where(District.code.in_(codes))))
    for code in sorted(codes - known):
        raise UnknownDistrictError(field=field, params={"code": code})
