"""Identity numbers of people in Thailand: the shape of each kind, and check digits.

A Thai personal number has 13 digits; the last is (11 − Σ dᵢ·(13 − i) mod 11) mod 10 over the first
twelve, and tax numbers of juristic persons use the same sum (python-stdnum: `stdnum.th`). Numbers
that start with 0 are given to persons without nationality status; the library refuses them, this
fund does not: a form must not refuse a child without papers. A G-code is the Ministry of
Education's number for a learner without a civil number: G, two digits of the B.E. year, two of the
province, eight of a serial, no check digit.
"""

import re

from stdnum.th import moa, pin

from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.thai.folding import bare_number


class IdKind(LabelledEnum):
    """Which kind of number a person showed."""

    THAI_PIN = "thai_pin", N_("Thai identity number (13 digits)")
    NO_NATIONALITY = (
        "no_nationality",
        N_("Number of a person without nationality status (starts with 0)"),
    )
    GCODE = "gcode", N_("G-code of the Ministry of Education")
    PASSPORT = "passport", N_("Passport")
    OTHER = "other", N_("Another document")
    NONE = "none", N_("No number")


_THIRTEEN = re.compile(r"[0-9]{13}")
_GCODE = re.compile(r"G[0-9]{2}[1-9][0-9][0-9]{8}")
_PASSPORT = re.compile(r"[A-Z0-9]{5,15}")
# Letters and digits of any script; Thai vowel and tone marks are not letters to `re`.
_OTHER = re.compile(r"[^\W_][\w\u0e31\u0e34-\u0e3a\u0e47-\u0e4e/()]{0,39}")

_EMPTY = N_("Enter the number, or choose that there is none.")
_LENGTH = N_("This number has 13 digits. Count the digits and enter all of them.")
_CHECK = N_("The last digit does not fit the others. Compare the number with the card.")
_STARTS_0 = N_(
    "A number that starts with 0 belongs to a person without nationality status. "
    "Choose that kind of number, or compare the first digit with the card."
)
_STARTS_9 = N_("A Thai identity number starts with 1 to 8. Compare the first digit with the card.")
_NOT_0 = N_(
    "The number of a person without nationality status starts with 0. "
    "Choose another kind of number, or compare the first digit with the paper."
)
_BAD_GCODE = N_("A G-code is the letter G and 12 digits, for example G679500000012.")
_BAD_PASSPORT = N_("A passport number has 5 to 15 letters and digits. Copy it from the passport.")
_BAD_OTHER = N_("Enter up to 40 letters and digits, as they stand on the document.")
_NOT_NONE = N_("Leave the number empty, or choose what kind of number it is.")
_BAD_TAX = N_("This tax number is not right. Compare all 13 digits with the document.")


def check_id(kind: IdKind, text: str) -> str:
    """The number normalised, when it can be one of this kind; "" for `IdKind.NONE`.

    Raises ValueError with a sentence that says what does not fit and what to do.
    """
    number = bare_number(text)
    if kind is IdKind.NONE:
        _require(not number, _NOT_NONE)
        return ""
    _require(number != "", _EMPTY)
    _CHECKS[kind](number)
    return number


def check_tax_id(text: str) -> str:
    """A 13-digit tax number, normalised: a person's identity number or a juristic person's number.

    Raises ValueError with a sentence when it is neither.
    """
    number = bare_number(text)
    _require(number.isascii() and (moa.is_valid(number) or pin.is_valid(number)), _BAD_TAX)
    return number


def format_pin(number: str) -> str:
    """A normalised 13-digit number as cards print it: "1-2345-45678-78-1"."""
    return f"{number[0]}-{number[1:5]}-{number[5:10]}-{number[10:12]}-{number[12]}"


def _require(holds: bool, sentence: str) -> None:
    """Raises ValueError with ``sentence`` unless the statement holds."""
    if not holds:
        raise ValueError(sentence)


def _check_pin(number: str) -> None:
    _require(_THIRTEEN.fullmatch(number) is not None, _LENGTH)
    _require(number[0] != "0", _STARTS_0)
    _require(number[0] != "9", _STARTS_9)
    _require(pin.is_valid(number), _CHECK)


def _check_no_nationality(number: str) -> None:
    _require(_THIRTEEN.fullmatch(number) is not None, _LENGTH)
    _require(number[0] == "0", _NOT_0)
    _require(pin.calc_check_digit(number) == number[12], _CHECK)


def _check_gcode(number: str) -> None:
    _require(_GCODE.fullmatch(number) is not None, _BAD_GCODE)


def _check_passport(number: str) -> None:
    _require(_PASSPORT.fullmatch(number) is not None, _BAD_PASSPORT)


def _check_other(number: str) -> None:
    _require(_OTHER.fullmatch(number) is not None, _BAD_OTHER)


_CHECKS = {
    IdKind.THAI_PIN: _check_pin,
    IdKind.NO_NATIONALITY: _check_no_nationality,
    IdKind.GCODE: _check_gcode,
    IdKind.PASSPORT: _check_passport,
    IdKind.OTHER: _check_other,
}
