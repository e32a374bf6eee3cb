"""Telephone numbers in Thailand, as people type them."""

import re

from fundapp.thai.folding import bare_number

_BRACKETS = re.compile(r"[()]")
_ABROAD = re.compile(r"(?:\+|00)?660?([1-9][0-9]{7,8})")
_MOBILE = re.compile(r"0[689][0-9]{8}")


def normalise_phone(text: str) -> str:
    """``text`` as numbers are stored and compared: its digits, a number of Thailand with 0 in front
    ("+66 81 234 5678" is "0812345678"), one abroad with +.
    """
    number = _BRACKETS.sub("", bare_number(text))
    thai = _ABROAD.fullmatch(number)
    return f"0{thai.group(1)}" if thai else number


def is_mobile(number: str) -> bool:
    """Whether a normalised number is one of a mobile telephone in Thailand."""
    return _MOBILE.fullmatch(number) is not None
