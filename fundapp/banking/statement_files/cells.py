"""From the text of a statement file to rows of cells, whatever separates and guards them."""

import csv
import io
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from fundapp.banking.statement_files.decoding import (
    DOWNLOAD_CSV,
    SHORTER_PERIOD,
    WHOLE_FILE,
    empty,
    too_many_empty,
)
from fundapp.banking.statement_files.parsed import StatementRejected, rejected
from fundapp.markers import N_
from fundapp.thai.folding import fold_text, without_invisible_signs

#: Files with more rows that are not empty are refused.
MAX_ROWS = 20_000
#: Files with more line ends are refused: a spreadsheet wrote its empty rows too.
MAX_LINE_ENDS = 100_000
#: Files with a row of more cells, empty or not, are refused: no bank writes such rows.
MAX_COLUMNS = 100

#: The number that a spreadsheet shows for a row, and the row's cells.
NumberedRow = tuple[int, list[str]]

_SEPARATORS = (",", ";", "\t")
# Headings are near the top.
_SAMPLE_LETTERS, _SAMPLE_LINES = 50_000, 60
_GUARDED = re.compile(r'=\s*"(.*)"', re.DOTALL)


def read_rows(text: str, headings: Iterable[str]) -> list[NumberedRow]:
    """The rows of a statement that are not empty, numbered as a spreadsheet numbers them.

    The separator is the one that shows most of ``headings`` in one row. Cells have no guards
    (``="0123"``, ``'0123``) and no spaces at the ends or twice. Raises `StatementRejected` for
    everything that is not a table of acceptable size.
    """
    if max(text.count("\n"), text.count("\r")) > MAX_LINE_ENDS:
        raise too_many_empty()
    wanted = {folded(heading) for heading in headings}
    separator = _separator(text, wanted)
    rows = _cells(text, separator)
    if not rows:
        raise empty()
    if _most_headings(text[:_SAMPLE_LETTERS], separator, wanted) < 2:
        return _unwrapped(rows, wanted) or rows
    return rows


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """A heading or word as it is compared: letters, signs and digits, without case and spaces."""
    return fold_text(text).replace(" ", "")


def _separator(text: str, headings: set[str]) -> str:
    """The separator with which one row has most of the headings; a comma when none has any."""
    sample = text[:_SAMPLE_LETTERS]
    return max(_SEPARATORS, key=lambda separator: _most_headings(sample, separator, headings))


def _most_headings(sample: str, separator: str, headings: set[str]) -> int:
    most = 0
    try:
        for record in islice(_reader(sample, separator), _SAMPLE_LINES):
            most = max(most, len({folded(plain(cell)) for cell in record[:MAX_COLUMNS]} & headings))
    except csv.Error:
        pass  # what is wrong is told when the whole text is read
    return most


def _reader(text: str, separator: str, *, strict: bool = False) -> Iterable[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)


def _cells(text: str, separator: str) -> list[NumberedRow]:
    rows: list[NumberedRow] = []
    number = 0
    try:
        for number, record in enumerate(_reader(text, separator, strict=True), 1):
            if len(record) > MAX_COLUMNS:
                raise _too_wide(number)
            cells = [plain(cell) if cell else cell for cell in _joined(record, separator)]
            if any(cells):
                rows.append((number, cells))
            if len(rows) > MAX_ROWS:
                raise too_many_rows()
    except csv.Error as error:
        raise _malformed(number + 1, str(error)) from None
    return rows


def _unwrapped(rows: list[NumberedRow], headings: set[str]) -> list[NumberedRow]:
    """The rows of a file that a spreadsheet opened in one column and saved again, each row as one
    cell; none when it is no such file.
    """
    if any(cell for _, cells in rows for cell in cells[1:]):
        return []
    text = "\n".join(cells[0] for _, cells in rows)
    separator = _separator(text, headings)
    if _most_headings(text[:_SAMPLE_LETTERS], separator, headings) < 2:
        return []
    numbers = [number for number, _ in rows]
    return [(numbers[index - 1], cells) for index, cells in _cells(text, separator)]


def _joined(record: list[str], separator: str) -> list[str]:
    """The cells, those put together that a separator inside an unquoted guard tore apart."""
    if not any(cell.startswith('="') and not cell.endswith('"') for cell in record):
        return record
    cells: list[str] = []
    for cell in record:
        last = cells[-1] if cells else ""
        if last.startswith('="') and not last.endswith('"') and '"' not in cell[:-1]:
            cells[-1] = f"{last}{separator}{cell}"
        else:
            cells.append(cell)
    return cells


def plain(cell: str) -> str:
    """The text of a cell without guards, invisible characters and spaces that say nothing."""
    text = " ".join(without_invisible_signs(cell).split())
    if match := _GUARDED.fullmatch(text):
        return match.group(1).strip()
    return text[1:].lstrip() if text.startswith("'") else text


def _malformed(row: int, reason: str) -> StatementRejected:
    if "field larger" in reason:
        problem = N_("A cell is longer than any text of a bank.")
        return rejected("too_long", problem, DOWNLOAD_CSV, row=row)
    problem = N_("A quotation mark is opened and not closed, or stands in the wrong place.")
    return rejected("malformed", problem, WHOLE_FILE, row=row)


def _too_wide(number: int) -> StatementRejected:
    problem = N_("The row has more than %(columns)s columns.")
    return rejected("too_many_columns", problem, DOWNLOAD_CSV, row=number, columns=MAX_COLUMNS)


def too_many_rows() -> StatementRejected:
    """The refusal of a file with more rows than `MAX_ROWS`."""
    problem = N_("The file has more than %(rows)s rows.")
    return rejected("too_many_rows", problem, SHORTER_PERIOD, rows=f"{MAX_ROWS:,}")
