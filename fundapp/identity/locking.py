"""Row locks of identity, held until the unit of work ends."""

from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.identity.models import Invitation, User, UserRole, UserStatus


def lock_user(public_id: str) -> User:
    """The user, locked; NotFoundError."""
    user = lock(select(User).where(User.public_id == public_id))
    if user is None:
        raise NotFoundError
    return user


def lock_open_invitation(user: User) -> Invitation | None:
    """The person's invitation that was neither used nor cancelled, locked; there is one at most."""
    return lock(
        select(Invitation).where(
            Invitation.user_id == user.id,
            Invitation.used_at.is_(None),
            Invitation.cancelled_at.is_(None),
        )
    )


def lock_administrators() -> list[int]:
    """The ids of all active administrators, locked.

    Without the locks two administrators could disable each other, or take the role from each other,
    at the same time, and none would be left.
    """
    administrators = (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.ADMINISTRATOR)
        .order_by(User.id)
        .with_for_update(of=User)
    )
    locked = db.session.scalars(administrators).all()
    # Read again: while this waited for the locks, somebody may have been disabled or lost the role.
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
