"""The banks a payee can have an account with (three-digit codes of the Bank of Thailand), and
account numbers.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fundapp.markers import N_
from fundapp.thai.digits import to_arabic
from fundapp.thai.identity_numbers import check_tax_id

_FILE = Path(__file__).parent / "data" / "banks.csv"
#: Used as the bank code when the number is a PromptPay number.
PROMPTPAY = "promptpay"
_SEPARATORS = re.compile(r"[\s.-]")


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank."""

    code: str
    symbol: str
    name_th: str
    name_en: str

    @property
    def name_ms(self) -> str:
        """Malay speakers know it by its English name."""
        return self.name_en


@cache
def banks() -> dict[str, Bank]:
    """Every bank by its code."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: Bank(**row) for row in csv.DictReader(file)}


def check_account_number(text: str) -> str:
    """The bare digits of a bank account number; ValueError with a sentence when it cannot be one.

    Thai account numbers have 10 to 15 digits; which check digits the banks use is not published.
    """
    number = _SEPARATORS.sub("", to_arabic(text))
    if not (number.isascii() and number.isdigit() and 10 <= len(number) <= 15):
        raise ValueError(N_("An account number has 10 to 15 digits. Copy it from the bank book."))
    return number


def check_promptpay_number(text: str) -> str:
    """A mobile number or a 13-digit number with its check digit; ValueError with a sentence
    otherwise.
    """
    number = _SEPARATORS.sub("", to_arabic(text))
    if re.fullmatch(r"0[689][0-9]{8}", number):
        return number
    if len(number) != 13:
        raise ValueError(
            N_("A PromptPay number is a mobile number (10 digits) or an id number (13 digits).")
        )
    return check_tax_id(number)
