"""Words at rest: encrypted for their row, and bound by a digest that nobody can guess.

What is encrypted is a random nonce (Base64, 44 characters) and the words. The digest is
SHA-256(0x02 ‖ nonce ‖ words): whoever has the words and the nonce can prove what was written, with
no key, so that rotating keys changes no digest. Erasing takes both away, and equal words have
different digests.
"""

import base64
import hashlib
import os
import re

from fundapp.crypto import keyring

_NONCE_BYTES = 32
_NONCE_TEXT = 44
#: Bytes: words are filled up to a multiple, so that their length tells little.
_BLOCK = 64
_HEX = re.compile(r"[0-9a-f]{64}")


def field_of(remark_id: int) -> str:
    """What the words of a remark are encrypted for, as `fundapp.children.encryption` names it."""
    return f"remarks.words_encrypted.{remark_id}"


def encrypt_words(words: str, remark_id: int) -> tuple[bytes, bytes]:
    """The encrypted words of a remark, and their digest."""
    text = base64.b64encode(os.urandom(_NONCE_BYTES)).decode() + words
    filled = text + "\0" * (-len(text.encode("utf-8")) % _BLOCK)
    return keyring().encrypt(filled, field_of(remark_id)), digest_of(text)


def words_in(text: str) -> str:
    """The words in what was decrypted."""
    return text[_NONCE_TEXT:]


def digest_in(note: str) -> bytes | None:
    """The digest in what the trail keeps of a remark (`Remark.trace`), or None."""
    _code, mark, text = note.partition(" sha256:")
    return bytes.fromhex(text) if mark and _HEX.fullmatch(text) else None


def digest_of(text: str) -> bytes:
    """The digest of what was decrypted, or is to be encrypted."""
    nonce = base64.b64decode(text[:_NONCE_TEXT], validate=True)
    return hashlib.sha256(b"\x02" + nonce + words_in(text).encode("utf-8")).digest()
