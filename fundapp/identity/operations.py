"""Every change of who may sign in, and of who is signed in."""

import re
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select, update

from fundapp import clock
from fundapp.db import db, lock
from fundapp.errors import NotFoundError, StaleError
from fundapp.identity import passwords
from fundapp.identity.credentials import new_token, normalised_email, token_hash
from fundapp.identity.errors import (
    DistrictMissingError,
    EmailTakenError,
    InvalidEmailError,
    LastAdministratorError,
    OwnAccountError,
    OwnRoleError,
    RoleMissingError,
    UnknownDistrictError,
    WrongPasswordError,
)
from fundapp.identity.models import User, UserDistrict, UserRole, UserSession, UserStatus
from fundapp.identity.permissions import Role
from fundapp.places.models import District
from fundapp.trail.operations import record_event

#: Absolute ends, whatever is done meanwhile (OWASP: 4–8 hours for staff; donors 12).
STAFF_ABSOLUTE = timedelta(hours=8)
DONOR_ABSOLUTE = timedelta(hours=12)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", re.ASCII)
_LONGEST_EMAIL = 254
_LONGEST_AGENT = 200


def create_user(
    email: str,
    *,
    name: str,
    password: str,
    roles: Iterable[Role],
    districts: Iterable[str] = (),
    actor: str,
) -> User:
    """Let a person sign in. ``districts`` bind a case manager to official four-digit codes.

    Raises InvalidEmailError, EmailTakenError, RoleMissingError, UnknownDistrictError and
    WeakPasswordError.
    """
    address = normalised_email(email)
    if not _EMAIL.fullmatch(address) or len(address) > _LONGEST_EMAIL:
        raise InvalidEmailError(field="email")
    if db.session.scalar(select(User.id).where(User.email == address)) is not None:
        raise EmailTakenError(field="email")
    wanted = sorted(set(roles))
    if not wanted:
        raise RoleMissingError(field="roles")
    codes = _known_districts(districts)
    passwords.check_rules(password, about=(address, name))
    user = User(
        email=address,
        name=name.strip() or address,
        password_hash=passwords.hash_password(password),
        created_at=clock.now(),
        roles=[UserRole(role=role) for role in wanted],
        districts=[UserDistrict(district_code=code) for code in codes],
    )
    db.session.add(user)
    db.session.flush()
    _record("identity:user:create", user, actor, note=", ".join([*wanted, *codes]))
    return user


def change_password(public_id: str, *, current: str, new: str) -> User:
    """Change one's own password; every session ends.

    Raises WrongPasswordError, WeakPasswordError.
    """
    user = _locked_user(public_id)
    if not passwords.verify_password(user.password_hash, current):
        raise WrongPasswordError(field="current")
    passwords.check_rules(new, about=(user.email, user.name))
    user.password_hash = passwords.hash_password(new)
    revoke_all_sessions(user)
    _record("identity:user:change-password", user, user.public_id)
    return user


def reset_password(public_id: str, *, new: str, actor: str) -> User:
    """Give a person a new password; every session of that person ends. Raises WeakPasswordError."""
    user = _locked_user(public_id)
    passwords.check_rules(new, about=(user.email, user.name))
    user.password_hash = passwords.hash_password(new)
    revoke_all_sessions(user)
    _record("identity:user:reset-password", user, actor)
    return user


def renew_hash(public_id: str, *, password: str) -> None:
    """Hash a password that was just verified anew, at the present cost."""
    user = _locked_user(public_id)
    user.password_hash = passwords.hash_password(password)


def disable_user(public_id: str, *, actor: str) -> User:
    """Let a person sign in no more; every session ends at once.

    Raises OwnAccountError, LastAdministratorError, NotFoundError.
    """
    administrators = _locked_administrators()
    user = _locked_user(public_id)
    if user.public_id == actor:
        raise OwnAccountError
    if user.status is UserStatus.DISABLED:
        return user
    if administrators == [user.id]:
        raise LastAdministratorError
    user.status = UserStatus.DISABLED
    revoke_all_sessions(user)
    _record("identity:user:disable", user, actor)
    return user


def enable_user(public_id: str, *, actor: str) -> User:
    """Let a disabled person sign in again. Raises NotFoundError."""
    user = _locked_user(public_id)
    if user.status is UserStatus.DISABLED:
        user.status = UserStatus.ACTIVE
        _record("identity:user:enable", user, actor)
    return user


