"""Rate limits in moving windows, by visitor or by another key, in total over all processes.

The limits are settings; their defaults are meant for production. Where they are counted:
`fundapp.web.try_stores`.
"""

import hashlib
import hmac
from collections.abc import Sequence
from functools import cache
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import Flask, current_app, request
from flask_babel import lazy_ngettext
from limits import RateLimitItem, parse

from fundapp.db import db, is_postgresql
from fundapp.errors import TooManyTriesError
from fundapp.web.try_stores import LibraryTries, PostgresqlTries, SqliteTries, TryStore, Window

#: The setting of a limit, whose tries are counted, and the sentence that replaces the usual one.
Try = tuple[str, str, str | None]

_MINUTE, _HOUR = 60, 3600
#: Up to so many seconds a wait is told in minutes.
_LONGEST_IN_MINUTES = 3 * _HOUR


def visitor() -> str:
    """The key of limits by visitor: the IP address; of IPv6 only the /64 network, because each
    visitor can use 2⁶⁴ addresses of it.
    """
    text = request.remote_addr or "127.0.0.1"
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if not isinstance(address, IPv6Address):
        return text
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64))


def visitor_key() -> str:
    """The visitor as a keyed hash, to be kept for a while where an address may not be."""
    return _hashed("visitor", visitor()).hex()


def take_try(name: str, key: str, *, message: str | None = None) -> None:
    """Count a try of ``key`` against the limit in the setting ``name``, e.g. ``10 per hour``.

    It is counted before its outcome is known, so that many at once are not allowed more. Raises
    TooManyTriesError, with the true time to wait; a refused try is not counted. ``message``
    replaces its sentence.
    """
    take_tries((name, key, message))


def take_tries(*tries: Try | Sequence[Try]) -> None:
    """Count one try against each limit, or against none: ``(setting, key, sentence)`` of each. Of
    several in a list it is counted against the first that has room.

    Raises TooManyTriesError with the sentence of the limit that has to be waited for longest.
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    choices = [[each] if isinstance(each, tuple) else list(each) for each in tries]
    windows = [[_window(name, key) for name, key, _message in choice] for choice in choices]
    waits = _store().take(windows)
    longest = max(waits)
    if longest:
        _name, _key, message = choices[waits.index(longest)][-1]
        told, words = in_words(longest)
        raise TooManyTriesError(told, wait=words, message=message)


def give_try_back(name: str, key: str) -> None:
    """Undo the count of one try that `take_try` counted."""
    if current_app.config["RATELIMIT_ENABLED"]:
        item = _limit(current_app.config[name])
        _store().give_back(_hashed(name, key), item.get_expiry())


def in_words(seconds: int) -> tuple[int, Any]:
    """The time to wait, rounded up to what one says, in seconds and as ``12 minutes``; the words
    are translated when they are shown.
    """
    if seconds <= _MINUTE:
        return seconds, lazy_ngettext("%(num)s second", "%(num)s seconds", seconds)
    if seconds <= _LONGEST_IN_MINUTES:
        minutes = -(-seconds // _MINUTE)
        return minutes * _MINUTE, lazy_ngettext("%(num)s minute", "%(num)s minutes", minutes)
    hours = -(-seconds // _HOUR)
    return hours * _HOUR, lazy_ngettext("%(num)s hour", "%(num)s hours", hours)


def init_app(app: Flask) -> None:
    """Let limits be counted."""
    app.config.setdefault("RATELIMIT_ENABLED", True)


def _window(name: str, key: str) -> Window:
    item = _limit(current_app.config[name])
    return Window(_hashed(name, key), item.amount, item.get_expiry())


@cache
def _limit(text: str) -> RateLimitItem:
    return parse(text)


def _hashed(name: str, key: str) -> bytes:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(secret, f"{name}/{key}".encode("utf-8", "replace"), hashlib.sha256)[:16]


def _store() -> TryStore:
    """The store of the running application."""
    known: TryStore | None = current_app.extensions.get("tries")
    if known is None:
        known = current_app.extensions.setdefault("tries", _open_store())
    return known


def _open_store() -> TryStore:
    url = str(current_app.config["RATELIMIT_STORAGE_URI"])
    if url:
        return LibraryTries(url)
    if is_postgresql():
        return PostgresqlTries(db.engine)
    file = db.engine.url.database
    return SqliteTries(f"{file}-limits") if file not in (None, "", ":memory:") else _in_memory()


def _in_memory() -> TryStore:
    return LibraryTries("memory://")
