"""Row locks of mail, held until the unit of work ends."""

from sqlalchemy import select

from fundapp.db import lock
from fundapp.errors import NotFoundError
from fundapp.ids import LARGEST_ID
from fundapp.mail.models import MailMessage


def lock_message(message_id: int) -> MailMessage:
    """The message, locked. Raises NotFoundError."""
    if message_id > LARGEST_ID:
        raise NotFoundError
    message = lock(select(MailMessage).where(MailMessage.id == message_id))
    if message is None:
        raise NotFoundError
    return message
