"""Row locks of mail, held until the unit of work ends."""

from sqlalchemy import select

from fundapp.db import lock
from fundapp.errors import NotFoundError
from fundapp.ids import LARGEST_ID
from fundapp.mail.models import FailingAddress, LineAccount, MailMessage


def lock_message(message_id: int) -> MailMessage:
    """The message, locked. Raises NotFoundError."""
    if message_id > LARGEST_ID:
        raise NotFoundError
    message = lock(select(MailMessage).where(MailMessage.id == message_id))
    if message is None:
        raise NotFoundError
    return message


def lock_line_account(recipient_type: str, recipient_ref: str) -> LineAccount | None:
    """The account at LINE that is linked with a file, locked."""
    return lock(
        select(LineAccount).where(
            LineAccount.recipient_type == recipient_type,
            LineAccount.recipient_ref == recipient_ref,
            LineAccount.ended_at.is_(None),
        )
    )


def lock_failing(address: str) -> FailingAddress:
    """What is known of an address that takes nothing, locked. Raises NotFoundError."""
    failing = lock(
        select(FailingAddress).where(
            FailingAddress.address == address.lower(), FailingAddress.cleared_at.is_(None)
        )
    )
    if failing is None:
        raise NotFoundError
    return failing
