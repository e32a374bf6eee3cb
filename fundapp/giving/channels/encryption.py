"""Whose account at LINE an event tells of, encrypted for the event's row. Decrypting it is no read
of a child's file: it links the account, or blocks it, and is shown to nobody.
"""

from fundapp.crypto import keyring
from fundapp.giving.models import StoredLineEvent


def encrypt_user(row_id: int, line_user: str) -> bytes:
    """The id at LINE, encrypted for the event with this row id."""
    return keyring().encrypt(line_user, _associated_data(row_id))


def decrypt_user(event: StoredLineEvent) -> str:
    """The id at LINE of an event."""
    return keyring().decrypt(event.user_encrypted, _associated_data(event.id))


def _associated_data(row_id: int) -> str:
    return f"{StoredLineEvent.__tablename__}.user_encrypted.{row_id}"
