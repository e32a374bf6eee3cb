"""Secrets that let somebody in: how they are made, typed, and stored.

Tokens of sessions stand in cookies; codes (of invitations, for recovery) are typed by people, so
they are of letters and digits that are not mistaken for each other, in groups of four.
"""

import base64
import hashlib
import secrets

from fundapp.thai.folding import fold_signs

_TOKEN_BYTES = 32
#: 80 random bits: sixteen signs.
RECOVERY_BYTES = 10
#: 160 random bits: thirty-two signs.
INVITATION_BYTES = 20
#: 80 random bits: sixteen signs.
SECOND_SHEET_BYTES = 10
#: What people read in place of the letters that a code holds; it holds none of these digits.
_MISREAD = str.maketrans("018", "OIB")


def new_token() -> str:
    """A session's token: 256 random bits, in characters that a cookie may hold."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """The stored form of a session's token or a code; it is random, so a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def new_code(size: int) -> str:
    """A code of ``size`` random bytes, a multiple of five: A–Z and 2–7, eight for five bytes."""
    return base64.b32encode(secrets.token_bytes(size)).decode()


def read_digits(text: str) -> str:
    """What was typed or pasted as a code of an app, without its spaces and dashes."""
    return fold_signs(text).replace(" ", "").replace("-", "")


def read_code(text: str) -> str:
    """What was typed or pasted as one of `new_code`, without its spaces and dashes."""
    return read_digits(text).upper().translate(_MISREAD)


def in_fours(code: str) -> str:
    """``ABCD-EFGH-…``, as people read a code out."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
