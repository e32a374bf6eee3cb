"""What the bank's own text on a line says. It is opened by the reader, and shown to nobody here.

Banks write in Thai or English. Key words are looked for in the description, which the bank writes,
and never in the detail, which a payer may have typed.
"""

import re
from functools import lru_cache
from itertools import takewhile

from fundapp.banking.encryption import BankWords
from fundapp.banking.models import StatementLine
from fundapp.banking.reader import words_of
from fundapp.giving.models import Method, ReturnReason
from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.thai.folding import fold_text
from fundapp.thai.names import fold_name, is_word_edge, name_ends

_FEE = re.compile(r"ค่าธรรมเนียม|ค่าบริการ|\b(fees?|charges?)\b", re.IGNORECASE)
_TAX = re.compile(r"ภาษีหัก|\b(withholding|tax)\b", re.IGNORECASE)
_INTEREST = re.compile(r"ดอกเบี้ย|\binterest\b", re.IGNORECASE)
# "รับชำระค่าสินค้าและบริการ" is a bill payment, not the bank's price of a service.
_BILL = re.compile(r"รับชำระ|\bbill payment\b", re.IGNORECASE)
_PROMPTPAY = re.compile(r"พร้อมเพย์|prompt ?pay|\bqr\b", re.IGNORECASE)
_CHEQUE = re.compile(r"เช็ค|\b(cheque|check|chq)\b", re.IGNORECASE)
_VOUCHER = re.compile(r"\bPV[0-9A-HJKMNP-TV-Z]{13}\b", re.IGNORECASE)

# In the order in which they are looked for: a returned cheque may be called a correction as well.
_RETURNS = {
    ReturnReason.CHEQUE: re.compile(
        r"เช็ค\s*(คืน|เด้ง)|คืน\s*เช็ค"
        r"|\breturn(ed)? (cheque|check|chq)|\b(cheque|check|chq) return",
        re.IGNORECASE,
    ),
    ReturnReason.CHARGEBACK: re.compile(r"ปฏิเสธรายการ|\bcharge ?back\b", re.IGNORECASE),
    ReturnReason.CORRECTION: re.compile(
        r"กลับรายการ|แก้ไขรายการ|ปรับปรุงรายการ|\b(reversal|correction|adjustment)\b", re.IGNORECASE
    ),
}
#: Shorter numbers, of a branch or a day, are in many texts.
_NUMBER = re.compile(r"\d{5,}")

_SHORTEST_NAME = 4
_LAST_NAME_LETTERS = 3


class Charge(LabelledEnum):
    """What a bank books on its own account."""

    FEE = "fee", N_("The bank's own fee.")
    TAX = "tax", N_("Tax that the bank withheld.")
    INTEREST = "interest", N_("Interest that the bank pays.")


def text_of(line: StatementLine) -> str:
    """The whole text of the line."""
    return _joined(words_of(line))


@lru_cache(maxsize=1_024)  # the same object each time, so that what is kept by it is found at once
def _joined(words: BankWords) -> str:
    return " ".join(words)


def charge_of(line: StatementLine) -> Charge | None:
    """Whether the line is the bank's fee, a tax it takes, or interest it pays; else None."""
    description = words_of(line).description
    if line.withdrawal_satang and _TAX.search(description):
        return Charge.TAX
    if line.withdrawal_satang and _FEE.search(description):
        return Charge.FEE
    if line.deposit_satang and _INTEREST.search(description):
        return Charge.INTEREST
    return None


def method_of(line: StatementLine) -> Method:
    """How the money came, as far as the bank's text says: PromptPay, cheque, else a transfer."""
    words = words_of(line)
    bank_text = f"{words.description} {words.channel}"
    if _BILL.search(bank_text) or _PROMPTPAY.search(bank_text):
        return Method.PROMPTPAY
    return Method.CHEQUE if _CHEQUE.search(words.description) else Method.TRANSFER


def return_of(line: StatementLine) -> ReturnReason | None:
    """Why the bank took money back, if its text says that it did; else None."""
    if not line.withdrawal_satang or charge_of(line) is not None:
        return None
    text = words_of(line).description
    return next((reason for reason, words in _RETURNS.items() if words.search(text)), None)


def shares_number(text: str, other: str) -> bool:
    """Whether a number of five digits or more, such as a cheque's, is in both texts; zeros before
    it do not count.
    """
    numbers = ({found.lstrip("0") for found in _NUMBER.findall(each)} for each in (text, other))
    return bool(set.intersection(*numbers) - {""})


def vouchers_in(text: str) -> list[str]:
    """Numbers of payment vouchers in a bank's text, in capitals, each once."""
    return list(dict.fromkeys(voucher.upper() for voucher in _VOUCHER.findall(text)))


@lru_cache(maxsize=4_096)  # asked of a giver twice, and again on the page of the line
def names_payer(text: str, name: str) -> bool:
    """Whether a bank's text names this person. Banks cut long names.

    The first name must be there in full, with or without a title, and the rest in full or cut
    after at least three letters.
    """
    wanted, folded = fold_name(name), fold_text(text)
    if len(wanted) < _SHORTEST_NAME:
        return False
    first, _, rest = wanted.partition(" ")
    return any(_goes_on(folded[end:], rest) for end in name_ends(folded, first))


def _goes_on(text: str, rest: str) -> bool:
    """Whether a text goes on with the rest of a name, or with what a bank left of it."""
    if not rest:
        return True
    text = text.removeprefix(" ")
    alike = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, rest, strict=False))
    )
    is_enough = alike == len(rest) or alike >= _LAST_NAME_LETTERS
    return is_enough and is_word_edge(text, alike)
