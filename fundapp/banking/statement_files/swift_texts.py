"""What the texts of an MT940 entry say: words of the bank, and words of whoever paid (pure).

A :86: is structured by codes ("166?00CREDIT?20EREF+…?32NAME", also with another sign than "?"), by
SWIFT's code words ("/EREF/…/ORDP//NAME/…/REMI/…"), or is free text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fundapp.banking.statement_files.entries import ASK_BANK, require_baht
from fundapp.banking.statement_files.parsed import rejected
from fundapp.markers import N_

#: The description of what a bank took of an entry, by which it is booked as a fee.
FEE = "Charges"
#: How wide banks write: a line or a subfield that is full goes on in the next one without a space.
_LINE_WIDTH, _SUBFIELD_WIDTH = 65, 27

_TYPES = {
    "CHG": FEE,
    "CHK": "Cheque",
    "CMI": "Cash management transfer",
    "COM": "Commission fee",
    "DDT": "Direct debit",
    "DIV": "Dividend",
    "INT": "Interest",
    "MSC": "Miscellaneous",
    "RTI": "Returned cheque or item",
    "STO": "Standing order",
    "TAX": "Withholding tax",
    "TRF": "Transfer",
}
_STRUCTURED = re.compile(r"([0-9]{3})([^\w\s:/+.,-])(?=[0-9]{2})")
_CODES = (
    "EREF|KREF|CREF|MREF|PREF|RTRN|REMI|ORDP|BENM|NAME|ADDR|ISDT|TRCD|MARF|CSID|CNTP|PURP|ULTD|ULTB|"
    "ULTC|IBAN|BIC|OCMT|CHGS"
)
_CODE = re.compile(rf"/({_CODES})(?=/)")
#: Code words inside the purpose of a structured :86:.
_PURPOSE = re.compile(
    r"(?<![A-Z])(?:EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP|IBAN|BIC)\+"
)
_PURPOSE_FIELDS = {*range(20, 30), *range(60, 64)}
_NAME_FIELDS = (32, 33)
_AMOUNT = r"([A-Z]{3})([0-9]{1,15},[0-9]{0,2})"
_ORIGINAL = re.compile(rf"/OCMT/{_AMOUNT}")
_CHARGES = re.compile(rf"/CHGS/{_AMOUNT}")
_ANY_CHARGES = "/CHGS/"


@dataclass(frozen=True, slots=True)
class TaggedText:
    """A :86:: the bank's posting text, whom it names, and the rest."""

    posting: str = ""
    purpose: str = ""
    name: str = ""

    def detail_of(self, is_in: bool) -> str:
        """The detail of a line: the purpose, and from whom or to whom the money went."""
        direction = "from" if is_in else "to"
        return " ".join(filter(None, (self.purpose, self.name and f"{direction} {self.name}")))


def type_name(code: str) -> str:
    """The type of an entry in words, of four signs such as "NTRF"; the code where it has none."""
    return _TYPES.get(code[1:], code)


def reversal_of(description: str) -> str:
    """The description of an entry that takes another one back."""
    return f"Reversal: {description}"


def read_text(lines: Sequence[str]) -> TaggedText:
    """What the lines of a :86: say."""
    joined = "".join(lines)
    if match := _STRUCTURED.match(joined):
        return _structured(joined[match.end() :], match.group(2))
    text = _joined(lines, _LINE_WIDTH)
    return _by_codes(text) if _CODE.match(text) else TaggedText(purpose=text)


def taken_amounts(more: str, satang: int, row: int) -> int:
    """How much the bank took of an entry, in satang, as the code words of its own details say; 0
    when nothing. A :86: is not asked: a payer may have typed it.

    /CHGS/ are charges inside the amount, unless /OCMT/, the amount before them, is the same.
    """
    charges = _CHARGES.findall(more)
    if len(charges) != more.count(_ANY_CHARGES):
        problem = N_("The charges of this entry cannot be read.")
        raise rejected("bad_charges", problem, ASK_BANK, row=row)
    taken = sum(_satang(each, row) for each in charges)
    original = _ORIGINAL.search(more)
    if not taken or original is None:
        return taken
    before = _satang(original.groups(), row)
    if before == abs(satang):
        return 0
    if before != abs(satang + taken):
        problem = N_("The amount before charges and the charges do not give the amount.")
        raise rejected("parts", problem, ASK_BANK, row=row)
    return taken


def _satang(found: Sequence[str], row: int) -> int:
    currency, amount = found
    require_baht(currency, row)
    whole, _, fraction = amount.partition(",")
    return int(whole) * 100 + int(fraction.ljust(2, "0"))


def _structured(text: str, sign: str) -> TaggedText:
    pieces = re.split(rf"{re.escape(sign)}([0-9]{{2}})", sign + text)
    fields = list(zip(map(int, pieces[1::2]), pieces[2::2], strict=True))
    posting = " ".join(value.strip() for number, value in fields if number == 0)
    purpose = _joined([value for number, value in fields if number in _PURPOSE_FIELDS])
    name = _joined([value for number, value in fields if number in _NAME_FIELDS])
    purpose = _one_line(_PURPOSE.sub(" ", purpose))
    return TaggedText(posting, purpose, _one_line(name))


def _by_codes(text: str) -> TaggedText:
    pieces = _CODE.split(text)
    purpose, name = [pieces[0]], ""
    for code, value in zip(pieces[1::2], pieces[2::2], strict=True):
        words = value.strip("/ ")
        if code == "NAME" and not name:
            name = words
        elif code not in ("OCMT", "CHGS"):
            purpose.append(words)
    return TaggedText("", _one_line(" ".join(purpose)), _one_line(name))


def _joined(pieces: Sequence[str], width: int = _SUBFIELD_WIDTH) -> str:
    """Pieces as one text: where a piece is full, the next one goes on in the same word."""
    text = ""
    for place, piece in enumerate(pieces):
        # Some banks count the tag as part of the first line.
        is_full = len(piece) >= width or (place == 0 and len(piece) == width - len(":86:"))
        text += piece if is_full else f"{piece} "
    return _one_line(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())
