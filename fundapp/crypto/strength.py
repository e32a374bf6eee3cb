"""Whether a secret was made at random, as far as its bytes show it. Pure.

A key of 32 random bytes fails one of these tests less often than once in 10¹³ keys.
"""

from itertools import pairwise

#: 32 random bytes have about 30 different values; fewer than this do not happen.
_FEWEST_VALUES = 16
_SHORTEST_SECRET = 32
_FEWEST_CHARACTERS = 10
#: What people write where a secret belongs.
_PLACEHOLDERS = ("changeme", "change-me", "change_me", "example", "placeholder", "replace", "xxxx")


def find_weakness(key: bytes) -> str | None:
    """What is wrong with a key, as the end of a sentence; None for one that may be random."""
    if not any(key):
        return "is all zero"
    if len(set(key)) < _FEWEST_VALUES:
        return "repeats itself"
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    if len(steps) == 1:
        return "only counts"
    if all(0x20 <= byte < 0x7F for byte in key):
        return "is text that somebody typed"
    return None


def find_weakness_of_secret(secret: str) -> str | None:
    """The same for a secret that is text, such as ``SECRET_KEY``."""
    if len(secret) < _SHORTEST_SECRET:
        return f"is shorter than {_SHORTEST_SECRET} characters"
    if any(placeholder in secret.lower() for placeholder in _PLACEHOLDERS):
        return "is an example"
    if len(set(secret)) < _FEWEST_CHARACTERS:
        return "repeats itself"
    return None
