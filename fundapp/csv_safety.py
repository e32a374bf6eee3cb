"""CSV that a spreadsheet opens without running anything in it (OWASP ASVS 5.0, 1.2.10).

A text that a spreadsheet could take for a formula gets an apostrophe in front: texts that start
with ``= + - @``, their full-width forms, a tab, a carriage return or NUL, also after white space,
invisible characters or apostrophes. Numbers (int, Decimal) are written as they are, so they stay
numbers, and days as ``2026-11-24``. `plain_text` takes the apostrophe away again, and gives back
exactly what was written.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

Cell = str | int | Decimal | date | None

_FORMULA = frozenset("=+-@＝＋－＠﹦﹢﹣﹫⁼⁺−")
_CONTROL = frozenset("\t\r\n\x00")
_APOSTROPHE = "'"


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet might run ``text``."""
    for letter in text:
        if letter in _CONTROL or letter in _FORMULA:
            return True
        if not (letter == _APOSTROPHE or letter.isspace() or unicodedata.category(letter) == "Cf"):
            return False
    return False


def safe_cell(value: Cell) -> str | int | Decimal | date:
    """``value`` as it may be written into a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _APOSTROPHE + value if is_dangerous(value) else value
    return value


def plain_text(cell: str) -> str:
    """The text that `safe_cell` was given for ``cell``."""
    if cell.startswith(_APOSTROPHE) and is_dangerous(cell[1:]):
        return cell[1:]
    return cell


def baht_cell(satang: int) -> Decimal:
    """An amount in baht with two decimals, as a number."""
    return Decimal(satang).scaleb(-2)


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180), its header first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield _line(buffer, writer, header)
    for cells in rows:
        yield _line(buffer, writer, [safe_cell(cell) for cell in cells])


def _line(buffer: io.StringIO, writer: Any, cells: Sequence[object]) -> str:
    writer.writerow(cells)
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
