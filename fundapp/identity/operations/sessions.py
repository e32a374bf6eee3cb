"""Sign-ins: sessions opened, used and ended, and tries that were refused."""

from datetime import timedelta

from sqlalchemy import select, update

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.identity.credentials import new_token, token_hash
from fundapp.identity.locking import lock_user
from fundapp.identity.models import User, UserSession
from fundapp.identity.policy import is_own_session, may_manage_users, may_sign_in
from fundapp.identity.steps import record_user_event, revoke_sessions
from fundapp.trail.operations import record_event

#: Absolute ends, whatever is done meanwhile (OWASP: 4–8 hours for staff; donors 12).
STAFF_ABSOLUTE = timedelta(hours=8)
DONOR_ABSOLUTE = timedelta(hours=12)
_LONGEST_AGENT = 200


def open_session(*, user_agent: str = "", actor: Actor) -> str:
    """Sign the actor in on one device; gives back the token, of which only the hash is kept.

    Raises ForbiddenError for somebody who may not sign in.
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
            expires_at=now + (STAFF_ABSOLUTE if user.is_staff else DONOR_ABSOLUTE),
            user_agent=user_agent[:_LONGEST_AGENT],
        )
    )
    record_user_event("identity:session:open", user, actor)
    return token


def touch_session(session_id: int, *, actor: Actor) -> None:
    """Note that one of the actor's sessions is in use. Raises ForbiddenError."""
    require(may_sign_in(actor))
    seen = update(UserSession).where(
        UserSession.id == session_id, UserSession.user_id == actor.person_id
    )
    db.session.execute(seen.values(last_seen_at=clock.now()))


def revoke_session(session_id: int, *, actor: Actor) -> UserSession:
    """End one of the actor's sessions. Raises NotFoundError for any other session."""
    row = lock(select(UserSession).where(UserSession.id == session_id))
    if row is None or not is_own_session(actor, row):
        raise NotFoundError
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        record_user_event("identity:session:revoke", lock_user(actor.ref), actor)
    return row


def revoke_other_sessions(*, keep: int | None, actor: Actor) -> None:
    """End the actor's sessions, but for the one with the id ``keep``. Raises ForbiddenError."""
    require(may_sign_in(actor))
    user = lock_user(actor.ref)
    revoke_sessions(user, keep=keep)
    record_user_event("identity:session:revoke-others", user, actor)


def close_session(token: str, *, actor: Actor) -> None:
    """End the actor's session that a cookie's token opens, if there is one."""
    row = lock(
        select(UserSession).where(
            UserSession.token_sha256 == token_hash(token), UserSession.revoked_at.is_(None)
        )
    )
    if row is not None and is_own_session(actor, row):
        row.revoked_at = clock.now()
        user = db.session.get_one(User, row.user_id)
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
    """Write a failed sign-in to the trail; an unknown address is not kept: it may be anybody's."""
    record_event(
        "identity:session:refuse",
        actor=actor,
        subject_type="user",
        subject_ref=user.public_id if user else "unknown",
        note="disabled" if user is not None and not user.is_active else "",
    )
