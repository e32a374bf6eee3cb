"""Account numbers as statements show them: with dashes and spaces, or partly hidden (pure)."""

import re

from fundapp.thai.folding import plain_signs

#: Stands for a digit that the bank does not show.
HIDDEN = "x"

_DIGIT = "[0-9xX*•]"
# With dashes; else with spaces, where no other number can follow.
_DASHED = re.compile(rf"{_DIGIT}(?:-?{_DIGIT}){{5,24}}")
_SPACED = re.compile(rf"{_DIGIT}(?: ?{_DIGIT}){{5,24}}")
_MASK = re.compile(r"[xX*•]")
_FEWEST_SHOWN = 3


def find_number(text: str) -> str | None:
    """The first account number in ``text``: its digits, `HIDDEN` for each that is not shown."""
    plain = plain_signs(text)
    match = _DASHED.search(plain) or _SPACED.search(plain)
    if match is None:
        return None
    return _MASK.sub(HIDDEN, re.sub("[ -]", "", match.group()))


def number_in_field(text: str) -> str | None:
    """The account number of a field that holds nothing else, but for the number of its bank before
    it and the currency behind it: as `find_number` gives it, None for another text.
    """
    number = text.strip().rpartition("/")[2].removesuffix("THB").strip()
    return find_number(number) if _DASHED.fullmatch(number) or _SPACED.fullmatch(number) else None


def is_same_number(shown: str, digits: str) -> bool:
    """Whether ``digits`` can be the number of which a statement shows ``shown``.

    A number as long as the account's is compared digit by digit; in a shorter one each run of
    hidden digits stands for any number of them. One that shows fewer than three says nothing.
    """
    if sum(character != HIDDEN for character in shown) < _FEWEST_SHOWN:
        return False
    if HIDDEN not in shown or len(shown) == len(digits):
        pattern = shown.replace(HIDDEN, "[0-9]")
    else:
        pattern = re.sub(f"{HIDDEN}+", "[0-9]*", shown)
    return re.fullmatch(pattern, digits) is not None
