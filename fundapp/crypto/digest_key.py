"""The key of keyed hashes: random, made once for a database, and never changed.

Look-ups and the facts of requests are hashed under it. It is stored encrypted with the newest field
key, so a rotation encrypts it again like every value (`fundapp.db.encrypted_columns`), and whoever
steals the database or a backup without ``FIELD_KEYS`` cannot compute a hash.
"""

import base64
import os
from typing import TYPE_CHECKING

from sqlalchemy import select

from fundapp.crypto.models import DigestKey
from fundapp.db import db, insert_if_new, is_writing

if TYPE_CHECKING:
    from fundapp.crypto.keyring import Keyring

_WHERE = f"{DigestKey.__tablename__}.key_encrypted.1"
_KEY = select(DigestKey.key_encrypted)


def read_digest_key(ring: "Keyring") -> bytes:
    """The 32 bytes; where the database has none, they are made in the unit of work that runs.
    Raises KeyringError when no field key decrypts it.
    """
    stored = db.session.scalar(_KEY)
    if stored is None:
        if not is_writing():
            return os.urandom(32)  # nothing has been hashed, so under any key nothing is found
        stored = _make(ring)
    return base64.b64decode(ring.decrypt(stored, _WHERE))


def _make(ring: "Keyring") -> bytes:
    """Store a new key, unless somebody else does at this moment; returns what is stored."""
    text = base64.b64encode(os.urandom(32)).decode()
    insert_if_new(DigestKey, id=1, key_encrypted=ring.encrypt(text, _WHERE))
    return db.session.scalars(_KEY).one()
