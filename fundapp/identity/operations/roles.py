"""Proposing, giving and taking away roles and districts, and written exceptions."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Role
from fundapp.db import db, lock
from fundapp.errors import NotFoundError, StaleError
from fundapp.identity.errors import LastAdministratorError, OwnRoleError, WiderRolesError
from fundapp.identity.locking import lock_administrators, lock_user
from fundapp.identity.models import ExceptionReason, RoleException, User, authority_text
from fundapp.identity.policy import may_give_roles, may_manage_users
from fundapp.identity.role_rows import (
    ENDING_ROLE,
    ROLES,
    RoleMap,
    check_roles,
    check_until,
    hold_roles,
    is_narrower,
    require_districts,
    roles_as_values,
)
from fundapp.identity.steps import record_user_event, revoke_sessions
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal


def propose_roles(
    public_id: str,
    *,
    roles: Mapping[Role, Iterable[str]],
    until: date | None = None,
    version: str,
    actor: Actor,
) -> Proposal | None:
    """Have a person hold these roles, each for its districts, and no others; an auditor until this
    day, or without a last one. What only takes away holds at once (None); everything else is
    proposed, for another person to confirm.

    ``version`` is `User.authority` as the actor saw it. Raises ForbiddenError, RoleMissingError,
    RolesExcludedError, ExceptionMissingError, DistrictMissingError, UnknownDistrictError,
    OwnRoleError, AuditorDayError, LastAdministratorError, StaleError, NotFoundError,
    AlreadyProposedError, NothingProposedError.
    """
    require(may_manage_users(actor))
    lock_administrators()
    user = lock_user(public_id)
    if user.public_id == actor.ref:
        raise OwnRoleError(field="roles")
    if user.authority() != version:
        raise StaleError
    wanted = check_roles(roles, user.allowances())
    require_districts(wanted)
    check_until(wanted, until)
    is_same_end = ENDING_ROLE not in wanted or until == user.last_days().get(ENDING_ROLE)
    if wanted != user.role_map() and is_same_end and is_narrower(wanted, user.role_map()):
        narrow_roles(public_id, roles=wanted, actor=actor)
        return None
    return make_proposal(ROLES, public_id, roles_as_values(wanted, until), actor=actor)


def narrow_roles(public_id: str, *, roles: RoleMap, actor: Actor) -> User:
    """Take roles and districts away until a person holds only these; every session ends at once.

    Raises ForbiddenError, OwnRoleError, WiderRolesError, LastAdministratorError, NotFoundError.
    """
    require(may_manage_users(actor))
    user = _lock_holder(public_id, roles)
    if user.public_id == actor.ref:
        raise OwnRoleError(field="roles")
    if not is_narrower(roles, user.role_map()):
        raise WiderRolesError(field="roles")
    _record_change(user, roles, actor)
    hold_roles(user, roles, until=user.last_days().get(ENDING_ROLE))
    return user


def give_roles(
    public_id: str,
    *,
    roles: RoleMap,
    until: date | None = None,
    proposal_id: int | None = None,
    actor: Actor,
) -> User:
    """Have a person hold exactly these roles, an auditor until this day; every session ends, so
    that the change holds at once.

    Asked by a confirmed proposal, or by a command that sets the installation up. Raises
    ForbiddenError, what `check_roles` raises, LastAdministratorError, NotFoundError.
    """
    require(may_give_roles(actor))
    user = _lock_holder(public_id, roles)
    wanted = check_roles(roles, user.allowances())
    event_id = _record_change(user, wanted, actor)
    made_by = {"proposal_id": proposal_id, "event_id": None if proposal_id else event_id}
    hold_roles(user, wanted, until=until, **made_by)
    return user


def make_exception(
    proposal: Proposal,
    *,
    role: Role,
    beside: Role,
    reason: ExceptionReason,
    ends_on: date,
    actor: Actor,
) -> RoleException:
    """Write the exception of a confirmed proposal. Raises ForbiddenError, NotFoundError."""
    require(may_give_roles(actor))
    user = lock_user(proposal.subject)
    exception = RoleException(
        user_id=user.id,
        role=role,
        beside=beside,
        reason=reason,
        starts_on=clock.today(),
        ends_on=ends_on,
        proposal_id=proposal.id,
        proposed_by_id=proposal.proposed_by_id,
        confirmed_by_id=actor.person_id,
    )
    user.exceptions.append(exception)
    db.session.flush()
    record_user_event(
        "identity:exception:make", user, actor, note=f"{role} beside {beside} until {ends_on}"
    )
    return exception


def end_exception(public_id: str, exception_id: int, *, actor: Actor) -> RoleException:
    """End an exception today: the role that it allowed gives nothing any more, and every session of
    the person ends. One administrator does it alone.

    Raises ForbiddenError, NotFoundError.
    """
    require(may_manage_users(actor))
    user = lock_user(public_id)
    found = lock(
        select(RoleException).where(
            RoleException.id == exception_id, RoleException.user_id == user.id
        )
    )
    if found is None:
        raise NotFoundError
    if found.ended_on is None:
        found.ended_on, found.ended_by_id = clock.today(), actor.person_id
        revoke_sessions(user)
        record_user_event(
            "identity:exception:end", user, actor, note=f"{found.role} beside {found.beside}"
        )
    return found


def _lock_holder(public_id: str, roles: RoleMap) -> User:
    """The user, locked. LastAdministratorError when nobody would be an administrator any more."""
    administrators = lock_administrators()
    user = lock_user(public_id)
    was_administrator = Role.ADMINISTRATOR in user.role_set()
    if was_administrator and Role.ADMINISTRATOR not in roles and administrators == [user.id]:
        raise LastAdministratorError(field="roles")
    return user


def _record_change(user: User, roles: RoleMap, actor: Actor) -> int:
    """End every session; the id of the event that says what the person holds from now on."""
    revoke_sessions(user)
    note = authority_text(roles)
    changes = {"roles": (user.authority(), note)}
    event = record_user_event("identity:user:change-roles", user, actor, note, changes)
    return event.id
