"""Lists of givers, pasted or as CSV: from text to givers.

Each line is one giver. Its cells are parted by tabs, semicolons or commas and may stand in any
order: a cell with @ is the e-mail address, thirteen digits are the tax number, the only other
number is the amount, and the first text is the name. A whole number before the name only counts
the lines. A first line without any number holds headings.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from fundapp.email_addresses import read_email
from fundapp.giving.gift_batches.drafts import Giver
from fundapp.markers import N_
from fundapp.money import parse_baht
from fundapp.thai.folding import bare_number, fold_signs
from fundapp.thai.identity_numbers import check_tax_id
from fundapp.thai.names import has_letter
from fundapp.web.forms import clean_line

MOST_GIVERS = 500
MOST_BYTES = 200_000
_LONGEST_NAME = 200
_TAX_DIGITS = 13
_ENCODINGS = ("utf-8-sig", "cp874")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line: its number, and a message id."""

    row: int
    sentence: str


@dataclass(frozen=True, slots=True)
class GiverList:
    """What a list says, and the lines that cannot be read. With a problem no giver counts."""

    givers: Sequence[Giver]
    problems: Sequence[Problem]

    @property
    def total_satang(self) -> int:
        """What it comes to."""
        return sum(giver.amount_satang for giver in self.givers)


def decode(data: bytes) -> str | None:
    """The text of a CSV file in UTF-8 or as Thai Windows writes it; None for anything else."""
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None


def read_givers(text: str) -> GiverList:
    """The givers of a list, at most `MOST_GIVERS`; lines without content are left out."""
    givers: list[Giver] = []
    problems: list[Problem] = []
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error:
        return GiverList([], [Problem(1, N_("This is no list: quotation marks do not match."))])
    for row, cells in enumerate(lines, start=1):
        written = [cleaned for cell in cells if (cleaned := clean_line(cell))]
        if not written or (row == 1 and not any(map(_has_digit, written))):
            continue
        try:
            givers.append(_giver(written))
        except ValueError as error:
            problems.append(Problem(row, str(error)))
        if len(givers) > MOST_GIVERS:
            problems.append(Problem(row, N_("A list holds at most 500 givers. Part it in two.")))
            break
    return GiverList(givers, problems)


def _delimiter(text: str) -> str:
    """What parts the cells: a comma only where there is neither a tab nor a semicolon."""
    return next((sign for sign in "\t;" if sign in text), ",")


def _giver(cells: Sequence[str]) -> Giver:
    """The giver of a line; ValueError with a sentence."""
    name = email = tax_id = ""
    amounts: list[str] = []
    for cell in cells:
        if "@" in cell:
            email = read_email(cell)
        elif _is_number(cell):
            number = bare_number(cell)
            if len(number) == _TAX_DIGITS and number.isdigit() and "." not in cell:
                tax_id = check_tax_id(cell)
            elif name or not number.isdigit() or cell is cells[-1]:
                amounts.append(cell)
        elif not name:
            name = cell[:_LONGEST_NAME]
    if len(amounts) != 1:
        raise ValueError(
            N_("There must be one amount. Write 1000.50 without a comma, or in quotation marks.")
        )
    if name and not has_letter(name):
        raise ValueError(N_("Write the name in letters, as it is on the paper."))
    if (email or tax_id) and not name:
        raise ValueError(N_("Write the name as well: it stands on the receipt."))
    return Giver(parse_baht(amounts[0]), name, email, tax_id)


def _is_number(cell: str) -> bool:
    """Whether a cell holds digits and no letter, but for the word for baht."""
    plain = fold_signs(cell).lower().removesuffix("บาท").removesuffix("baht")
    return _has_digit(plain) and not has_letter(plain)


def _has_digit(cell: str) -> bool:
    return any(sign.isdigit() for sign in fold_signs(cell))
