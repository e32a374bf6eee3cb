"""The key of keyed hashes: random, made once for a database, and never changed.

Look-ups and the facts of requests are hashed under it. It is stored encrypted with the newest field
key, so a rotation encrypts it again like every value (`fundapp.db.encrypted_columns`), and whoever
steals the database or a backup without ``FIELD_KEYS`` cannot compute a hash.
"""

import base64
import hmac
import os
from typing import Protocol

from sqlalchemy import select

from fundapp.crypto.errors import KeyringError
from fundapp.crypto.models import DigestKey
from fundapp.db import db, insert_if_new

#: Where the session remembers it and what is derived from it, for one request: a batch of payments
#: is hashed with one query.
_KNOWN = "digest_key"
_DERIVED = "derived_keys"
_WHERE = f"{DigestKey.__tablename__}.key_encrypted.1"


class FieldCipher(Protocol):
    """What encrypts the digest key: the field keys (`fundapp.crypto.keyring`)."""

    def encrypt(self, text: str, where: str) -> bytes:
        """Encrypt a text for a field."""

    def decrypt(self, encrypted: bytes, where: str) -> str:
        """Decrypt it; KeyringError for another key or field."""


def read_digest_key(ring: FieldCipher) -> bytes:
    """The 32 bytes, read once in a session. Raises KeyringError as of `open_digest_key`."""
    known: dict[str, bytes] = db.session.info
    if _KNOWN not in known:
        known[_KNOWN] = open_digest_key(ring)
    return known[_KNOWN]


def derive_key(ring: FieldCipher, where: str) -> bytes:
    """The key of the hashes for ``where``, made once in a session; errors as `open_digest_key`."""
    derived: dict[str, bytes] = db.session.info.setdefault(_DERIVED, {})
    if where not in derived:
        purpose = b"lookup:" + where.encode("ascii")
        derived[where] = hmac.digest(read_digest_key(ring), purpose, "sha256")
    return derived[where]


def open_digest_key(ring: FieldCipher) -> bytes:
    """The 32 bytes as they are stored now. Raises KeyringError when the database has lost them, or
    no field key decrypts them: under another key no child would be found and no request could be
    paid.
    """
    stored = db.session.scalar(select(DigestKey.key_encrypted))
    if stored is None:
        raise KeyringError(
            "This database has lost its digest key (the row of digest_keys). Bring it back from a "
            "backup."
        )
    return base64.b64decode(ring.decrypt(stored, _WHERE))


def make_digest_key(ring: FieldCipher) -> None:
    """Store a new key, unless there is one; part of the caller's unit of work."""
    text = base64.b64encode(os.urandom(32)).decode()
    insert_if_new(DigestKey, id=1, key_encrypted=ring.encrypt(text, _WHERE))
