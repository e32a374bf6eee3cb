"""Checks of how people sign in: with a second factor, and with what is used once."""

from collections.abc import Iterator

from sqlalchemy import exists, select

from fundapp.access.permissions import STAFF_ROLES
from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.db import db
from fundapp.identity.models import Passkey, TotpSecret, User, UserRole, UserSession
from fundapp.identity.operations import UNPROVED
from fundapp.markers import N_


def sessions_were_proved() -> Iterator[Violation]:
    """A session of staff that has not been ended proved a factor that is still there, or was begun
    for a few minutes only.
    """
    is_staff = exists().where(UserRole.user_id == User.id, UserRole.role.in_(STAFF_ROLES))
    has_app = exists().where(TotpSecret.user_id == User.id, TotpSecret.confirmed_at.is_not(None))
    has_passkey = exists().where(Passkey.user_id == User.id)
    statement = (
        select(UserSession, User.public_id, has_app | has_passkey)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.revoked_at.is_(None), is_staff)
        .order_by(UserSession.id)
    )
    for session, public_id, has_factor in db.session.execute(statement):
        if session.factor_at is not None and not has_factor:
            yield Violation(public_id, "has a session, but no second factor")
        elif session.factor_at is None and session.expires_at - session.created_at > UNPROVED:
            yield Violation(public_id, "has a session in which no second factor was proved")


def invitations_are_used_once() -> Iterator[Violation]:
    """An invitation that can be used is of somebody who has no password; who may sign in has
    one.
    """
    yield from violations(
        """
        SELECT u.public_id FROM invitations i JOIN users u ON u.id = i.user_id
        WHERE i.used_at IS NULL AND i.cancelled_at IS NULL AND u.status <> 'invited'
        """,
        "has an invitation that can be used, and a password",
    )
    yield from violations(
        """
        SELECT public_id FROM users
        WHERE (status = 'active' AND password_hash IS NULL)
            OR (status = 'invited' AND password_hash IS NOT NULL)
        """,
        "may sign in without a password, or is invited and has one",
    )


CHECKS = (
    Check(
        "identity.factors",
        N_("Nobody of the staff is signed in without a second factor."),
        sessions_were_proved,
    ),
    Check(
        "identity.invitations",
        N_("An invitation lets only somebody in who has no password yet."),
        invitations_are_used_once,
    ),
)
