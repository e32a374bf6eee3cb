"""Adding, disabling and enabling users, and changing their roles and districts."""

from collections.abc import Iterable

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Role
from fundapp.db import db
from fundapp.email_addresses import read_email
from fundapp.errors import RuleError, StaleError, require_readable_name
from fundapp.identity.errors import (
    DistrictMissingError,
    EmailTakenError,
    LastAdministratorError,
    OwnAccountError,
    OwnRoleError,
    RoleMissingError,
    UnknownDistrictError,
)
from fundapp.identity.locking import lock_administrators, lock_user
from fundapp.identity.models import User, UserDistrict, UserRole, UserStatus
from fundapp.identity.policy import may_manage_users
from fundapp.identity.steps import cancel_invitation, record_user_event, revoke_sessions
from fundapp.places.models import District


def create_user(
    email: str,
    *,
    name: str,
    roles: Iterable[Role],
    districts: Iterable[str] = (),
    actor: Actor,
) -> User:
    """Add a person, who signs in after an invitation (`invite`). ``districts`` are the official
    four-digit codes of a case manager.

    Raises ForbiddenError, RuleError for an address that cannot be read, EmailTakenError,
    RoleMissingError, UnknownDistrictError and UnreadableNameError.
    """
    require(may_manage_users(actor))
    try:
        address = read_email(email)
    except ValueError as error:
        raise RuleError(str(error), field="email") from error
    if db.session.scalar(select(User.id).where(User.email == address)) is not None:
        raise EmailTakenError(field="email")
    wanted = sorted(set(roles))
    if not wanted:
        raise RoleMissingError(field="roles")
    codes = _known_districts(districts)
    require_readable_name(name, field="name")
    user = User(
        email=address,
        name=name.strip() or address,
        created_at=clock.now(),
        roles=[UserRole(role=role) for role in wanted],
        districts=[UserDistrict(district_code=code) for code in codes],
    )
    db.session.add(user)
    db.session.flush()
    record_user_event("identity:user:create", user, actor, note=", ".join([*wanted, *codes]))
    return user


def disable_user(public_id: str, *, actor: Actor) -> User:
    """Let a person sign in no more; every session ends at once.

    Raises ForbiddenError, OwnAccountError, LastAdministratorError, NotFoundError.
    """
    require(may_manage_users(actor))
    administrators = lock_administrators()
    user = lock_user(public_id)
    if user.public_id == actor.ref:
        raise OwnAccountError
    if user.status is UserStatus.DISABLED:
        return user
    if administrators == [user.id]:
        raise LastAdministratorError
    user.status = UserStatus.DISABLED
    revoke_sessions(user)
    cancel_invitation(user)
    record_user_event("identity:user:disable", user, actor)
    return user


def enable_user(public_id: str, *, actor: Actor) -> User:
    """Let a disabled person sign in again; who never chose a password needs a new invitation.

    Raises ForbiddenError, NotFoundError.
    """
    require(may_manage_users(actor))
    user = lock_user(public_id)
    if user.status is UserStatus.DISABLED:
        user.status = UserStatus.ACTIVE if user.password_hash else UserStatus.INVITED
        record_user_event("identity:user:enable", user, actor)
    return user


def change_roles(
    public_id: str,
    *,
    roles: Iterable[Role],
    districts: Iterable[str] = (),
    version: str,
    actor: Actor,
) -> User:
    """Replace a person's roles and, for a case manager, districts; every session ends, so that the
    change holds at once.

    ``version`` is `User.authority` as the actor saw it. Raises ForbiddenError,
    RoleMissingError, DistrictMissingError, UnknownDistrictError, OwnRoleError,
    LastAdministratorError, StaleError, NotFoundError.
    """
    require(may_manage_users(actor))
    wanted = frozenset(roles)
    if not wanted:
        raise RoleMissingError(field="roles")
    codes = frozenset(_known_districts(districts) if Role.CASE_MANAGER in wanted else ())
    if Role.CASE_MANAGER in wanted and not codes:
        raise DistrictMissingError(field="districts")
    administrators = lock_administrators()
    user = lock_user(public_id)
    if user.authority() != version:
        raise StaleError
    if Role.ADMINISTRATOR in user.role_set() - wanted:
        if user.public_id == actor.ref:
            raise OwnRoleError(field="roles")
        if administrators == [user.id]:
            raise LastAdministratorError(field="roles")
    if wanted == user.role_set() and codes == user.district_codes():
        return user
    user.roles = [row for row in user.roles if row.role in wanted] + [
        UserRole(role=role) for role in sorted(wanted - user.role_set())
    ]
    user.districts = [row for row in user.districts if row.district_code in codes] + [
        UserDistrict(district_code=code) for code in sorted(codes - user.district_codes())
    ]
    revoke_sessions(user)
    record_user_event("identity:user:change-roles", user, actor, note=user.authority())
    return user


def _known_districts(codes: Iterable[str]) -> list[str]:
    wanted = sorted({code.strip() for code in codes})
    known = set(db.session.scalars(select(District.code).where(District.code.in_(wanted))))
    for code in wanted:
        if code not in known:
            raise UnknownDistrictError(field="districts", params={"code": code})
    return wanted
