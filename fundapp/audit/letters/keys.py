"""The key in the link of a letter: only whoever holds the paper answers it."""

import base64
import hmac

from fundapp.crypto import keyring

_KEY_BYTES = 12


def letter_key(number: str) -> str:
    """The key of the letter with this number: 16 URL-safe characters. It stays when keys rotate."""
    digest = keyring().lookup(number, "audit_letters.key")[:_KEY_BYTES]
    return base64.urlsafe_b64encode(digest).decode("ascii")


def is_letter_key(number: str, key: str) -> bool:
    """Whether ``key`` is that of the letter with this number."""
    return hmac.compare_digest(letter_key(number).encode("ascii"), key.encode("utf-8"))
