"""Reads of the outbox, and of the ways to those whom it writes to."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, case, select

from fundapp import clock
from fundapp.db import count_rows, db
from fundapp.errors import NotFoundError
from fundapp.ids import LARGEST_ID
from fundapp.mail.drafts import MessageDraft
from fundapp.mail.models import (
    LATE_AFTER,
    MAX_ATTEMPTS,
    Channel,
    FailingAddress,
    LineAccount,
    MailMessage,
    MailState,
)
from fundapp.mail.policy import choose_channel


def count_messages(state: MailState) -> int:
    """How many messages are in a state."""
    return count_rows(select(MailMessage.id).where(_is_in(state)))


def list_messages(
    *, state: MailState | None = None, after: int | None = None, limit: int = 50
) -> list[MailMessage]:
    """Messages, newest first, older than the one with the id ``after``."""
    statement = select(MailMessage).order_by(MailMessage.id.desc()).limit(limit)
    if state is not None:
        statement = statement.where(_is_in(state))
    if after is not None:
        statement = statement.where(MailMessage.id < after)
    return list(db.session.scalars(statement))


def get_message(message_id: int) -> MailMessage:
    """The message with this id. Raises NotFoundError."""
    message = db.session.get(MailMessage, message_id) if message_id <= LARGEST_ID else None
    if message is None:
        raise NotFoundError
    return message


def messages_to(
    recipient_type: str, refs: Collection[str], *, after: int | None = None, limit: int = 50
) -> list[MailMessage]:
    """The messages in the files of these recipients, newest first, older than the one with the id
    ``after``.
    """
    statement = (
        select(MailMessage)
        .where(MailMessage.recipient_type == recipient_type, MailMessage.recipient_ref.in_(refs))
        .order_by(MailMessage.id.desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(MailMessage.id < after)
    return list(db.session.scalars(statement))


def find_line_account(recipient_type: str, recipient_ref: str) -> LineAccount | None:
    """The LINE account that is linked with a file."""
    return db.session.scalar(
        select(LineAccount).where(
            LineAccount.recipient_type == recipient_type,
            LineAccount.recipient_ref == recipient_ref,
            LineAccount.ended_at.is_(None),
        )
    )


def linked_among(recipient_type: str, refs: Collection[str]) -> set[str]:
    """Those of the files that are linked with an account at LINE."""
    if not refs:
        return set()
    statement = select(LineAccount.recipient_ref).where(
        LineAccount.recipient_type == recipient_type,
        LineAccount.recipient_ref.in_(refs),
        LineAccount.ended_at.is_(None),
    )
    return set(db.session.scalars(statement))


def find_failing(address: str | None) -> FailingAddress | None:
    """What is known of an address of e-mail that takes nothing."""
    if not address:
        return None
    return db.session.scalar(
        select(FailingAddress).where(
            FailingAddress.address == address.lower(), FailingAddress.cleared_at.is_(None)
        )
    )


def channels_of(drafts: Sequence[MessageDraft]) -> list[Channel | None]:
    """By which way each message goes, with two statements for all of them; `choose_channel`."""
    accounts = _accounts_of(drafts)
    failing = _failing_of({draft.to_address.lower() for draft in drafts if draft.to_address})
    channels = []
    for draft in drafts:
        account = accounts.get((draft.recipient_type, draft.recipient_ref))
        if draft.by_mail_only:
            account = None
        channels.append(
            choose_channel(
                draft.kind,
                mail=bool(draft.to_address.strip()),
                mail_fails=draft.to_address.lower() in failing,
                line=account is not None,
                line_fails=account is not None and account.blocked_at is not None,
                preferred=account is not None and account.is_preferred,
            )
        )
    return channels


def _accounts_of(drafts: Sequence[MessageDraft]) -> dict[tuple[str, str], LineAccount]:
    refs = {draft.recipient_ref for draft in drafts if draft.recipient_type == "donor"}
    if not refs:
        return {}
    statement = select(LineAccount).where(
        LineAccount.recipient_type == "donor",
        LineAccount.recipient_ref.in_(refs),
        LineAccount.ended_at.is_(None),
    )
    return {(row.recipient_type, row.recipient_ref): row for row in db.session.scalars(statement)}


def _failing_of(addresses: Collection[str]) -> set[str]:
    if not addresses:
        return set()
    statement = select(FailingAddress.address).where(
        FailingAddress.address.in_(addresses), FailingAddress.cleared_at.is_(None)
    )
    return set(db.session.scalars(statement))


def _is_in(state: MailState) -> ColumnElement[bool]:
    """`MailMessage.state` as a condition."""
    is_sent = MailMessage.sent_at.is_not(None)
    came_back = MailMessage.came_back_at.is_not(None)
    if state in {MailState.SENT, MailState.CAME_BACK}:
        return and_(is_sent, came_back if state is MailState.CAME_BACK else ~came_back)
    state_of_unsent = case(
        (MailMessage.attempts >= MAX_ATTEMPTS, MailState.GIVEN_UP.value),
        (MailMessage.queued_at <= clock.now() - LATE_AFTER, MailState.LATE.value),
        (MailMessage.last_error != "", MailState.FAILING.value),
        else_=MailState.WAITING.value,
    )
    return and_(~is_sent, state_of_unsent == state.value)
