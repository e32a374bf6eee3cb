"""Identifiers: row ids that are known before the insert, and opaque ones for addresses.

A row id is a 63-bit integer that grows with time: 42 bits of milliseconds since 2020, then 21 bits
that start at random in each millisecond. Knowing it beforehand saves a round trip to the database
and lets encryption bind a value to its row.
"""

import secrets
import threading
import time
from datetime import datetime, timedelta

#: The largest row id that the databases can hold.
LARGEST_ID = 2**63 - 1

_EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00:00Z
_LOW_BITS = 21
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Two digits at once: exports and checks write the number of every entry.
_PAIRS = [high + low for high in _CROCKFORD for low in _CROCKFORD]

_lock = threading.Lock()
_last = [0]


def new_id() -> int:
    """A row id, unique and growing within this process, practically unique between processes."""
    # The low bits start in the lower half of their range, which leaves a million ids for a burst.
    candidate = (int(time.time() * 1000) - _EPOCH_MS) << _LOW_BITS | secrets.randbits(_LOW_BITS - 1)
    with _lock:
        is_behind = candidate >> _LOW_BITS < _last[0] >> _LOW_BITS
        # Processes whose clock is behind all go on after the same row: each in its own steps.
        step = 1 + (secrets.randbits(_LOW_BITS) if is_behind else 0)
        _last[0] = max(candidate, _last[0] + step)
        return _last[0]


def first_id_of(moment: datetime) -> int:
    """The smallest row id that is made at ``moment``, or 0 before 2020."""
    return max(0, int(moment.timestamp() * 1000) - _EPOCH_MS) << _LOW_BITS


def earlier_id(row_id: int, span: timedelta) -> int:
    """An id that is smaller than those that were made less than ``span`` before ``row_id``."""
    return max(0, row_id - ((int(span.total_seconds() * 1000) + 1) << _LOW_BITS))


def continue_after(row_id: int) -> None:
    """Let every id of this process be larger than ``row_id``, wherever the clock stands."""
    with _lock:
        _last[0] = max(_last[0], row_id)


def new_public_id() -> str:
    """22 URL-safe characters of randomness (128 bits), for addresses that must not be guessed.

    The first is no hyphen: a command would take the id for an option.
    """
    while (text := secrets.token_urlsafe(16)).startswith("-"):
        pass
    return text


def readable(row_id: int, prefix: str) -> str:
    """A row id as people read it out: ``prefix`` and 13 Crockford base-32 digits."""
    pairs = "".join([_PAIRS[row_id >> shift & 1023] for shift in (50, 40, 30, 20, 10, 0)])
    return f"{prefix}{_CROCKFORD[row_id >> 60]}{pairs}"


def from_readable(text: str, prefix: str) -> int | None:
    """The row id in ``text`` as `readable` writes it, or None when it is not one."""
    body = text.strip().upper().removeprefix(prefix)
    if len(body) != 13 or any(letter not in _CROCKFORD for letter in body):
        return None
    value = 0
    for letter in body:
        value = value * 32 + _CROCKFORD.index(letter)
    return value if value <= LARGEST_ID else None
