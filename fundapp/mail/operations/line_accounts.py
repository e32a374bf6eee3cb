"""A file is linked with an account at LINE, which may be blocked, followed again and unlinked."""

from datetime import datetime

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock_all
from fundapp.ids import new_id
from fundapp.mail.encryption import encrypt_line_user, lookup_line_user
from fundapp.mail.locking import lock_line_account
from fundapp.mail.models import Channel, LineAccount
from fundapp.mail.policy import may_choose_channel, may_note_channels
from fundapp.mail.steps import block_account
from fundapp.trail.operations import record_event


def link_account(
    recipient_type: str, recipient_ref: str, line_user: str, *, at: datetime, actor: Actor
) -> LineAccount:
    """Link a file with somebody's account at LINE, in place of the one that it had; the caller
    holds the file's lock and knows that it is theirs. LINE goes before e-mail from now on.

    ``at`` is when LINE heard of it. Raises ForbiddenError.
    """
    require(may_note_channels(actor))
    known = lock_line_account(recipient_type, recipient_ref)
    if known is not None:
        known.ended_at = clock.now()
        db.session.flush()
    row_id = new_id()
    account = LineAccount(
        id=row_id,
        recipient_type=recipient_type,
        recipient_ref=recipient_ref,
        user_encrypted=encrypt_line_user(row_id, line_user),
        user_lookup=lookup_line_user(line_user),
        is_preferred=True,
        linked_at=clock.now(),
        told_at=at,
    )
    db.session.add(account)
    _record("link", account, actor)
    db.session.flush()
    return account


def unlink_account(recipient_type: str, recipient_ref: str, *, actor: Actor) -> None:
    """End the link; messages that wait go by e-mail, where there is an address. Nothing happens
    without one. Raises ForbiddenError.
    """
    require(may_choose_channel(actor))
    account = lock_line_account(recipient_type, recipient_ref)
    if account is not None:
        account.ended_at = clock.now()
        _record("unlink", account, actor)
        db.session.flush()


def prefer_channel(
    recipient_type: str, recipient_ref: str, channel: Channel, *, actor: Actor
) -> None:
    """Put LINE before e-mail, or e-mail before LINE. Nothing happens without an account at LINE.
    Raises ForbiddenError.
    """
    require(may_choose_channel(actor))
    account = lock_line_account(recipient_type, recipient_ref)
    is_preferred = channel is Channel.LINE
    if account is not None and account.is_preferred != is_preferred:
        account.is_preferred = is_preferred
        _record("prefer" if is_preferred else "put-aside", account, actor)
        db.session.flush()


def note_blocked(line_user: str, *, at: datetime, actor: Actor) -> None:
    """Somebody blocked the fund's account at LINE. Raises ForbiddenError."""
    require(may_note_channels(actor))
    for account in _accounts_of(line_user):
        block_account(account, at)
    db.session.flush()


def note_followed(line_user: str, *, at: datetime, actor: Actor) -> None:
    """Somebody follows the fund's account at LINE, perhaps again. Raises ForbiddenError."""
    require(may_note_channels(actor))
    for account in _accounts_of(line_user):
        if at >= account.told_at:
            account.blocked_at, account.told_at = None, at
    db.session.flush()


def _accounts_of(line_user: str) -> list[LineAccount]:
    return lock_all(
        select(LineAccount)
        .where(
            LineAccount.user_lookup == lookup_line_user(line_user), LineAccount.ended_at.is_(None)
        )
        .order_by(LineAccount.id)
    )


def _record(verb: str, account: LineAccount, actor: Actor) -> None:
    record_event(
        f"mail:line:{verb}",
        actor=actor,
        subject_type=account.recipient_type,
        subject_ref=account.recipient_ref,
    )
