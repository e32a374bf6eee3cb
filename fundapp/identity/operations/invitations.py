"""Inviting people to choose a password of their own, and what they choose.

Nobody but the person ever knows a password: an administrator hands over an invitation, which works
once, for a few days.
"""

from datetime import timedelta

from sqlalchemy import delete, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock
from fundapp.identity import emails, passwords
from fundapp.identity.credentials import INVITATION_BYTES, new_code, token_hash
from fundapp.identity.errors import InvitationOverError, NotInvitedError, OwnAccountError
from fundapp.identity.locking import lock_user
from fundapp.identity.models import (
    Delivery,
    Invitation,
    InvitationPurpose,
    Passkey,
    RecoveryCode,
    TotpSecret,
    User,
    UserStatus,
)
from fundapp.identity.policy import may_manage_users, may_try_to_sign_in
from fundapp.identity.queries import get_invitation
from fundapp.identity.steps import cancel_invitation, record_user_event, revoke_sessions
from fundapp.mail.operations import queue_message

LASTS = timedelta(hours=72)


def invite(public_id: str, *, delivery: Delivery, actor: Actor) -> str:
    """Invite a person who has no password; returns the invitation's code, which is kept nowhere.

    An earlier invitation ends. Delivered by mail, the code is in the message alone. Raises
    ForbiddenError, NotFoundError, NotInvitedError.
    """
    require(may_manage_users(actor))
    user = lock_user(public_id)
    if user.status is not UserStatus.INVITED:
        raise NotInvitedError
    return _make(user, InvitationPurpose.INVITE, delivery, actor)


def reset_sign_in(public_id: str, *, delivery: Delivery, actor: Actor) -> str:
    """Take the password and every second factor of a person away, end all sessions, and invite the
    person anew; the person is told by mail. Returns the invitation's code.

    Raises ForbiddenError, OwnAccountError, NotFoundError, NotInvitedError for a disabled person.
    """
    require(may_manage_users(actor))
    user = lock_user(public_id)
    if user.public_id == actor.ref:
        raise OwnAccountError
    if user.status is UserStatus.DISABLED:
        raise NotInvitedError
    user.status, user.password_hash = UserStatus.INVITED, None
    for table in (TotpSecret, Passkey, RecoveryCode):
        db.session.execute(delete(table).where(table.user_id == user.id))
    revoke_sessions(user)
    if delivery is not Delivery.MAIL:
        queue_message(emails.sign_in_was_reset(user), actor=actor)
    return _make(user, InvitationPurpose.RESET, delivery, actor)


def accept_invitation(code: str, *, password: str, actor: Actor) -> User:
    """Choose the password of the invited person, who may sign in from now on; the invitation is
    used, and its person is told by mail.

    Raises ForbiddenError for a process, NotFoundError, InvitationOverError, WeakPasswordError.
    """
    require(may_try_to_sign_in(actor))
    found = get_invitation(code)
    user = lock_user(found.user.public_id)
    invitation = lock(select(Invitation).where(Invitation.id == found.id))
    if invitation is None or not invitation.is_open(clock.now()):
        raise InvitationOverError
    if user.status is not UserStatus.INVITED:
        raise InvitationOverError
    passwords.check_rules(password, about=(user.email, user.name))
    user.password_hash = passwords.hash_password(password)
    user.status = UserStatus.ACTIVE
    invitation.used_at = clock.now()
    record_user_event("identity:user:accept-invitation", user, user.as_actor())
    queue_message(emails.invitation_was_used(user), actor=user.as_actor())
    return user


def _make(user: User, purpose: InvitationPurpose, delivery: Delivery, actor: Actor) -> str:
    cancel_invitation(user)
    code, now = new_code(INVITATION_BYTES), clock.now()
    invitation = Invitation(
        user_id=user.id,
        purpose=purpose,
        delivery=delivery,
        token_sha256=token_hash(code),
        made_by=actor.ref,
        made_at=now,
        expires_at=now + LASTS,
    )
    db.session.add(invitation)
    if delivery is Delivery.MAIL:
        queue_message(emails.invitation(user, invitation, code), actor=actor)
    record_user_event(f"identity:user:{purpose}", user, actor, note=str(delivery))
    return code
