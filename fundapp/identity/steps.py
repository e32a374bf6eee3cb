"""Steps that several operations on users share."""

from collections.abc import Mapping

from sqlalchemy import update

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.db import db
from fundapp.identity.models import User, UserSession
from fundapp.trail.models import AuditEvent
from fundapp.trail.operations import record_event

Changes = Mapping[str, tuple[object, object]]


def revoke_sessions(user: User, *, keep: int | None = None) -> None:
    """End every session of a person but the one with the id ``keep``."""
    statement = update(UserSession).where(
        UserSession.user_id == user.id, UserSession.revoked_at.is_(None)
    )
    if keep is not None:
        statement = statement.where(UserSession.id != keep)
    db.session.execute(statement.values(revoked_at=clock.now()))


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
