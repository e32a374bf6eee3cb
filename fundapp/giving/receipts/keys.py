"""The key in the link that a donor gets by mail or on the pledge's page: whoever has it reads all
of the receipt. The code alone, which is printed for others to check, opens less.
"""

import base64
import hmac

from fundapp.crypto import keyring

_KEY_BYTES = 16


def owner_key(code: str) -> str:
    """The key of the receipt with this code: 22 URL-safe characters. It stays when keys rotate."""
    digest = keyring().lookup(code, "receipts.owner_key")[:_KEY_BYTES]
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def is_owner_key(code: str, key: str) -> bool:
    """Whether ``key`` is that of the receipt with this code."""
    return hmac.compare_digest(owner_key(code).encode("ascii"), key.encode("utf-8"))
