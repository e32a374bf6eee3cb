"""What the outbox encrypts for its own rows: the secret of a message until it is sent, and the id
that a recipient has at LINE.

Decrypting either is no read of a child's file: it goes into the message and is shown to nobody.
"""

import hmac

from fundapp.crypto import keyring
from fundapp.ids import LARGEST_ID
from fundapp.mail.models import LineAccount, MailMessage

_TOKEN_BYTES = 10


def encrypt_secret(row_id: int, secret: str) -> bytes:
    """``secret`` encrypted for the message with this id."""
    return keyring().encrypt(secret, _associated_data(row_id))


def decrypt_secret(message: MailMessage) -> str:
    """The secret of a message; the empty text where it has none."""
    if message.secret_encrypted is None:
        return ""
    return keyring().decrypt(message.secret_encrypted, _associated_data(message.id))


def encrypt_line_user(row_id: int, line_user: str) -> bytes:
    """The id of somebody at LINE, encrypted for the account with this row id."""
    return keyring().encrypt(line_user, _account_data(row_id))


def decrypt_line_user(account: LineAccount) -> str:
    """The id at LINE of an account."""
    return keyring().decrypt(account.user_encrypted, _account_data(account.id))


def lookup_line_user(line_user: str) -> bytes:
    """The keyed hash by which the accounts of somebody at LINE are found."""
    return keyring().lookup(line_user, f"{LineAccount.__tablename__}.user")


def message_token(message_id: int) -> str:
    """What names a message to mail servers: its id, and a proof that we wrote it."""
    return f"{message_id}.{_proof(str(message_id))}"


def message_of_token(token: str) -> int | None:
    """The id of the message that `message_token` named; None for what we did not write."""
    number, _dot, proof = token.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) <= len(str(LARGEST_ID))):
        return None
    is_ours = proof.isascii() and hmac.compare_digest(_proof(number), proof)
    return int(number) if is_ours else None


def _proof(number: str) -> str:
    return keyring().lookup(number, f"{MailMessage.__tablename__}.token")[:_TOKEN_BYTES].hex()


def _associated_data(row_id: int) -> str:
    return f"{MailMessage.__tablename__}.secret_encrypted.{row_id}"


def _account_data(row_id: int) -> str:
    return f"{LineAccount.__tablename__}.user_encrypted.{row_id}"
