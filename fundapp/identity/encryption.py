"""The secrets of authenticator apps, encrypted for their own rows.

They name nobody, and what is decrypted here is compared with a code or shown to its owner once, so
decrypting is no read of a child's file. `fundapp.children.batches.rotate_keys` finds the column by
the end of its name.
"""

from fundapp.crypto import keyring
from fundapp.identity.models import TotpSecret


def encrypt_secret(row_id: int, secret: str) -> bytes:
    """``secret`` encrypted for the row with this id."""
    return keyring().encrypt(secret, _associated_data(row_id))


def decrypt_secret(row: TotpSecret) -> str:
    """The secret of a row; KeyringError when another key or row was meant."""
    return keyring().decrypt(row.secret_encrypted, _associated_data(row.id))


def _associated_data(row_id: int) -> str:
    return f"{TotpSecret.__tablename__}.secret_encrypted.{row_id}"
