"""What several operations of mail do alike; the caller holds the lock of the row."""

from datetime import datetime

from fundapp import clock
from fundapp.db import insert_if_new
from fundapp.ids import new_id
from fundapp.mail.models import FailingAddress, Failure, LineAccount, MailMessage


def note_failing(message: MailMessage, failure: Failure, status: str) -> None:
    """Write down that the address of a message takes nothing; once, until it is cleared."""
    insert_if_new(
        FailingAddress,
        id=new_id(),
        address=message.to_address.lower(),
        failure=failure,
        status=status,
        message_id=message.id,
        since=clock.now(),
    )


def block_account(account: LineAccount, at: datetime) -> None:
    """Write down that the recipient at LINE takes nothing since ``at``; older news is none."""
    if at >= account.told_at:
        account.told_at = at
        account.blocked_at = account.blocked_at or at
