"""A spreadsheet read into cells that are texts of a known kind.

Run as a program: it reads the file from standard input and writes JSON, or with exit code 3 one
word of `SheetFault`. It is a process of its own with little memory and time
(`fundapp.spreadsheets.reading` starts it), because the file may have been made to break it. It
imports nothing of the application.

XLSX is looked through before it is read: sizes, parts, document types, programs, the corner of the
sheet, and the cells that hold a formula, an error, or a number shown with zeros in front; then
python-calamine reads the values of the first visible sheet. CSV is UTF-8, UTF-16 with its mark, or
cp874.
"""

import csv
import io
import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from xml.parsers import expat

CODE_REFUSED = 3
MEBIBYTE = 1024 * 1024
#: Of this process.
MOST_MEMORY, MOST_SECONDS = 512 * MEBIBYTE, 8
#: Of one file, unpacked.
MOST_UNPACKED, MOST_PARTS = 120 * MEBIBYTE, 500
#: Of one sheet; one row more for the headings.
MOST_ROWS, MOST_COLUMNS = 10_001, 100
#: Rows beyond the last one that is not empty: spreadsheets keep formatted ones.
_LAST_ROW = 60_000
#: Letters in one cell.
MOST_LETTERS = 2_000

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_THAI_UTF_8 = re.compile(rb"\xe0[\xb8\xb9][\x80-\xbf]")
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ZEROS = re.compile(r"0{2,}")

#: A cell: its kind, as `fundapp.spreadsheets.cells.CellKind` has it, and its text.
Cell = tuple[str, str]


class SheetFault(StrEnum):
    """Why a file is refused."""

    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    OLD = "old"
    MACROS = "macros"
    ENTITIES = "entities"
    LARGE = "large"
    ROWS = "rows"
    COLUMNS = "columns"
    EMPTY = "empty"
    ENCODING = "encoding"
    TORN = "torn"


class SheetFaultError(Exception):
    """The file is refused for one of the reasons."""

    def __init__(self, reason: SheetFault) -> None:
        super().__init__(str(reason))
        self.reason = reason


def read(upload: bytes) -> list[tuple[int, list[Cell]]]:
    """The rows that are not empty, with the numbers that a spreadsheet shows. Raises
    SheetFaultError.
    """
    if upload.startswith(_OLE):
        raise SheetFaultError(SheetFault.ENCRYPTED if _ENCRYPTED in upload else SheetFault.OLD)
    rows = _read_xlsx(upload) if upload.startswith(_ZIP) else _read_csv(upload)
    filled = [(number, cells) for number, cells in rows if any(text for _kind, text in cells)]
    if len(filled) < 2:
        raise SheetFaultError(SheetFault.EMPTY)
    if len(filled) > MOST_ROWS:
        raise SheetFaultError(SheetFault.ROWS)
    if max(len(cells) for _number, cells in filled) > MOST_COLUMNS:
        raise SheetFaultError(SheetFault.COLUMNS)
    if any(len(text) > MOST_LETTERS for _number, cells in filled for _kind, text in cells):
        raise SheetFaultError(SheetFault.LARGE)
    if any(_CONTROL.search(text) for _number, cells in filled for _kind, text in cells):
        raise SheetFaultError(SheetFault.BROKEN)
    return filled


# ------------------------------------------------------------------------------------------- XLSX


class _Marks:
    """What one sheet says of its cells beside their values."""

    def __init__(self, padded_styles: set[int]) -> None:
        self.padded_styles = padded_styles
        self.kinds: dict[tuple[int, int], str] = {}
        self.at = (0, 0)
        self.last_row = 0

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """One element of the sheet begins."""
        match name.rpartition(":")[2]:
            case "row":
                number = attributes.get("r", "")
                row = int(number) if number.isdigit() and len(number) < 8 else self.at[0] + 1
                self.at = (row, 0)
            case "c":
                self._cell(attributes)
            case "f":
                self.kinds[self.at] = "f"

    def _cell(self, attributes: dict[str, str]) -> None:
        self.at = _place(attributes.get("r"), self.at)
        row, column = self.at
        if column > MOST_COLUMNS:
            raise SheetFaultError(SheetFault.COLUMNS)
        if row > _LAST_ROW:
            raise SheetFaultError(SheetFault.ROWS)
        if attributes.get("t") == "e":
            self.kinds[self.at] = "e"
        elif attributes.get("s", "").isdigit() and int(attributes["s"]) in self.padded_styles:
            self.kinds[self.at] = "z"


