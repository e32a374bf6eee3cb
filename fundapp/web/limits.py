"""Rate limits in moving windows, by visitor or by another key, in total over all processes.

The limits are settings; their defaults are meant for production. Where they are counted:
`fundapp.web.try_stores`.
"""

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import Flask, current_app, request
from flask_babel import lazy_ngettext
from limits import parse

from fundapp.db import db, is_postgresql
from fundapp.errors import TooManyTriesError
from fundapp.web.try_stores import LibraryTries, PostgresqlTries, SqliteTries, TryStore

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


def take_try(name: str, key: str, *, message: str | None = None) -> None:
    """Count a try of ``key`` against the limit in the setting ``name``, e.g. ``10 per hour``.

    It is counted before its outcome is known, so that many at once are not allowed more. Raises
    TooManyTriesError, with the true time to wait; a refused try is not counted. ``message``
    replaces its sentence.
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    item = parse(current_app.config[name])
    wait = _store().take(_hashed(name, key), item.amount, item.get_expiry())
    if wait:
        told, words = in_words(wait)
        raise TooManyTriesError(told, wait=words, message=message)


def take_tries(*tries: tuple[str, str, str]) -> None:
    """Count one try against each limit, or against none: ``(setting, key, sentence)`` of each.

    Raises TooManyTriesError with the sentence of the limit that has to be waited for longest.
    """
    taken: list[tuple[str, str]] = []
    for name, key, message in tries:
        try:
            take_try(name, key, message=message)
        except TooManyTriesError as refused:
            for counted in taken:
                give_try_back(*counted)
            raise _longest_wait(refused, tries) from None
        taken.append((name, key))


def _longest_wait(
    refused: TooManyTriesError, tries: tuple[tuple[str, str, str], ...]
) -> TooManyTriesError:
    waits = [(seconds_to_wait(name, key), message) for name, key, message in tries]
    wait, message = max(waits, key=lambda each: each[0])
    told, words = in_words(wait)
    if told <= refused.retry_after:
        return refused
    return TooManyTriesError(told, wait=words, message=message)


def seconds_to_wait(name: str, key: str) -> int:
    """How long ``key`` has to wait for a try against the limit in the setting ``name``; 0 when it
    may try now. Nothing is counted.
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return 0
    item = parse(current_app.config[name])
    return _store().wait(_hashed(name, key), item.amount, item.get_expiry())


def give_try_back(name: str, key: str) -> None:
    """Undo the count of one try that `take_try` counted."""
    if current_app.config["RATELIMIT_ENABLED"]:
        item = parse(current_app.config[name])
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
