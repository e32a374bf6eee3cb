"""What a cell says: a text, an amount, a day, the number of something; exactly, or not at all.

Nothing is guessed: what can be read in two ways, and what a spreadsheet has changed already, is
refused with a sentence. Every refusal is a ValueError whose text is an untranslated sentence.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fundapp.csv_safety import plain_text
from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.money import parse_baht
from fundapp.thai.calendar import parse_day
from fundapp.thai.folding import fold_signs, without_hidden_signs


class CellKind(StrEnum):
    """What a cell holds; `fundapp.spreadsheets.reading_process` writes these."""

    TEXT = "t"
    NUMBER = "n"
    #: A number that is shown with zeros in front, which it does not hold.
    PADDED = "z"
    DAY = "d"
    YES_NO = "b"
    FORMULA = "f"
    #: An error of the spreadsheet, such as #REF!.
    FAULT = "e"
    OTHER = "o"


class DayOrder(LabelledEnum):
    """What comes first in days written as 3/4/2569."""

    UNSAID = "unsaid", N_("Not known: refuse days that can be read in two ways")
    DAY_FIRST = "day_first", N_("The day: 3/4/2569 is 3 April")
    MONTH_FIRST = "month_first", N_("The month: 3/4/2569 is 4 March")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what kind it is, and what it holds as a text; numbers as Python writes them."""

    kind: CellKind
    text: str


EMPTY = Cell(CellKind.TEXT, "")

_FORMULA = N_("The cell holds a formula. Copy the column and paste it as values.")
_FAULT = N_("The cell holds an error of the spreadsheet. Correct it there.")
_NO_TEXT = N_("The cell holds no text. Write it as text.")
_NO_AMOUNT = N_("The cell holds no amount. Write it as 500 or 1,000.50.")
_NO_DAY = N_("The cell holds no day. Write it as 24/11/2569 or 24/11/2026.")
_TWO_READINGS = N_(
    "This day can be read in two ways. Choose what comes first in days, or write the month in "
    "letters."
)
_MAYBE_SWAPPED = N_(
    "Some days of this column are texts and some are not: the spreadsheet may have exchanged day "
    "and month here. Write the whole column as text."
)
_ZEROS_LOST = N_(
    "The spreadsheet took this for a number, and zeros in front are lost. Write it as text."
)
_NO_CODE = N_("The spreadsheet changed this number. Write it as text.")
_POWER_OF_TEN = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]+")
_NUMERIC_DAY = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]+)")


def is_blank(cell: Cell) -> bool:
    """Whether nothing is in the cell."""
    return not cell.text.strip()


def text_of(cell: Cell) -> str:
    """One line of text, without what nobody sees; whole numbers are texts too."""
    _refuse_unsure(cell)
    if cell.kind not in {CellKind.TEXT, CellKind.NUMBER}:
        raise ValueError(_NO_TEXT)
    # A file of ours has an apostrophe before what a spreadsheet could take for a formula.
    return " ".join(without_hidden_signs(plain_text(cell.text)).split())


def amount_of(cell: Cell) -> int:
    """Satang; what is no amount above zero, or has a fraction of a satang, is refused."""
    _refuse_unsure(cell)
    if cell.kind not in {CellKind.TEXT, CellKind.NUMBER}:
        raise ValueError(_NO_AMOUNT)
    return parse_baht(cell.text)


def day_of(cell: Cell, order: DayOrder, *, may_be_swapped: bool = False) -> date:
    """The day, of either era. Without an order, days that can be read in two ways are refused; with
    ``may_be_swapped`` so are cells in which a spreadsheet may have exchanged day and month.
    """
    _refuse_unsure(cell)
    if cell.kind is CellKind.DAY:
        day = parse_day(cell.text)
        if may_be_swapped and day.day <= 12:
            raise ValueError(_MAYBE_SWAPPED)
        return day
    if cell.kind is not CellKind.TEXT:
        raise ValueError(_NO_DAY)
    match = _NUMERIC_DAY.fullmatch(fold_signs(cell.text))
    if match is None:
        return parse_day(cell.text)
    first, mark, second, year = match.groups()
    if order is DayOrder.MONTH_FIRST:
        return parse_day(f"{second}{mark}{first}{mark}{year}")
    if order is DayOrder.UNSAID and first != second and int(first) <= 12 and int(second) <= 12:
        raise ValueError(_TWO_READINGS)
    return parse_day(cell.text)


def has_mixed_days(column: Iterable[Cell]) -> bool:
    """Whether some days of a column are days of the spreadsheet and others texts that begin with
    numbers: what a program does that takes 3/4 for 4 March and leaves 13/4 alone.
    """
    cells = [cell for cell in column if not is_blank(cell)]
    return any(cell.kind is CellKind.DAY for cell in cells) and any(
        cell.kind is CellKind.TEXT and _NUMERIC_DAY.fullmatch(fold_signs(cell.text))
        for cell in cells
    )


def code_of(cell: Cell, *, lengths: frozenset[int] = frozenset()) -> str:
    """The number of something, as it is compared: texts as they stand. A cell that holds a number
    is taken only where no zero in front can be lost: it has one of the ``lengths``, if there are
    any, and is not shown with more zeros than it holds. Nothing is ever filled up.
    """
    _refuse_unsure(cell)
    if cell.kind is CellKind.PADDED:
        raise ValueError(_ZEROS_LOST)
    if cell.kind is CellKind.NUMBER:
        if not cell.text.isdigit():
            raise ValueError(_NO_CODE)
        if lengths and len(cell.text) not in lengths:
            raise ValueError(_ZEROS_LOST)
        return cell.text
    text = text_of(cell)
    if _POWER_OF_TEN.fullmatch(text):
        raise ValueError(_NO_CODE)
    return text


def _refuse_unsure(cell: Cell) -> None:
    """What the cell shows is not what it holds."""
    if cell.kind is CellKind.FORMULA:
        raise ValueError(_FORMULA)
    if cell.kind is CellKind.FAULT:
        raise ValueError(_FAULT)
