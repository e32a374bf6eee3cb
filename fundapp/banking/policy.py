"""What the bank's own words on a line say (pure).

Banks write in Thai or English. Words are looked for in the description, which the bank writes,
and never in the detail, which a payer may have typed.
"""

import re
from enum import StrEnum

from fundapp.banking.models import StatementLine
from fundapp.giving.models import Method

_FEE = re.compile(r"ค่าธรรมเนียม|ภาษีหัก|ค่าบริการ|\b(fees?|charges?|withholding|tax)\b", re.IGNORECASE)
_INTEREST = re.compile(r"ดอกเบี้ย|\binterest\b", re.IGNORECASE)
# "รับชำระค่าสินค้าและบริการ" is a bill payment, not the bank's price of a service.
_BILL = re.compile(r"รับชำระ|\bbill payment\b", re.IGNORECASE)
_PROMPTPAY = re.compile(r"พร้อมเพย์|prompt ?pay|\bqr\b", re.IGNORECASE)
_CHEQUE = re.compile(r"เช็ค|\b(cheque|check|chq)\b", re.IGNORECASE)
_VOUCHER = re.compile(r"\bPV[0-9A-HJKMNP-TV-Z]{13}\b", re.IGNORECASE)

_TITLES = re.compile(
    r"^(นางสาว|นาง|นาย|น\.ส\.|ด\.ช\.|ด\.ญ\.|mr\.?|mrs\.?|ms\.?|miss)\s*", re.IGNORECASE
)
_SHORTEST_NAME = 4
_LAST_NAME_LETTERS = 3


class Charge(StrEnum):
    """What a bank books by itself."""

    FEE = "fee"
    INTEREST = "interest"


def text_of(line: StatementLine) -> str:
    """Everything the bank says of the line."""
    return " ".join((line.description, line.detail, line.channel))


def charge_of(line: StatementLine) -> Charge | None:
    """Whether the line is the bank's fee (or a tax it takes), or interest it pays; else None."""
    if line.withdrawal_satang and _FEE.search(line.description):
        return Charge.FEE
    if line.deposit_satang and _INTEREST.search(line.description):
        return Charge.INTEREST
    return None


def method_of(line: StatementLine) -> Method:
    """How the money came, as far as the bank says: PromptPay, cheque, else a transfer."""
    said = f"{line.description} {line.channel}"
    if _BILL.search(said) or _PROMPTPAY.search(said):
        return Method.PROMPTPAY
    return Method.CHEQUE if _CHEQUE.search(line.description) else Method.TRANSFER


def vouchers_in(text: str) -> list[str]:
    """Numbers of payment vouchers in a bank's text, capitals, each once."""
    return list(dict.fromkeys(found.upper() for found in _VOUCHER.findall(text)))


def names_payer(text: str, name: str) -> bool:
    """Whether a bank's text names this person; banks cut long names, so a beginning is enough.

    The first name must be there in full, of the last name as much as the bank shows, three letters
    at least.
    """
    parts = _TITLES.sub("", " ".join(name.split())).casefold().split()
    wanted = " ".join(parts)
    if len(wanted) < _SHORTEST_NAME:
        return False
    if len(parts) > 1:
        wanted = f"{parts[0]} {parts[1][:_LAST_NAME_LETTERS]}"
    return re.search(rf"(?<!\w){re.escape(wanted)}", " ".join(text.casefold().split())) is not None


def digits(text: str) -> str:
    """An account number without its dashes and spaces."""
    return "".join(letter for letter in text if letter.isdigit())
