"""Rate limits, moving windows per visitor.

``RATE_LIMIT_STORAGE_URL`` names a store that every process shares; without it each process counts
for itself, so then run one process (``make run`` does). Limits are settings, with the production
values as defaults.
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

#: More tries than this are never given back within one window.
_MANY = 100_000


def visitor() -> str:
    """Whom a limit per visitor counts: the address on the net. Of IPv6 only the network, because
    each visitor has 2⁶⁴ addresses of one to choose from.
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


limiter = Limiter(key_func=visitor, strategy="moving-window", default_limits=[])


def setting(name: str) -> str:
    """The limit that the setting ``name`` holds, e.g. ``10 per hour``; read at each request."""
    return str(current_app.config[name])


def take_try(name: str, key: str) -> None:
    """Count a try of ``key`` against the setting ``name`` before its outcome is known, so that
    many at once gain nothing. Raises TooManyRequests, which counts nothing.
    """
    if not limiter.enabled:
        return
    item = parse(setting(name))
    window, forgiven = _keys(name, key)
    expiry = item.get_expiry()
    allowed = item.amount + _store().get_moving_window(forgiven, _MANY, expiry)[1]
    if _store().acquire_entry(window, allowed, expiry):
        return
    oldest, _count = _store().get_moving_window(window, allowed, expiry)
    raise TooManyRequests(retry_after=max(1, ceil(oldest + expiry - time.time())))


def give_try_back(name: str, key: str) -> None:
    """Let a try that `take_try` counted not count after all."""
    if not limiter.enabled:
        return
    _window, forgiven = _keys(name, key)
    _store().acquire_entry(forgiven, _MANY, parse(setting(name)).get_expiry())


def init_app(app: Flask) -> None:
    """Set up the limiter."""
    limiter.init_app(app)


def _keys(name: str, key: str) -> tuple[str, str]:
    return f"TRIES/{name}/{key}", f"TRIES/{name}/{key}/given-back"


def _store() -> MovingWindowSupport:
    return cast(MovingWindowSupport, limiter.storage)
