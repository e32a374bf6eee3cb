"""Rate limits in moving windows, by visitor or by another key.

``RATE_LIMIT_STORAGE_URL`` names a store that all processes share. Without it each process counts
alone, so run only one (as ``make run`` does). The limits are settings; their defaults are meant for
production.
"""

import time
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import cast

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse
from limits.storage import MovingWindowSupport
from werkzeug.exceptions import TooManyRequests

#: The most tries that are given back within one window.
_MOST_GIVEN_BACK = 100_000


def visitor() -> str:
    """The key of limits by visitor: the IP address; of IPv6 only the /64 network, because each
    visitor can use 2⁶⁴ addresses of it.
    """
    text = get_remote_address()
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if not isinstance(address, IPv6Address):
        return text
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64))


limiter = Limiter(key_func=visitor, strategy="moving-window")


def setting(name: str) -> str:
    """The limit that the setting ``name`` holds, e.g. ``10 per hour``; read at each request."""
    return str(current_app.config[name])


def take_try(name: str, key: str) -> None:
    """Count a try of ``key`` against the limit in the setting ``name``.

    It is counted before its outcome is known, so that many at once are not allowed more. Raises
    TooManyRequests; a refused try is not counted.
    """
    if not limiter.enabled:
        return
    item = parse(setting(name))
    window, given_back = _keys(name, key)
    expiry = item.get_expiry()
    allowed = item.amount + _store().get_moving_window(given_back, _MOST_GIVEN_BACK, expiry)[1]
    if _store().acquire_entry(window, allowed, expiry):
        return
    oldest, _count = _store().get_moving_window(window, allowed, expiry)
    raise TooManyRequests(retry_after=max(1, ceil(oldest + expiry - time.time())))


def give_try_back(name: str, key: str) -> None:
    """Undo the count of one try that `take_try` counted."""
    if not limiter.enabled:
        return
    _window, given_back = _keys(name, key)
    _store().acquire_entry(given_back, _MOST_GIVEN_BACK, parse(setting(name)).get_expiry())


def init_app(app: Flask) -> None:
    """Set up the limiter."""
    limiter.init_app(app)


def _keys(name: str, key: str) -> tuple[str, str]:
    return f"TRIES/{name}/{key}", f"TRIES/{name}/{key}/given-back"


def _store() -> MovingWindowSupport:
    return cast(MovingWindowSupport, limiter.storage)
