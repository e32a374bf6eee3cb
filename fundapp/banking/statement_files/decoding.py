"""Decode the bytes of an uploaded statement into rows of cells; refuse what is no text table.

Banks write UTF-8, with or without a byte order mark, or cp874 (Windows Thai, a superset of
TIS-620). UTF-8 is tried first because Thai text in cp874 is practically never valid UTF-8. Nearly
any bytes decode as cp874, so UTF-8 with a broken character in it is recognised and refused instead
of being decoded into wrong characters.
"""

import csv
import io
import re

from fundapp.banking.statement_files.parsed import StatementRejected, rejected
from fundapp.markers import N_

#: Larger files are refused.
MAX_BYTES = 5 * 1024 * 1024
#: Files with more rows that are not empty are refused.
MAX_ROWS = 20_000
#: Files with a row of more cells, empty or not, are refused: no bank writes such rows.
MAX_COLUMNS = 100

#: The number that a spreadsheet shows for a row, and the row's cells.
NumberedRow = tuple[int, list[str]]

_BOM = b"\xef\xbb\xbf"
# Control characters that no statement contains; tab, line feed and carriage return are fine.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_THAI_UTF8 = re.compile(rb"\xe0[\xb8\xb9][\x80-\xbf]")
_HIGH = re.compile(rb"[\x80-\xff]")
_OTHER_FORMATS = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"{\\rtf",
)

_DOWNLOAD = N_("Download the statement from the bank again, and choose CSV.")
_SAVE_CSV = N_("In the bank's website choose CSV; or open the file and save it as CSV UTF-8.")
_WHOLE = N_("The download may have stopped halfway. Download the whole statement again.")


def read_rows(data: bytes) -> list[NumberedRow]:
    """The rows of a statement file that are not empty, numbered as a spreadsheet numbers them.

    Raises `StatementRejected` for everything that is not a text table of acceptable size.
    """
    text = _decode(_checked(data))
    if _CONTROL.search(text):
        raise _binary()
    rows = _cells(text)
    if not rows:
        raise _empty()
    return rows


def _checked(data: bytes) -> bytes:
    """The same bytes, if their size and first bytes can be those of a text file."""
    if len(data) > MAX_BYTES:
        problem = N_("The file is larger than %(megabytes)s MB.")
        remedy = N_("Download the statement for a shorter period, a month for example.")
        raise rejected("too_large", problem, remedy, megabytes=MAX_BYTES // 1024 // 1024)
    if not data.removeprefix(_BOM).strip():
        raise _empty()
    if b"\x00" in data or data.startswith(_OTHER_FORMATS):
        raise _binary()
    return data


def _empty() -> StatementRejected:
    return rejected("empty", N_("The file is empty."), _DOWNLOAD)


def _binary() -> StatementRejected:
    return rejected("binary", N_("The file is not a CSV text file."), _SAVE_CSV)


def _decode(data: bytes) -> str:
    """The text, in the only encoding that fits."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and _is_mostly_thai_utf8(data):
            problem = N_("The file ends in the middle of a character.")
            raise rejected("truncated", problem, _WHOLE) from None
    if not data.startswith(_BOM) and not _is_mostly_thai_utf8(data):
        try:
            return data.decode("cp874")
        except UnicodeDecodeError:
            pass
    problem = N_("Some characters of the file cannot be read.")
    raise rejected("encoding", problem, _SAVE_CSV)


def _is_mostly_thai_utf8(data: bytes) -> bool:
    """Whether most bytes above ASCII form Thai characters in UTF-8."""
    return 2 * 3 * len(_THAI_UTF8.findall(data)) > len(_HIGH.findall(data))


def _cells(text: str) -> list[NumberedRow]:
    """The cells of each row that is not empty, without spaces at the ends or repeated ones."""
    rows: list[NumberedRow] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, 1):
            if len(record) > MAX_COLUMNS:
                raise _too_wide(number)
            cells = [" ".join(cell.split()) for cell in record]
            if any(cells):
                rows.append((number, cells))
            if len(rows) > MAX_ROWS:
                raise _too_many()
    except csv.Error:
        problem = N_("A quotation mark is opened and not closed, or stands in the wrong place.")
        raise rejected("malformed", problem, _WHOLE, row=number + 1) from None
    return rows


def _too_wide(number: int) -> StatementRejected:
    problem = N_("The row has more than %(columns)s columns.")
    return rejected("too_many_columns", problem, _DOWNLOAD, row=number, columns=MAX_COLUMNS)


def _too_many() -> StatementRejected:
    problem = N_("The file has more than %(rows)s rows.")
    remedy = N_("Download the statement for a shorter period, a month for example.")
    return rejected("too_many_rows", problem, remedy, rows=f"{MAX_ROWS:,}")
