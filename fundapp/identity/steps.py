"""Steps that several operations on users share."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, select, update

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.identity.credentials import RECOVERY_BYTES, new_code, new_token, token_hash
from fundapp.identity.locking import lock_open_invitation
from fundapp.identity.models import RecoveryCode, User, UserSession
from fundapp.identity.policy import is_own_session
from fundapp.trail.models import AuditEvent
from fundapp.trail.operations import record_event

Changes = Mapping[str, tuple[object, object]]

#: The longest a session lasts, however much it is used (OWASP: 4–8 hours for staff).
STAFF_ABSOLUTE = timedelta(hours=8)
RECOVERY_CODES = 10


def revoke_sessions(user: User, *, keep: int | None = None) -> None:
    """End every session of a person but the one with the id ``keep``."""
    statement = update(UserSession).where(
        UserSession.user_id == user.id, UserSession.revoked_at.is_(None)
    )
    if keep is not None:
        statement = statement.where(UserSession.id != keep)
    db.session.execute(statement.values(revoked_at=clock.now()))


def cancel_invitation(user: User) -> None:
    """End the person's open invitation, if there is one."""
    invitation = lock_open_invitation(user)
    if invitation is not None:
        invitation.cancelled_at = clock.now()
        db.session.flush()


def record_user_event(
    action: str, user: User, actor: Actor, note: str = "", changes: Changes | None = None
) -> AuditEvent:
    """Write to the trail that ``actor`` did ``action`` to the user; ``changes`` are the values
    before and after by name.
    """
    return record_event(
        action,
        actor=actor,
        subject_type="user",
        subject_ref=user.public_id,
        note=note,
        changes=changes,
    )


def renew_session(session_id: int, actor: Actor) -> str:
    """Note that a second factor was proved in one of the actor's sessions; returns its new token.

    The old token opens nothing any more. A session of which only the password was right is one
    from now on. Raises NotFoundError when it has ended or is another's.
    """
    session = _lock_own_session(session_id, actor)
    now = clock.now()
    if session.factor_at is None:
        session.expires_at = now + STAFF_ABSOLUTE
        user = db.session.get_one(User, session.user_id)
        record_user_event("identity:session:open", user, actor)
    # By the clock, as `fresh_factor` asks: time may stand still, and no factor is fresh for ever.
    session.factor_at, session.last_seen_at = clock.reading(), now
    return _give_token(session)


def rotate_session(session_id: int, actor: Actor) -> str:
    """Give one of the actor's sessions a new token, and return it; the old one opens nothing.

    Raises NotFoundError when it has ended or is another's.
    """
    return _give_token(_lock_own_session(session_id, actor))


def _lock_own_session(session_id: int, actor: Actor) -> UserSession:
    session = lock(select(UserSession).where(UserSession.id == session_id))
    if session is None or session.revoked_at is not None or not is_own_session(actor, session):
        raise NotFoundError
    return session


def _give_token(session: UserSession) -> str:
    token = new_token()
    session.token_sha256 = token_hash(token)
    return token


def make_recovery_codes(user: User) -> tuple[str, ...]:
    """New recovery codes in place of those there were; only their hashes are stored."""
    now = clock.now()
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = tuple(new_code(RECOVERY_BYTES) for _number in range(RECOVERY_CODES))
    db.session.add_all(
        RecoveryCode(user_id=user.id, code_sha256=token_hash(code), made_at=now) for code in codes
    )
    return codes
