"""Codes of authenticator apps (TOTP, RFC 6238): six digits, a new one every 30 seconds."""

import secrets
from base64 import b32encode
from datetime import datetime

import pyotp

SECONDS = 30
#: A code of the step before and of the one after is accepted too: clocks differ.
_STEPS_AWAY = (-1, 0, 1)
_DIGITS = 6
_SECRET_BYTES = 20


def new_secret() -> str:
    """A secret of 160 random bits, in base 32."""
    return b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def step_of(moment: datetime) -> int:
    """The number of the 30 seconds that ``moment`` is in."""
    return int(moment.timestamp()) // SECONDS


def code_at(secret: str, moment: datetime) -> str:
    """The code that an app shows at ``moment``."""
    return pyotp.TOTP(secret).at(moment)


def matching_step(secret: str, code: str, moment: datetime, *, after: int) -> int | None:
    """The step whose code ``code`` is; None for a wrong one, and for one of step ``after`` or
    before, which was accepted already.
    """
    totp, present = pyotp.TOTP(secret), step_of(moment)
    found = None
    for away in _STEPS_AWAY:
        step = present + away
        is_equal = secrets.compare_digest(totp.generate_otp(step).encode(), code.encode())
        if is_equal and step > after:
            found = step
    return found


def is_code(text: str) -> bool:
    """Whether ``text`` is written as a code of an app."""
    return len(text) == _DIGITS and text.isascii() and text.isdigit()


def setup_uri(secret: str, *, email: str, issuer: str) -> str:
    """What an app reads from the QR code of the set-up page."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)
