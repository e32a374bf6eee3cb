"""The secret of a message, encrypted for its own row until the message is sent.

Decrypting it is no read of a child's file: it goes into the message and is shown to nobody else.
"""

from fundapp.crypto import keyring
from fundapp.mail.models import MailMessage


def encrypt_secret(row_id: int, secret: str) -> bytes:
    """``secret`` encrypted for the message with this id."""
    return keyring().encrypt(secret, _associated_data(row_id))


def decrypt_secret(message: MailMessage) -> str:
    """The secret of a message; the empty text where it has none."""
    if message.secret_encrypted is None:
        return ""
    return keyring().decrypt(message.secret_encrypted, _associated_data(message.id))


def _associated_data(row_id: int) -> str:
    return f"{MailMessage.__tablename__}.secret_encrypted.{row_id}"