def _place(address: str | None, before: tuple[int, int]) -> tuple[int, int]:
    """Row and column of a cell, counted from 1; without an address it follows the one before."""
    if address is None:
        return before[0], before[1] + 1
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise SheetFaultError(SheetFault.BROKEN)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _read_xlsx(upload: bytes) -> list[tuple[int, list[Cell]]]:
    import python_calamine

    parts = _unpacked(upload)
    if "xl/workbook.xml" not in parts:
        raise SheetFaultError(SheetFault.OLD if "content.xml" in parts else SheetFault.BROKEN)
    if any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise SheetFaultError(SheetFault.MACROS)
    for name, content in parts.items():
        if name.lower().endswith((".xml", ".rels", ".vml")):
            _parse(content)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(upload))
    visible = [
        number
        for number, sheet in enumerate(book.sheets_metadata)
        if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    if not visible:
        raise SheetFaultError(SheetFault.EMPTY)
    marks = _Marks(_padded_styles(parts.get("xl/styles.xml", b"")))
    _parse(parts.get(_part_of(parts, book.sheet_names[visible[0]]), b""), marks.element)
    values = book.get_sheet_by_index(visible[0]).to_python(skip_empty_area=False)
    return [
        (row, [_cell(value, marks.kinds.get((row, at))) for at, value in enumerate(line, 1)])
        for row, line in enumerate(values, 1)
    ]


def _unpacked(upload: bytes) -> dict[str, bytes]:
    """The parts of the file by name; LARGE before more than the bound is unpacked."""
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(upload)) as packed:
        entries = packed.infolist()
        if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise SheetFaultError(SheetFault.LARGE)
        for entry in entries:
            if entry.flag_bits & 1:
                raise SheetFaultError(SheetFault.ENCRYPTED)
            if entry.filename in parts:
                raise SheetFaultError(SheetFault.BROKEN)
            with packed.open(entry) as part:
                content = part.read(left + 1)
            left -= len(content)
            if left < 0:
                raise SheetFaultError(SheetFault.LARGE)
            parts[entry.filename] = content
    return parts


def _parse(content: bytes, element: Any = None) -> None:
    """Run through a part of XML; a document type is refused, so there are no entities."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise SheetFaultError(SheetFault.ENTITIES)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = element
    if content:
        parser.Parse(content, True)


def _part_of(parts: dict[str, bytes], sheet: str) -> str:
    """The name of the part that holds a sheet."""
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def in_book(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            found = [value for key, value in attributes.items() if key.endswith(":id")]
            ids[attributes.get("name", "")] = found[0] if found else ""

    def in_relations(_name: str, attributes: dict[str, str]) -> None:
        targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _parse(parts["xl/workbook.xml"], in_book)
    _parse(parts.get("xl/_rels/workbook.xml.rels", b""), in_relations)
    target = targets.get(ids.get(sheet, ""), "")
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    if part not in parts:
        raise SheetFaultError(SheetFault.BROKEN)
    return part


def _padded_styles(styles: bytes) -> set[int]:
    """The styles of cells that show numbers with zeros in front."""
    formats: set[str] = set()
    found: set[int] = set()
    inside: list[str] = []
    count = 0

    def element(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        plain = name.rpartition(":")[2]
        if plain in {"cellXfs", "cellStyleXfs", "cellStyles"}:
            inside[:] = [plain]
        elif plain == "numFmt" and _ZEROS.match(attributes.get("formatCode", "")):
            formats.add(attributes.get("numFmtId", ""))
        elif plain == "xf" and inside == ["cellXfs"]:
            if attributes.get("numFmtId") in formats:
                found.add(count)
            count += 1

    _parse(styles, element)
    return found


def _cell(value: Any, mark: str | None) -> Cell:
    """A value of calamine as a cell; errors of a spreadsheet come from it as empty texts."""
    if mark in {"f", "e"}:
        return mark, "?"
    if isinstance(value, bool):
        return "b", "yes" if value else "no"
    if isinstance(value, str):
        return "t", value
    if isinstance(value, int | float):
        is_whole = abs(value) < 10**15 and value == int(value)
        return mark or "n", str(int(value)) if is_whole else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    return "d" if is_day else "o", str(value)


# -------------------------------------------------------------------------------------------- CSV


def _read_csv(upload: bytes) -> list[tuple[int, list[Cell]]]:
    text = _decoded(upload)
    csv.field_size_limit(MOST_LETTERS * 4)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows: list[tuple[int, list[Cell]]] = []
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        for number, cells in enumerate(lines, 1):
            if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
                raise SheetFaultError(SheetFault.COLUMNS)
            if number > _LAST_ROW:
                raise SheetFaultError(SheetFault.ROWS)
            rows.append((number, [("t", cell) for cell in cells[:MOST_COLUMNS]]))
    except csv.Error as error:
        raise SheetFaultError(SheetFault.TORN) from error
    return rows


def _decoded(upload: bytes) -> str:
    """The text, in the only encoding that fits: UTF-8 that is broken is no cp874."""
    try:
        if upload[:2] in _UTF_16:
            return upload.decode(_UTF_16[upload[:2]]).lstrip("\ufeff")
        try:
            return upload.decode("utf-8-sig")
        except UnicodeDecodeError:
            if 6 * len(_THAI_UTF_8.findall(upload)) > len(_HIGH.findall(upload)):
                raise
            return upload.decode("cp874")
    except UnicodeDecodeError as error:
        raise SheetFaultError(SheetFault.ENCODING) from error


def _limit_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Read standard input, write rows to standard output; the exit code."""
    upload = sys.stdin.buffer.read()
    _limit_this_process()
    try:
        rows = read(upload)
    except SheetFaultError as refusal:
        sys.stdout.write(str(refusal.reason))
        return CODE_REFUSED
    except MemoryError:
        sys.stdout.write(str(SheetFault.LARGE))
        return CODE_REFUSED
    except Exception:
        # Readers of hostile bytes raise nearly anything; all of it means a broken file.
        sys.stdout.write(str(SheetFault.BROKEN))
        return CODE_REFUSED
    sys.stdout.write(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
