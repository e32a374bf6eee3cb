"""The field keys, and what they do: encrypt, decrypt, hash.

An encrypted value is ``key id ‖ 0x00 ‖ nonce(12) ‖ AES-256-GCM-SIV ciphertext``; its associated
data is ``table.column.row id``, so a value moved to another row or column cannot be decrypted.
``FIELD_KEYS`` names the keys, newest first: ``id:base64(32 bytes)``, separated by commas; new
values use the first, old ones are decrypted with theirs.

A keyed hash is HMAC-SHA-256 under a key derived per table and column from the digest key, which is
stored in the database, encrypted with the newest field key (`fundapp.crypto.digest_key`). So hashes
stay the same whatever field keys come and go: docs/decisions/0021-keys.md.
"""

import base64
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from fundapp.crypto.digest_key import derive_key
from fundapp.crypto.errors import KeyringError
from fundapp.crypto.strength import find_weakness

_NONCE = 12
#: `fundapp.db.encrypted_columns` has the same number in the rule of every encrypted column.
_LONGEST_ID = 16


@dataclass(frozen=True, slots=True)
class Keyring:
    """Field keys by id; the first one encrypts."""

    keys: dict[str, bytes]

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Read ``FIELD_KEYS``; KeyringError says what is wrong with it."""
        keys: dict[str, bytes] = {}
        for part in filter(None, (item.strip() for item in text.split(","))):
            key_id, colon, encoded = part.partition(":")
            if not (colon and key_id.isascii() and key_id.isalnum() and len(key_id) <= _LONGEST_ID):
                raise KeyringError(
                    "FIELD_KEYS needs items of the form id:base64 of 32 bytes; an id is "
                    f"1 to {_LONGEST_ID} letters and digits"
                )
            key = decode_key(f"the key {key_id} of FIELD_KEYS", encoded)
            if key_id in keys:
                raise KeyringError(f"FIELD_KEYS names two keys {key_id}; give each its own id")
            if key in keys.values():
                raise KeyringError(f"FIELD_KEYS names the same key twice, once as {key_id}")
            keys[key_id] = key
        if not keys:
            raise KeyringError("FIELD_KEYS holds no key")
        return cls(keys)

    @property
    def newest_id(self) -> str:
        """The id of the key that encrypts."""
        return next(iter(self.keys))

    def encrypt(self, text: str, where: str) -> bytes:
        """Encrypt ``text`` for the field ``where`` (``table.column.row id``)."""
        return self.encrypt_bytes(text.encode("utf-8"), where)

    def decrypt(self, encrypted: bytes, where: str) -> str:
        """Decrypt what `encrypt` made for ``where``; KeyringError for another key or field."""
        return self.decrypt_bytes(encrypted, where).decode("utf-8")

    def encrypt_bytes(self, content: bytes, where: str) -> bytes:
        """Encrypt ``content`` for the field ``where``."""
        nonce = os.urandom(_NONCE)
        cipher = AESGCMSIV(self.keys[self.newest_id])
        ciphertext = cipher.encrypt(nonce, content, where.encode("ascii"))
        return self.newest_id.encode("ascii") + b"\x00" + nonce + ciphertext

    def decrypt_bytes(self, encrypted: bytes, where: str) -> bytes:
        """Decrypt what `encrypt_bytes` made for ``where``; KeyringError as of `decrypt`."""
        key_id, _, rest = encrypted.partition(b"\x00")
        key = self.keys.get(key_id.decode("ascii", "replace"))
        if key is None:
            # What is not encrypted at all has no id either, and is not shown.
            name = key_id.decode("ascii", "replace") if len(key_id) <= _LONGEST_ID else ""
            raise KeyringError(
                f"the value at {where} needs a field key named {name!r}, which FIELD_KEYS lacks"
                if name.isalnum()
                else f"the value at {where} is not encrypted"
            )
        try:
            return AESGCMSIV(key).decrypt(rest[:_NONCE], rest[_NONCE:], where.encode("ascii"))
        except (InvalidTag, ValueError) as error:
            raise KeyringError(f"the value at {where} cannot be decrypted with its key") from error

    def is_newest(self, encrypted: bytes) -> bool:
        """Whether the newest key encrypted the value."""
        return encrypted.startswith(self.newest_id.encode("ascii") + b"\x00")

    def lookup(self, text: str, where: str) -> bytes:
        """A keyed hash of ``text`` for ``where`` (``table.column``), to find equal values by, or
        to notice that a value has changed. It stays the same when field keys rotate.
        """
        return self.lookups([text], where)[0]

    def lookups(self, texts: Iterable[str], where: str) -> list[bytes]:
        """`lookup` of each of the texts; a thousand take a millisecond."""
        derived = derive_key(self, where)
        return [hmac.digest(derived, text.encode("utf-8"), "sha256") for text in texts]


def decode_key(name: str, encoded: str) -> bytes:
    """The 32 bytes of a key in base64; KeyringError, with the setting's ``name``, for what is no
    key or a weak one.
    """
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise KeyringError(f"{name} is not base64 of 32 bytes") from error
    if len(key) != 32:
        raise KeyringError(f"{name} is {len(key)} bytes long; it must be base64 of 32 bytes")
    weakness = find_weakness(key)
    if weakness:
        raise KeyringError(f"{name} {weakness}; make a new one at random (docs/operations.md)")
    return key
