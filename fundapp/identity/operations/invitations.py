"""Inviting people to choose a password of their own, and what they choose.

Nobody but the person ever knows a password: an administrator hands over an invitation, which works
once, for a few days. By mail it reaches its person alone. On paper it is two sheets, which two
administrators print, and both are needed.
"""

from datetime import timedelta
from hmac import compare_digest

from sqlalchemy import delete, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock
from fundapp.identity import emails, passwords
from fundapp.identity.credentials import (
    INVITATION_BYTES,
    SECOND_SHEET_BYTES,
    new_code,
    read_code,
    token_hash,
)
from fundapp.identity.errors import (
    InvitationOverError,
    NoSecondPrinterError,
    NoSheetWaitsError,
    NotInvitedError,
    OwnResetError,
    OwnSheetError,
    PrintedByTwoError,
    SecondSheetMissingError,
    WrongSheetError,
)
from fundapp.identity.locking import lock_open_invitation, lock_user
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
from fundapp.identity.policy import may_manage_users, may_print_alone, may_try_to_sign_in
from fundapp.identity.queries import get_invitation, has_been_set_up
from fundapp.identity.steps import cancel_invitation, record_user_event, revoke_sessions
from fundapp.mail.operations import queue_message
from fundapp.proposals.errors import ResetBetweenError
from fundapp.proposals.queries import find_administrators
from fundapp.proposals.resets import INVITED_AGAIN, RESET, SECOND_SHEET, may_be_one_person

LASTS = timedelta(hours=72)
_INVITED = "identity:user:invite"


def invite(public_id: str, *, delivery: Delivery, actor: Actor) -> str:
    """Invite a person who has no password; returns the invitation's code, which is kept nowhere.

    An earlier invitation ends. Delivered by mail, the code is in the message alone; on paper it is
    that of the first sheet. For somebody who had a password it is a reset. Raises ForbiddenError,
    NotFoundError, NotInvitedError, NoSecondPrinterError, PrintedByTwoError.
    """
    require(may_manage_users(actor))
    user = lock_user(public_id)
    if user.status is not UserStatus.INVITED:
        raise NotInvitedError
    _require_two_printers(user, delivery, actor)
    if has_been_set_up(user):
        return _make(user, InvitationPurpose.RESET, delivery, actor, INVITED_AGAIN)
    return _make(user, InvitationPurpose.INVITE, delivery, actor, _INVITED)


def reset_sign_in(public_id: str, *, delivery: Delivery, actor: Actor) -> str:
    """Take the password and every second factor of a person away, end all sessions, and invite the
    person anew; the person is told by mail. Returns the invitation's code, as `invite` does.

    Raises ForbiddenError, OwnResetError, NotFoundError, NotInvitedError for a disabled person,
    NoSecondPrinterError, PrintedByTwoError.
    """
    require(may_manage_users(actor))
    user = lock_user(public_id)
    if user.public_id == actor.ref:
        raise OwnResetError
    if user.status is UserStatus.DISABLED:
        raise NotInvitedError
    _require_two_printers(user, delivery, actor)
    user.status, user.password_hash = UserStatus.INVITED, None
    for table in (TotpSecret, Passkey, RecoveryCode):
        db.session.execute(delete(table).where(table.user_id == user.id))
    revoke_sessions(user)
    return _make(user, InvitationPurpose.RESET, delivery, actor, RESET)


def print_second_sheet(public_id: str, *, actor: Actor) -> str:
    """Give a person's invitation on paper its second code, which is kept nowhere, and return it.

    Raises ForbiddenError, NotFoundError, NoSheetWaitsError, OwnSheetError, ResetBetweenError.
    """
    require(may_manage_users(actor) and actor.user_id is not None)
    user = lock_user(public_id)
    invitation = lock_open_invitation(user)
    if invitation is None or not invitation.is_open(clock.now()):
        raise NoSheetWaitsError
    if not invitation.lacks_second_sheet:
        raise NoSheetWaitsError
    if actor.ref in (invitation.made_by, user.public_id):
        raise OwnSheetError
    if may_be_one_person(invitation.made_by, actor.ref):
        raise ResetBetweenError
    code = new_code(SECOND_SHEET_BYTES)
    invitation.second_sha256, invitation.second_by = token_hash(code), actor.ref
    record_user_event(SECOND_SHEET, user, actor, note=str(invitation.purpose))
    return code


def accept_invitation(code: str, *, password: str, actor: Actor, second_code: str = "") -> User:
    """Choose the password of the invited person, who may sign in from now on; the invitation is
    used, and its person is told by mail.

    Raises ForbiddenError for a process, NotFoundError, InvitationOverError,
    SecondSheetMissingError, WrongSheetError, WeakPasswordError.
    """
    require(may_try_to_sign_in(actor))
    found = get_invitation(code)
    user = lock_user(found.user.public_id)
    invitation = lock(select(Invitation).where(Invitation.id == found.id))
    if invitation is None or not invitation.is_open(clock.now()):
        raise InvitationOverError
    if user.status is not UserStatus.INVITED:
        raise InvitationOverError
    _require_second_sheet(invitation, second_code)
    passwords.check_rules(password, about=(user.email, user.name))
    user.password_hash = passwords.hash_password(password)
    user.status = UserStatus.ACTIVE
    invitation.used_at = clock.now()
    record_user_event("identity:user:accept-invitation", user, user.as_actor())
    queue_message(emails.invitation_was_used(user), actor=user.as_actor())
    return user


def _require_two_printers(user: User, delivery: Delivery, actor: Actor) -> None:
    """On paper somebody else has to print the second sheet; a command prints one sheet alone while
    there are no two administrators. Raises NoSecondPrinterError, PrintedByTwoError.
    """
    if delivery is not Delivery.PAPER or may_print_alone(actor):
        return
    if actor.user_id is None:
        raise PrintedByTwoError
    if not find_administrators() - {actor.ref, user.public_id}:
        raise NoSecondPrinterError(field="delivery")


def _require_second_sheet(invitation: Invitation, code: str) -> None:
    if not invitation.needs_two_sheets:
        return
    if invitation.second_sha256 is None:
        raise SecondSheetMissingError(field="second")
    if not compare_digest(invitation.second_sha256, token_hash(read_code(code))):
        raise WrongSheetError(field="second")


def _make(
    user: User, purpose: InvitationPurpose, delivery: Delivery, actor: Actor, action: str
) -> str:
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
    elif purpose is InvitationPurpose.RESET:
        queue_message(emails.sign_in_was_reset(user, invitation), actor=actor)
    record_user_event(action, user, actor, note=str(delivery))
    return code
