"""What the bank's own text on a line says (pure).

Banks write in Thai or English. Key words are looked for in the description, which the bank writes,
and never in the detail, which a payer may have typed.
"""

import re

from fundapp.banking.models import StatementLine
from fundapp.giving.models import Method
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

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


class Charge(LabelledEnum):
    """What a bank books on its own account."""

    FEE = "fee", N_("The bank's own fee or tax.")
    INTEREST = "interest", N_("Interest that the bank pays.")


def text_of(line: StatementLine) -> str:
    """The whole text of the line."""
    return " ".join((line.description, line.detail, line.channel))


def charge_of(line: StatementLine) -> Charge | None:
    """Whether the line is the bank's fee (or a tax it takes), or interest it pays; else None."""
    if line.withdrawal_satang and _FEE.search(line.description):
        return Charge.FEE
    if line.deposit_satang and _INTEREST.search(line.description):
        return Charge.INTEREST
    return None


def method_of(line: StatementLine) -> Method:
    """How the money came, as far as the bank's text says: PromptPay, cheque, else a transfer."""
    bank_text = f"{line.description} {line.channel}"
    if _BILL.search(bank_text) or _PROMPTPAY.search(bank_text):
        return Method.PROMPTPAY
    return Method.CHEQUE if _CHEQUE.search(line.description) else Method.TRANSFER


def vouchers_in(text: str) -> list[str]:
    """Numbers of payment vouchers in a bank's text, in capitals, each once."""
    return list(dict.fromkeys(voucher.upper() for voucher in _VOUCHER.findall(text)))


def names_payer(text: str, name: str) -> bool:
    """Whether a bank's text names this person. Banks cut long names.

    The first name must be there in full, and at least three letters of the last name.
    """
    parts = _TITLES.sub("", " ".join(name.split())).casefold().split()
    wanted = " ".join(parts)
    if len(wanted) < _SHORTEST_NAME:
        return False
    if len(parts) > 1:
        wanted = f"{parts[0]} {parts[1][:_LAST_NAME_LETTERS]}"
    return re.search(rf"(?<!\w){re.escape(wanted)}", " ".join(text.casefold().split())) is not None
