"""A donor signs in by a link in the mailbox, with no password.

A link works once, for a quarter of an hour. In the browser that asked for it one button is enough;
in another one the address is typed, so that a link that somebody else got hold of opens nothing by
itself. Whoever works for the fund gets none: that takes a password and a second factor.
"""

import secrets
from datetime import timedelta

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Role
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.identity import emails, mailboxes, passwords
from fundapp.identity.credentials import new_token, token_hash
from fundapp.identity.errors import LinkOverError, OtherMailboxError
from fundapp.identity.models import SignInLink, User, UserStatus
from fundapp.identity.policy import may_try_to_sign_in
from fundapp.identity.queries import find_user_by_email
from fundapp.identity.role_rows import hold_roles
from fundapp.identity.steps import cancel_invitation, record_user_event
from fundapp.mail.operations import queue_message

LASTS = timedelta(minutes=15)


def send_sign_in_link(email: str, *, browser: str, locale: str, actor: Actor) -> None:
    """Send a link to a mailbox, if a donor has it; ``browser`` is the secret of the asking browser.

    Whoever asks is not told whether anybody has the address. Raises ForbiddenError.
    """
    require(may_try_to_sign_in(actor))
    if not _may_have_link(email):
        return
    token, now = new_token(), clock.now()
    link = SignInLink(
        email=email,
        token_sha256=token_hash(token),
        browser_sha256=token_hash(browser),
        asked_at=now,
        expires_at=now + LASTS,
    )
    db.session.add(link)
    db.session.flush()
    queue_message(emails.sign_in_link(link, token, locale), actor=actor)


def use_sign_in_link(token: str, *, browser: str, typed_email: str | None, actor: Actor) -> User:
    """The donor whom a link signs in; it is used with that. Somebody who gave without an account
    gets one.

    ``typed_email`` is needed where ``browser`` is not the secret of the browser that asked. Raises
    ForbiddenError, NotFoundError, LinkOverError, OtherMailboxError.
    """
    require(may_try_to_sign_in(actor))
    link = lock(select(SignInLink).where(SignInLink.token_sha256 == token_hash(token)))
    now = clock.now()
    if link is None:
        raise NotFoundError
    if not link.is_open(now) or not _may_have_link(link.email):
        raise LinkOverError
    if link.browser_sha256 != token_hash(browser) and typed_email != link.email:
        raise OtherMailboxError(field="email")
    link.used_at = now
    user = find_user_by_email(link.email) or _join(link.email, actor)
    if user.status is UserStatus.INVITED:
        _let_in(user)
    user.mailbox_proved_at = now
    db.session.flush()
    return user


def _may_have_link(email: str) -> bool:
    """Whether the address is a donor's, with an account or without; a disabled one's is not."""
    user = find_user_by_email(email)
    if user is None:
        return mailboxes.is_of_donor(email)
    return user.status is not UserStatus.DISABLED and user.role_set() == {Role.DONOR}


def _join(email: str, actor: Actor) -> User:
    """A new account of a donor. Its owner gave it to itself, so its role has no proposal."""
    user = User(email=email, name=email, created_at=clock.now())
    db.session.add(user)
    db.session.flush()
    event = record_user_event("identity:user:create", user, actor, note=str(Role.DONOR))
    hold_roles(user, {Role.DONOR: frozenset()}, event_id=event.id)
    return user


def _let_in(user: User) -> None:
    """Make somebody active who never chose a password: with one that nobody knows."""
    cancel_invitation(user)
    user.password_hash = passwords.hash_password(secrets.token_urlsafe(32))
    user.status = UserStatus.ACTIVE
