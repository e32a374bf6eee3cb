"""Devices on which a person has signed in before, known by a cookie.

Wrong passwords that strangers try for an account are counted apart from those of its own devices,
so nobody can lock the owner out there. A device's cookie opens nothing: it only has tries of its
own, as few as every visitor.
"""

import hashlib
import hmac
import secrets

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

_SALT = "known-device"
#: Accounts that one browser remembers, such as that of an office.
_MOST_ACCOUNTS = 8
_YEAR_SECONDS = 365 * 24 * 3600


def find_device(account: str) -> str | None:
    """The id of this browser as a device of the account (an e-mail address as it is compared), or
    None.
    """
    return _read().get(_hashed(account))


def remember_device(account: str, response: Response) -> Response:
    """Let this browser be a device of the account from now on; call it after a sign-in."""
    known, key = _read(), _hashed(account)
    device = known.pop(key, None) or secrets.token_urlsafe(12)
    newest = {key: device, **dict(list(known.items())[: _MOST_ACCOUNTS - 1])}
    secure = current_app.config["SECURE"]
    response.set_cookie(
        _cookie_name(),
        str(_serializer().dumps(newest)),
        max_age=_YEAR_SECONDS,
        path="/",
        secure=secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def _read() -> dict[str, str]:
    try:
        return dict(
            _serializer().loads(request.cookies.get(_cookie_name(), ""), max_age=_YEAR_SECONDS)
        )
    except BadSignature:
        return {}


def _hashed(account: str) -> str:
    """Who the account is stays unknown to whoever looks into the browser."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    named = f"device/{account}".encode("utf-8", "replace")
    return hmac.digest(secret, named, hashlib.sha256).hex()[:24]


def _cookie_name() -> str:
    return "__Host-device" if current_app.config["SECURE"] else "device"


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=_SALT)