def change_roles(
    public_id: str,
    *,
    roles: Iterable[Role],
    districts: Iterable[str] = (),
    version: str,
    actor: str,
) -> User:
    """Give a person these roles and, for a case manager, these districts in place of the present
    ones; every session ends, so that the change holds at once.

    ``version`` is the authority that the actor saw (`User.authority`). Raises RoleMissingError,
    DistrictMissingError, UnknownDistrictError, OwnRoleError, LastAdministratorError, StaleError,
    NotFoundError.
    """
    wanted = frozenset(roles)
    if not wanted:
        raise RoleMissingError(field="roles")
    codes = frozenset(_known_districts(districts) if Role.CASE_MANAGER in wanted else ())
    if Role.CASE_MANAGER in wanted and not codes:
        raise DistrictMissingError(field="districts")
    administrators = _locked_administrators()
    user = _locked_user(public_id)
    if user.authority() != version:
        raise StaleError
    if Role.ADMINISTRATOR in user.role_set() - wanted:
        if user.public_id == actor:
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
    revoke_all_sessions(user)
    _record("identity:user:change-roles", user, actor, note=user.authority())
    return user


def end_sessions(public_id: str, *, actor: str) -> User:
    """Sign a person out everywhere; the person may sign in again. Raises NotFoundError."""
    user = _locked_user(public_id)
    revoke_all_sessions(user)
    _record("identity:user:end-sessions", user, actor)
    return user


def open_session(user: User, *, user_agent: str = "") -> str:
    """Sign a person in on one device; gives back the token, of which only the hash is kept."""
    token = new_token()
    now = clock.now()
    db.session.add(
        UserSession(
            token_sha256=token_hash(token),
            user_id=user.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + (STAFF_ABSOLUTE if user.is_staff else DONOR_ABSOLUTE),
            user_agent=user_agent[:_LONGEST_AGENT],
        )
    )
    _record("identity:session:open", user, user.public_id)
    return token


def revoke_session(session_id: int, *, owner: User) -> UserSession:
    """End one of the owner's sessions. Raises NotFoundError for any other session."""
    row = lock(
        select(UserSession).where(UserSession.id == session_id, UserSession.user_id == owner.id)
    )
    if row is None:
        raise NotFoundError
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        _record("identity:session:revoke", owner, owner.public_id)
    return row


def revoke_token(token: str) -> None:
    """End the session that a cookie's token opens, if there is one."""
    row = lock(
        select(UserSession).where(
            UserSession.token_sha256 == token_hash(token), UserSession.revoked_at.is_(None)
        )
    )
    if row is not None:
        row.revoked_at = clock.now()
        user = db.session.get_one(User, row.user_id)
        _record("identity:session:close", user, user.public_id)


def revoke_all_sessions(user: User, *, keep: int | None = None) -> None:
    """End every session of a person, but for the one with the id ``keep``."""
    statement = update(UserSession).where(
        UserSession.user_id == user.id, UserSession.revoked_at.is_(None)
    )
    if keep is not None:
        statement = statement.where(UserSession.id != keep)
    db.session.execute(statement.values(revoked_at=clock.now()))


def touch(session_id: int) -> None:
    """Note that a session is in use."""
    seen = update(UserSession).where(UserSession.id == session_id)
    db.session.execute(seen.values(last_seen_at=clock.now()))


def record_failed_sign_in(user: User | None) -> None:
    """Write a failed sign-in to the trail; an unknown address is not kept: it may be anybody's."""
    record_event(
        "identity:session:refuse",
        actor="public",
        subject_type="user",
        subject_ref=user.public_id if user else "unknown",
        note="disabled" if user is not None and not user.is_active else "",
    )


def _locked_user(public_id: str) -> User:
    user = lock(select(User).where(User.public_id == public_id))
    if user is None:
        raise NotFoundError
    return user


def _locked_administrators() -> list[int]:
    """The ids of everybody who may let others in; locked, or two could disable each other at once,
    or take the role from each other, and nobody would be left.
    """
    administrators = (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.ADMINISTRATOR)
        .order_by(User.id)
        .with_for_update(of=User)
    )
    locked = db.session.scalars(administrators).all()
    # Read after waiting for the locks: somebody may have been disabled or lost the role meanwhile.
    active = (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(
            UserRole.role == Role.ADMINISTRATOR,
            User.id.in_(locked),
            User.status == UserStatus.ACTIVE,
        )
    )
    return list(db.session.scalars(active))


def _known_districts(codes: Iterable[str]) -> list[str]:
    wanted = sorted({code.strip() for code in codes})
    known = set(db.session.scalars(select(District.code).where(District.code.in_(wanted))))
    for code in wanted:
        if code not in known:
            raise UnknownDistrictError(field="districts", params={"code": code})
    return wanted


def _record(action: str, user: User, actor: str, note: str = "") -> None:
    record_event(action, actor=actor, subject_type="user", subject_ref=user.public_id, note=note)
