"""How often somebody may try to sign in, and to prove a second factor.

Tries count before the password is verified. On a device of the account they count for that device
alone, whatever strangers try. Elsewhere they count for the visitor first, so that one who had too
many cannot use up those of an account, then for the account and for everybody. Wrong codes count
for the account everywhere, and for the visitor where the device is not the account's.
"""

import hashlib

from fundapp.errors import TooManyTriesError
from fundapp.identity.known_devices import find_device
from fundapp.markers import N_
from fundapp.web.limits import give_try_back, take_tries, take_try, visitor

_FROM_HERE = N_("Too many tries to sign in from here. Try again in %(wait)s.")
_FOR_ACCOUNT = N_(
    "Too many wrong passwords were tried for this address. Try again in %(wait)s, "
    "or use a device on which you have signed in before."
)
_FOR_ALL = N_("Too many people try to sign in at this moment. Try again in %(wait)s.")

_OF_FACTORS = N_("Too many wrong codes were tried. Try again in %(wait)s.")
#: Settings that limit how often a second factor is tried, by account and by visitor.
_FACTOR_LIMITS = ("LIMIT_FACTOR", "LIMIT_FACTOR_HOUR", "LIMIT_FACTOR_DAY")
_FACTOR_LIMITS_OF_VISITOR = ("LIMIT_FACTOR_VISITOR", "LIMIT_FACTOR_VISITOR_HOUR")


def find_refusal(account: str) -> TooManyTriesError | None:
    """Count a try for the account, an e-mail address as it is compared; why there may be none."""
    try:
        take_sign_in_try(account)
    except TooManyTriesError as refusal:
        return refusal
    return None


def take_sign_in_try(account: str) -> None:
    """The same. Raises TooManyTriesError."""
    device = find_device(account)
    if device is not None:
        take_try("LIMIT_SIGN_IN", f"device:{device}", message=_FROM_HERE)
        return
    take_try("LIMIT_SIGN_IN", _visitor_key(), message=_FROM_HERE)
    take_try("LIMIT_SIGN_IN", _account_key(account), message=_FOR_ACCOUNT)
    take_try("LIMIT_SIGN_IN_ALL", "everybody", message=_FOR_ALL)


def give_sign_in_try_back(account: str) -> None:
    """A successful try is not counted for the visitor: many people share the address of an
    office.
    """
    if find_device(account) is None:
        give_try_back("LIMIT_SIGN_IN", _visitor_key())


def find_factor_refusal(ref: str, account: str) -> TooManyTriesError | None:
    """Count a try of a second factor for the person with this public id, whose e-mail address is
    ``account`` as it is compared; why there may be none.
    """
    limits = _factor_limits(ref, account)
    try:
        take_tries(*((name, key, _OF_FACTORS) for name, key in limits))
    except TooManyTriesError as refusal:
        return refusal
    return None


def give_factor_try_back(ref: str, account: str) -> None:
    """A right factor is not counted: people prove one many times a day."""
    for name, key in _factor_limits(ref, account):
        give_try_back(name, key)


def _factor_limits(ref: str, account: str) -> list[tuple[str, str]]:
    """Of the account; on a device that is not the account's also of the visitor, whose address
    colleagues may share.
    """
    of_account = [(name, f"account:{ref}") for name in _FACTOR_LIMITS]
    if find_device(account) is not None:
        return of_account
    return [*((name, _visitor_key()) for name in _FACTOR_LIMITS_OF_VISITOR), *of_account]


def _account_key(account: str) -> str:
    """The key of limits by account, known or not; hashed, so that no address is stored."""
    return "account:" + hashlib.sha256(account.encode("utf-8", "replace")).hexdigest()


def _visitor_key() -> str:
    return "visitor:" + visitor()
