"""How many pledges may be made, so that a mosque's Wi-Fi or a carrier's shared address is no bar to
people, and programs are stopped by what they do; and when somebody who tries out stolen cards is
stopped.

A person opens the form and types; what was sent within `FASTEST` seconds of opening it, with a
stamp that is not ours or that many were sent with, counts against a small limit of its own. So do
very small amounts, by which stolen cards are tried out. One mailbox gets few messages.
"""

import hashlib
from contextlib import suppress

from fundapp.errors import TooManyTriesError
from fundapp.giving.errors import HiddenFieldFilledError
from fundapp.giving.forms import GiveForm
from fundapp.mail.encryption import lookup_line_user
from fundapp.mail.line import LineEvent, LineEventKind
from fundapp.markers import N_
from fundapp.web.form_stamps import seconds_open
from fundapp.web.limits import Try, give_try_back, take_tries, take_try, visitor, visitor_key

#: Seconds in which nobody fills in the form.
FASTEST = 3
#: Satang below which a gift counts as very small.
SMALL_SATANG = 20_00

_FROM_HERE = N_(
    "Too many gifts were made from this connection. Nothing was saved, and what you typed is "
    "still here. Try again in %(wait)s."
)
_CARDS_FAILED = N_(
    "Too many card payments failed from this connection. Your pledge is kept: pay it by PromptPay "
    "or transfer, or try a card again in %(wait)s."
)
_FOR_MAILBOX = N_(
    "Too many gifts were made with this e-mail address. Nothing was saved, and what you typed is "
    "still here. Try again in %(wait)s, or leave the address empty."
)


def take_pledge_tries(form: GiveForm) -> None:
    """Count a pledge that is about to be made; only after validation. Raises TooManyTriesError, and
    HiddenFieldFilledError, after which the field is empty.
    """
    if form.website.data:
        form.website.data = ""
        raise HiddenFieldFilledError
    here = visitor()
    stamp = form.opened.data or ""
    hasty: Try = ("LIMIT_PLEDGE_HASTY", here, _FROM_HERE)
    # What was sent with a form that was sent often already counts as hasty.
    typed: list[Try] = [("LIMIT_PLEDGE_FORM", stamp, _FROM_HERE), hasty]
    tries: list[Try | list[Try]] = [("LIMIT_PLEDGE", here, _FROM_HERE)]
    tries.append(typed if _may_be_typed(stamp) else hasty)
    if form.amount.value < SMALL_SATANG:
        tries.append(("LIMIT_PLEDGE_SMALL", here, _FROM_HERE))
    if form.email.data:
        tries.append(("LIMIT_PLEDGE_EMAIL", _mailbox(form.email.data), _FOR_MAILBOX))
    take_tries(*tries)


def _may_be_typed(stamp: str) -> bool:
    """Whether somebody may have typed the form."""
    seconds = seconds_open(stamp)
    return seconds is not None and seconds >= FASTEST


def _mailbox(email: str) -> str:
    """The key of an address as forms read it."""
    return hashlib.sha256(email.encode("utf-8", "replace")).hexdigest()


def may_send_code(event: LineEvent) -> bool:
    """Whether somebody at LINE may send another code, right or wrong: none is to be guessed."""
    if event.kind is not LineEventKind.TEXT:
        return True
    try:
        take_try("LIMIT_LINE_CODE", lookup_line_user(event.line_user).hex())
    except TooManyTriesError:
        return False
    return True


def take_checkout_tries(token: str) -> str:
    """Count a way to the card processor that is about to be opened; where it is asked for. Raises
    TooManyTriesError, also when too many payments from here failed lately.
    """
    origin = visitor_key()
    _look("LIMIT_CARD_STOPPED", origin, _CARDS_FAILED)
    take_tries(("LIMIT_CHECKOUT", visitor(), None), ("LIMIT_CHECKOUT_PLEDGE", token, None))
    return origin


def count_failed_card(origin: str) -> bool:
    """Count a payment that failed; whether its origin is stopped now, for as long as the setting
    LIMIT_CARD_STOPPED says.
    """
    try:
        take_try("LIMIT_CARD_FAILED", origin)
        _look("LIMIT_CARD_FAILED", origin)
    except TooManyTriesError:
        with suppress(TooManyTriesError):
            take_try("LIMIT_CARD_STOPPED", origin)
        return True
    return False


def _look(name: str, key: str, message: str | None = None) -> None:
    """Raise TooManyTriesError when no try is left; none is used up."""
    take_try(name, key, message=message)
    give_try_back(name, key)
