"""Encryption of fields and documents at rest, and keyed hashes to look fields up by.

An encrypted value is ``key id ‖ 0x00 ‖ nonce(12) ‖ AES-256-GCM-SIV ciphertext``; its associated
data is ``table.column.row id``, so a value moved to another row or column cannot be decrypted. A
look-up value is HMAC-SHA-256 under a key of its own, derived per table and column. ``FIELD_KEYS``
names the keys, newest first: ``id:base64(32 bytes)``, separated by commas; new values use the
first, old ones are decrypted with theirs.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from flask import Flask, current_app

_NONCE = 12


class KeyringError(Exception):
    """The field keys are missing or wrong; the message never shows one."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Field keys by id; the first one encrypts."""

    keys: dict[str, bytes]

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Read ``FIELD_KEYS``; KeyringError says what is wrong with it."""
        keys: dict[str, bytes] = {}
        for part in filter(None, (item.strip() for item in text.split(","))):
            key_id, _, encoded = part.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except ValueError:
                key = b""
            if not key_id.isalnum() or len(key) != 32:
                raise KeyringError("FIELD_KEYS needs items of the form id:base64 of 32 bytes")
            keys[key_id] = key
        if not keys:
            raise KeyringError("FIELD_KEYS holds no key")
        return cls(keys)

    def encrypt(self, text: str, where: str) -> bytes:
        """Encrypt ``text`` for the field ``where`` (``table.column.row id``)."""
        return self.encrypt_bytes(text.encode("utf-8"), where)

    def decrypt(self, encrypted: bytes, where: str) -> str:
        """Decrypt what `encrypt` made for ``where``; KeyringError for another key or field."""
        return self.decrypt_bytes(encrypted, where).decode("utf-8")

    def encrypt_bytes(self, content: bytes, where: str) -> bytes:
        """Encrypt ``content`` for the field ``where``."""
        key_id, key = next(iter(self.keys.items()))
        nonce = os.urandom(_NONCE)
        ciphertext = AESGCMSIV(key).encrypt(nonce, content, where.encode("ascii"))
        return key_id.encode("ascii") + b"\x00" + nonce + ciphertext

    def decrypt_bytes(self, encrypted: bytes, where: str) -> bytes:
        """Decrypt what `encrypt_bytes` made for ``where``; KeyringError as of `decrypt`."""
        key_id, _, rest = encrypted.partition(b"\x00")
        key = self.keys.get(key_id.decode("ascii", "replace"))
        if key is None:
            raise KeyringError(f"no field key named {key_id.decode('ascii', 'replace')!r}")
        try:
            return AESGCMSIV(key).decrypt(rest[:_NONCE], rest[_NONCE:], where.encode("ascii"))
        except InvalidTag as error:
            raise KeyringError(f"the value at {where} cannot be decrypted with its key") from error

    def is_newest(self, encrypted: bytes) -> bool:
        """Whether the newest key encrypted the value."""
        return encrypted.startswith(next(iter(self.keys)).encode("ascii") + b"\x00")

    def lookup(self, text: str, where: str) -> bytes:
        """A keyed hash of ``text`` for ``where`` (``table.column``), to find equal values by.

        It uses the oldest key, so that rotating the encryption keys leaves look-ups working.
        """
        oldest = list(self.keys.values())[-1]
        derived = hmac.new(oldest, b"lookup:" + where.encode("ascii"), hashlib.sha256).digest()
        return hmac.new(derived, text.encode("utf-8"), hashlib.sha256).digest()


def init_app(app: Flask) -> None:
    """Read the keys once, at start-up."""
    app.extensions["keyring"] = Keyring.parse(app.config["FIELD_KEYS"])


def keyring() -> Keyring:
    """The keys of the running application."""
    keys: Keyring = current_app.extensions["keyring"]
    return keys
