"""Adding, disabling and enabling users."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Role
from fundapp.db import db
from fundapp.email_addresses import read_email
from fundapp.errors import RuleError, require_readable_name
from fundapp.identity.errors import EmailTakenError, LastAdministratorError, OwnAccountError
from fundapp.identity.locking import lock_administrators, lock_user
from fundapp.identity.models import User, UserStatus, authority_text
from fundapp.identity.policy import may_give_roles, may_manage_users
from fundapp.identity.role_rows import (
    ROLES,
    check_roles,
    check_until,
    hold_roles,
    roles_as_values,
)
from fundapp.identity.steps import cancel_invitation, record_user_event, revoke_sessions
from fundapp.proposals.operations import make_proposal


def create_user(
    email: str,
    *,
    name: str,
    roles: Iterable[Role],
    districts: Iterable[str] = (),
    until: date | None = None,
    actor: Actor,
) -> User:
    """Add a person, who signs in after an invitation (`invite`). ``districts`` are the official
    four-digit codes for which the roles that are bound to districts are given; ``until`` is the
    last day of an auditor from outside.

    A command that sets the installation up gives the roles at once. Else they are proposed, and the
    person has none until another administrator confirms them.

    Raises ForbiddenError, RuleError for an address that cannot be read, EmailTakenError,
    RoleMissingError, RolesExcludedError, AuditorDayError, UnknownDistrictError and
    UnreadableNameError.
    """
    require(may_manage_users(actor))
    try:
        address = read_email(email)
    except ValueError as error:
        raise RuleError(str(error), field="email") from error
    if db.session.scalar(select(User.id).where(User.email == address)) is not None:
        raise EmailTakenError(field="email")
    codes = frozenset(districts)
    wanted = check_roles(dict.fromkeys(roles, codes))
    check_until(wanted, until)
    require_readable_name(name, field="name")
    user = User(
        email=address,
        name=name.strip() or address,
        created_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    is_given = may_give_roles(actor)
    note = authority_text(wanted) if is_given else ""
    event = record_user_event("identity:user:create", user, actor, note=note)
    if is_given:
        hold_roles(user, wanted, event_id=event.id)
    else:
        make_proposal(ROLES, user.public_id, roles_as_values(wanted, until), actor=actor)
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
    """Let a disabled person sign in again, which two people decide on: see `fundapp.proposals`. Who
    never chose a password needs a new invitation.

    Raises ForbiddenError, NotFoundError.
    """
    require(may_give_roles(actor))
    user = lock_user(public_id)
    if user.status is UserStatus.DISABLED:
        user.status = UserStatus.ACTIVE if user.password_hash else UserStatus.INVITED
        record_user_event("identity:user:enable", user, actor)
    return user
