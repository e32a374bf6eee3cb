"""Opening, using and ending sessions, and recording refused sign-ins."""

from datetime import timedelta

from sqlalchemy import select, update

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.identity.credentials import new_token, token_hash
from fundapp.identity.locking import lock_user
from fundapp.identity.models import User, UserSession
from fundapp.identity.policy import (
    is_own_session,
    may_manage_users,
    may_sign_in,
    may_try_to_sign_in,
)
from fundapp.identity.steps import record_user_event, revoke_sessions
from fundapp.ids import LARGEST_ID
from fundapp.trail.operations import record_event

DONOR_ABSOLUTE = timedelta(hours=12)
#: How long staff have to prove their second factor, or to set one up, after the password.
UNPROVED = timedelta(minutes=30)
_LONGEST_AGENT = 200


def open_session(*, user_agent: str = "", actor: Actor) -> str:
    """Begin the actor's session on one device, after the password; returns its token, of which only
    the hash is stored.

    Somebody of the staff is signed in when a second factor is proved in it (`prove_factor`). Raises
    ForbiddenError for somebody who may not sign in.
    """
    require(may_sign_in(actor))
    user = db.session.get_one(User, actor.person_id)
    token = new_token()
    now = clock.now()
    db.session.add(
        UserSession(
            token_sha256=token_hash(token),
            user_id=user.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + (UNPROVED if user.is_staff else DONOR_ABSOLUTE),
            user_agent=user_agent[:_LONGEST_AGENT],
        )
    )
    action = "identity:session:begin" if user.is_staff else "identity:session:open"
    record_user_event(action, user, actor)
    return token


def touch_session(session_id: int, *, actor: Actor) -> None:
    """Note that one of the actor's sessions is in use; no event. Raises ForbiddenError."""
    require(may_sign_in(actor))
    statement = update(UserSession).where(
        UserSession.id == session_id, UserSession.user_id == actor.person_id
    )
    db.session.execute(statement.values(last_seen_at=clock.now()))


def revoke_session(session_id: int, *, actor: Actor) -> UserSession:
    """End one of the actor's sessions. Raises NotFoundError for any other session."""
    if session_id > LARGEST_ID:
        raise NotFoundError
    session = lock(select(UserSession).where(UserSession.id == session_id))
    if session is None or not is_own_session(actor, session):
        raise NotFoundError
    if session.revoked_at is None:
        session.revoked_at = clock.now()
        record_user_event("identity:session:revoke", lock_user(actor.ref), actor)
    return session


def revoke_other_sessions(*, keep: int | None, actor: Actor) -> None:
    """End the actor's sessions but the one with the id ``keep``. Raises ForbiddenError."""
    require(may_sign_in(actor))
    user = lock_user(actor.ref)
    revoke_sessions(user, keep=keep)
    record_user_event("identity:session:revoke-others", user, actor)


def close_session(token: str, *, actor: Actor) -> None:
    """End the actor's session with a cookie's token, if there is one."""
    session = lock(
        select(UserSession).where(
            UserSession.token_sha256 == token_hash(token), UserSession.revoked_at.is_(None)
        )
    )
    if session is not None and is_own_session(actor, session):
        session.revoked_at = clock.now()
        user = db.session.get_one(User, session.user_id)
        record_user_event("identity:session:close", user, actor)


def end_sessions(public_id: str, *, actor: Actor) -> User:
    """Sign a person out everywhere; the person may sign in again.

    Raises ForbiddenError, NotFoundError.
    """
    require(may_manage_users(actor))
    user = lock_user(public_id)
    revoke_sessions(user)
    record_user_event("identity:user:end-sessions", user, actor)
    return user


def record_failed_sign_in(user: User | None, *, actor: Actor) -> None:
    """Write a failed sign-in to the trail; an unknown address is not stored: it may be anybody's.

    Raises ForbiddenError for processes other than a visitor.
    """
    require(may_try_to_sign_in(actor))
    record_event(
        "identity:session:refuse",
        actor=actor,
        subject_type="user",
        subject_ref=user.public_id if user else "unknown",
        note="disabled" if user is not None and not user.is_active else "",
    )
