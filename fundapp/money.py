"""Money is an integer number of satang (1 baht = 100 satang), in forms, code and tables alike.

No float ever holds an amount. What people type is read strictly: an amount that could be read in
two ways is refused with a sentence.
"""

import re
from collections.abc import Sequence

from fundapp.markers import N_
from fundapp.thai.folding import fold_signs

#: The largest amount a form takes unless it says otherwise: 99,999,999.99 baht.
MAXIMUM_SATANG = 99_999_999_99

_SENTENCES = {
    "empty": N_("Enter an amount in baht, for example 500 or 1,000.50."),
    "not_a_number": N_("Write the amount with digits only, for example 500 or 1,000.50."),
    "negative": N_("The amount must not be negative. Leave out the minus sign."),
    "zero": N_("The amount must be more than zero."),
    "too_precise": N_("An amount has at most two digits after the point, for example 100.50."),
    "too_large": N_("This amount is too large. Check the number of zeros."),
    "bad_grouping": N_("The commas are not in the right place. Write 1,000 or 1000."),
}

_BAHT = r"(?:฿|THB|baht|บาทถ้วน|บาท|บ\.)"
# "฿500", "500 บาท", "500.-": the unit says no more than the field does.
_SHAPE = re.compile(
    rf"(-?) ?{_BAHT}? ?(-?) ?([0-9]+(?:,[0-9]*)*)(?:\.([0-9]+)|\.-)? ?{_BAHT}?", re.IGNORECASE
)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
# More digits than any amount has, so that int() never reads a text of megabytes.
_MOST_DIGITS = 30


class MoneyError(ValueError):
    """A text that is not an amount.

    ``code`` is one of ``empty``, ``not_a_number``, ``negative``, ``zero``, ``too_precise``,
    ``too_large``, ``bad_grouping``; the error's text is the untranslated sentence for people.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(_SENTENCES[code])


def parse_baht(text: str, *, allow_zero: bool = False, maximum_satang: int = MAXIMUM_SATANG) -> int:
    """The satang of an amount in baht as people type it: "1,000.50", "๑๐๐", "฿500", "500 บาท" or
    "500.-".

    Commas must group thousands, at most two digits follow the point. Raises `MoneyError` for all
    else: signs, exponents, other words and units, zero unless ``allow_zero``, anything above
    ``maximum_satang``.
    """
    plain = fold_signs(text)
    _require(plain != "", "empty")
    whole, fraction = _split(plain)
    _require(len(fraction) <= 2, "too_precise")
    _require(len(whole) <= _MOST_DIGITS, "too_large")
    satang = int(whole) * 100 + int(fraction.ljust(2, "0"))
    _require(satang <= maximum_satang, "too_large")
    _require(satang > 0 or allow_zero, "zero")
    return satang


def _require(holds: bool, code: str) -> None:
    """Raise `MoneyError` unless the condition holds."""
    if not holds:
        raise MoneyError(code)


def _split(plain: str) -> tuple[str, str]:
    """The digits before and after the point, commas checked and removed."""
    match = _SHAPE.fullmatch(plain)
    if match is None or (match.group(1) and match.group(2)):
        raise MoneyError("not_a_number")
    _require(not (match.group(1) or match.group(2)), "negative")
    whole, fraction = match.group(3), match.group(4) or ""
    _require("," not in whole or _GROUPED.fullmatch(whole) is not None, "bad_grouping")
    return whole.replace(",", ""), fraction


def format_baht(satang: int, *, symbol: bool = False) -> str:
    """An amount as figures: 123450 is "1,234.50", with ``symbol`` "฿1,234.50"; negatives lead with
    "-".
    """
    baht, rest = divmod(abs(satang), 100)
    sign = "-" if satang < 0 else ""
    return f"{sign}{'฿' if symbol else ''}{baht:,}.{rest:02d}"


def split_evenly(total: int, parts: int) -> list[int]:
    """``total`` satang in ``parts`` shares that differ by one satang at most, the larger ones
    first.

    100000 in three is 33334, 33333, 33333. Raises ValueError when there is nothing to split into.
    """
    if total < 0 or parts < 1:
        raise ValueError("split_evenly needs total >= 0 and parts >= 1")
    share, extra = divmod(total, parts)
    return [share + 1] * extra + [share] * (parts - extra)


def split_by_weights(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` satang in shares proportional to ``weights``, summing to ``total`` exactly.

    The satang that do not divide go to the largest remainders, on a tie to the earlier share
    (Hamilton's method), so a weight of zero gets nothing. Raises ValueError when a weight is
    negative or all are zero.
    """
    whole = sum(weights)
    if total < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError("split_by_weights needs total >= 0 and weights >= 0, one of them positive")
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares
