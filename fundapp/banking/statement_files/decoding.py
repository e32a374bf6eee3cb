"""Decode the bytes of an uploaded statement into text; refuse what is no text.

Banks write UTF-8, with or without a byte order mark, or cp874 (Windows Thai, a superset of
TIS-620); spreadsheets also write UTF-16. UTF-8 is tried first because Thai text in cp874 is
practically never valid UTF-8. Nearly any bytes decode as cp874, so UTF-8 with a broken character in
it is recognised and refused instead of being decoded into wrong characters.
"""

import codecs
import re

from fundapp.banking.statement_files.parsed import StatementRejected, rejected
from fundapp.markers import N_

#: Larger files are refused.
MAX_BYTES = 5 * 1024 * 1024

_UTF_8_MARK = codecs.BOM_UTF8
_UTF_16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
#: Control characters that no statement contains. Tab and line ends are fine, and so is the form
#: feed that begins a page.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
# What some older programs write at the end of a text.
_END_OF_TEXT = "\x1a"
_THAI_UTF8 = re.compile(rb"\xe0[\xb8\xb9][\x80-\xbf]")
_HIGH = re.compile(rb"[\x80-\xff]")
# Of every ten characters of a statement at least one is a digit, a comma or a line end, whose
# second byte in UTF-16 is zero.
_LEAST_ZEROS = 0.05
_OTHER_FORMATS = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"{\\rtf",
)

# A file that has nothing else at its end holds empty rows, not a longer period.
_TAIL, _EMPTY_CELLS = 64 * 1024, b' ,;\t\r\n"\x00'

#: What to do about a file that is no table of a bank.
DOWNLOAD_CSV = N_("Download the statement from the bank again, and choose CSV.")
_SAVE_CSV = N_("In the bank's website choose CSV; or open the file and save it as CSV UTF-8.")
#: What to do about a message that somebody opened and saved.
AS_BANK_GIVES = N_("Import the file as the bank gives it, without opening or saving it before.")
#: What to do about a file that is not whole.
WHOLE_FILE = N_("The download may have stopped halfway. Download the whole statement again.")
#: What to do about a file that is too large.
SHORTER_PERIOD = N_("Download the statement for a shorter period, a month for example.")


def decode(data: bytes, *, is_csv: bool = True) -> str:
    """The text of a statement file. Raises `StatementRejected` for everything that is no text, with
    the way to a CSV file if ``is_csv``.
    """
    if len(data) > MAX_BYTES and not data[MAX_BYTES - _TAIL : MAX_BYTES].strip(_EMPTY_CELLS):
        raise too_many_empty()
    require_size(data)
    try:
        return _text(data)
    except StatementRejected as refused:
        raise refused if is_csv else _as_message(refused) from None


def require_size(data: bytes) -> None:
    """StatementRejected for a file of more than `MAX_BYTES`."""
    if len(data) > MAX_BYTES:
        problem = N_("The file is larger than %(megabytes)s MB.")
        megabytes = MAX_BYTES // 1024 // 1024
        raise rejected("too_large", problem, SHORTER_PERIOD, megabytes=megabytes)


def _text(data: bytes) -> str:
    if data.startswith(_OTHER_FORMATS):
        raise _binary()
    text = _decode(data).lstrip("\ufeff").rstrip(_END_OF_TEXT)
    if CONTROL.search(text):
        raise _binary()
    return text


def too_many_empty() -> StatementRejected:
    """The refusal of a file in which a spreadsheet wrote its empty rows too."""
    problem = N_("The file has far too many rows, nearly all of them empty.")
    remedy = N_("Delete the empty rows below the table and save it again as CSV.")
    return rejected("too_many_rows", problem, remedy)


def empty() -> StatementRejected:
    """The refusal of a file with nothing in it."""
    return rejected("empty", N_("The file is empty."), DOWNLOAD_CSV)


def _binary() -> StatementRejected:
    return rejected("binary", N_("The file is not a CSV text file."), _SAVE_CSV)


def _decode(data: bytes) -> str:
    """The text, in the only encoding that fits."""
    utf_16 = _UTF_16_MARKS.get(data[:2]) or _unmarked_utf_16(data)
    if utf_16:
        return _decode_utf_16(data, utf_16)
    if b"\x00" in data:
        raise _binary()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and _is_mostly_thai_utf8(data):
            raise _cut() from None
    if not data.startswith(_UTF_8_MARK) and not _is_mostly_thai_utf8(data):
        try:
            return data.decode("cp874")
        except UnicodeDecodeError:
            pass
    raise _unreadable()


def _as_message(refused: StatementRejected) -> StatementRejected:
    """The refusal of a file that was not meant to be a CSV file."""
    (error,) = refused.errors
    if error.code == "truncated":
        return refused
    if error.code == "encoding":
        return unreadable()
    return rejected("binary", N_("The file is not a text file."), AS_BANK_GIVES)


def unreadable() -> StatementRejected:
    """The refusal of a bank's message with characters that cannot be read."""
    return rejected("encoding", N_("Some characters of the file cannot be read."), AS_BANK_GIVES)


def _cut() -> StatementRejected:
    problem = N_("The file ends in the middle of a character.")
    return rejected("truncated", problem, WHOLE_FILE)


def _unreadable() -> StatementRejected:
    return rejected("encoding", N_("Some characters of the file cannot be read."), _SAVE_CSV)


def _unmarked_utf_16(data: bytes) -> str | None:
    """Which UTF-16 the bytes are: of each pair only the first, or only the second, is ever zero."""
    first, second = data[::2].count(0), data[1::2].count(0)
    if bool(first) == bool(second) or first + second < _LEAST_ZEROS * len(data):
        return None
    return "utf-16-be" if first else "utf-16-le"


def _decode_utf_16(data: bytes, encoding: str) -> str:
    if len(data) % 2:
        raise _cut()
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise _unreadable() from None


def _is_mostly_thai_utf8(data: bytes) -> bool:
    """Whether most bytes above ASCII form Thai characters in UTF-8."""
    return 2 * 3 * len(_THAI_UTF8.findall(data)) > len(_HIGH.findall(data))
