"""When a form was opened, signed, so that it tells people who type from programs that send.

A stamp says nothing of the visitor. Each is new, so limits can count what was sent with one.
"""

import secrets
from functools import lru_cache

from flask import current_app
from itsdangerous import BadSignature, TimestampSigner

from fundapp import clock

_SALT = "form-opened"


def new_stamp() -> str:
    """The stamp of a form that is opened now."""
    return _signer(current_app.config["SECRET_KEY"]).sign(secrets.token_urlsafe(9)).decode()


def seconds_open(stamp: str) -> float | None:
    """How long ago the form was opened, to the second; None for a stamp that is not ours."""
    signer = _signer(current_app.config["SECRET_KEY"])
    try:
        _value, opened_at = signer.unsign(stamp, return_timestamp=True)
    except BadSignature:
        return None
    seconds: float = (clock.now() - opened_at).total_seconds()
    return seconds


@lru_cache(maxsize=4)
def _signer(secret: str) -> TimestampSigner:
    return TimestampSigner(secret, salt=_SALT)
