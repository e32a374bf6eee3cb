"""The banks a payee can have an account with (three-digit codes of the Bank of Thailand), and
account numbers.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fundapp.markers import N_
from fundapp.thai.folding import bare_number, fold_signs
from fundapp.thai.identity_numbers import check_tax_id
from fundapp.thai.phone_numbers import is_mobile, normalise_phone

_FILE = Path(__file__).parent / "data" / "banks.csv"
#: Used as the bank code when the number is a PromptPay number.
PROMPTPAY = "promptpay"
# "9.87654E+09" and "9876543210.00": a spreadsheet took the number for an amount.
_SPREADSHEET = re.compile(r"[0-9.,]+E[+-]?[0-9]+|[0-9]+\.[0-9]{1,2}", re.IGNORECASE)
_E_WALLET_DIGITS = 15


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
    _refuse_spreadsheet(text)
    number = bare_number(text)
    if not (number.isascii() and number.isdigit() and 10 <= len(number) <= 15):
        raise ValueError(N_("An account number has 10 to 15 digits. Copy it from the bank book."))
    return number


def check_promptpay_number(text: str) -> str:
    """A mobile number (also as +66 …), a 13-digit number with its check digit or the 15 digits of
    an e-wallet; ValueError with a sentence otherwise.
    """
    _refuse_spreadsheet(text)
    number = normalise_phone(text)
    if is_mobile(number):
        return number
    if number.isascii() and number.isdigit() and len(number) == _E_WALLET_DIGITS:
        return number
    if len(number) != 13:
        raise ValueError(
            N_(
                "A PromptPay number is a mobile number (10 digits), an id number (13 digits) "
                "or an e-wallet number (15 digits)."
            )
        )
    return check_tax_id(number)


def _refuse_spreadsheet(text: str) -> None:
    if _SPREADSHEET.fullmatch(fold_signs(text)):
        raise ValueError(
            N_(
                "A spreadsheet has changed this number, so digits may be lost. "
                "Copy it from the bank book."
            )
        )
