"""Codes that link an account at LINE: short enough to be typed, derived from their row, so that the
database holds none of them.
"""

from fundapp.crypto import keyring
from fundapp.giving.models import LineCode

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
_LENGTH = 8


def code_of(row_id: int) -> str:
    """The code of the row with this id, eight characters in two groups: ``7KQ2-M9XA``."""
    digest = keyring().lookup(str(row_id), f"{LineCode.__tablename__}.code")
    number = int.from_bytes(digest, "big")
    letters = []
    for _place in range(_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def lookup_code(text: str) -> bytes | None:
    """The keyed hash of the code that somebody typed; None for what cannot be one."""
    typed = "".join(each for each in text.upper() if each.isascii() and each.isalnum())
    if len(typed) != _LENGTH or not set(typed) <= set(_ALPHABET):
        return None
    return keyring().lookup(typed, f"{LineCode.__tablename__}.code_lookup")
