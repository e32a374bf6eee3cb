"""How many pledges may be made, so that a mosque's Wi-Fi or a carrier's shared address is no bar to
people, and programs are stopped by what they do.

A person opens the form and types; what was sent within `FASTEST` seconds of opening it, with a
stamp that is not ours or that many were sent with, counts against a small limit of its own. So do
very small amounts, by which stolen cards are tried out. One mailbox gets few messages.
"""

import hashlib

from fundapp.errors import TooManyTriesError
from fundapp.giving.errors import HiddenFieldFilledError
from fundapp.giving.forms import GiveForm
from fundapp.mail.encryption import lookup_line_user
from fundapp.mail.line import LineEvent, LineEventKind
from fundapp.markers import N_
from fundapp.web.form_stamps import seconds_open
from fundapp.web.limits import Try, take_tries, take_try, visitor

#: Seconds in which nobody fills in the form.
FASTEST = 3
#: Satang below which a gift counts as very small.
SMALL_SATANG = 20_00

_FROM_HERE = N_(
    "Too many gifts were made from this connection. Nothing was saved, and what you typed is "
    "still here. Try again in %(wait)s."
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
