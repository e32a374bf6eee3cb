"""Passwords: which are accepted, and their Argon2id hashes.

The rules follow NIST SP 800-63B-4 and ASVS 5.0 V6.2: 15 to 128 characters, no composition rules, no
expiry, common and local words refused. The settings
``ARGON2_*`` are the cost of a hash; one of another cost is renewed at the next sign-in.
"""

import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from fundapp.errors import RuleError
from fundapp.markers import N_

SHORTEST = 15
LONGEST = 128
#: Without its common words a password must still have this many different characters.
_LEAST_VARIETY = 5
#: One hash takes 64 MiB, so only so many are computed at once.
_AT_ONCE = threading.BoundedSemaphore(4)


class WeakPasswordError(RuleError):
    """The password does not meet the rules."""


def check_rules(password: str, *, about: Iterable[str] = ()) -> None:
    """Raise WeakPasswordError for a password that is too short, too long or made of common words.

    ``about`` are words that others know about the person: name, e-mail address.
    """
    length = len(normalised(password))
    if length < SHORTEST:
        raise WeakPasswordError(
            N_("Use at least %(count)s characters. A few words in a row are easy to remember."),
            field="password",
            params={"count": SHORTEST},
        )
    if length > LONGEST:
        raise WeakPasswordError(
            N_("Use at most %(count)s characters."), field="password", params={"count": LONGEST}
        )
    if _variety(password, about) < _LEAST_VARIETY:
        raise WeakPasswordError(
            N_("This password is easy to guess: it consists of common words. Choose other words."),
            field="password",
        )


def hash_password(password: str) -> str:
    """The Argon2id hash of a password, with its own salt and cost in it."""
    with _AT_ONCE:
        return _hasher().hash(normalised(password))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether ``password`` matches; False for an unknown person (None), after the same time."""
    hasher = _hasher()
    known = password_hash or _dummy_hash(hasher)
    if len(password) > LONGEST:
        password = ""
    with _AT_ONCE:
        try:
            hasher.verify(known, normalised(password))
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash has another cost than the settings."""
    return _hasher().check_needs_rehash(password_hash)


def normalised(password: str) -> str:
    """The password in Unicode's composed form, so that every keyboard types the same one."""
    return unicodedata.normalize("NFC", password)


def _variety(password: str, about: Iterable[str]) -> int:
    text = normalised(password).casefold()
    known = [word for entry in about for word in entry.casefold().replace("@", " ").split()]
    for word in sorted({*_common_words(), *known}, key=len, reverse=True):
        if len(word) > 2:
            text = text.replace(word, "")
    return len({letter for letter in text if letter.isalnum()})


@lru_cache(maxsize=1)
def _common_words() -> tuple[str, ...]:
    """Common words of passwords, of this province and of this work."""
    path = Path(__file__).with_name("data") / "common_words.txt"
    return tuple(path.read_text(encoding="utf-8").casefold().split())


def _hasher() -> PasswordHasher:
    config = current_app.config
    return _hasher_of(
        config["ARGON2_TIME_COST"], config["ARGON2_MEMORY_KIB"], config["ARGON2_PARALLELISM"]
    )


@lru_cache(maxsize=4)
def _hasher_of(time_cost: int, memory_kib: int, parallelism: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)


@lru_cache(maxsize=4)
def _dummy_hash(hasher: PasswordHasher) -> str:
    return hasher.hash("the password of nobody at all")
