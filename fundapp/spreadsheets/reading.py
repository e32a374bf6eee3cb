"""Reading spreadsheets in a process of their own, with a bound on its time, and the sentence of a
refusal.

What reading does, and its bounds, are in `fundapp.spreadsheets.reading_process`.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from fundapp.errors import BusyError
from fundapp.spreadsheets import errors
from fundapp.spreadsheets.cells import Cell, CellKind
from fundapp.spreadsheets.reading_process import CODE_REFUSED, SheetFault

#: Larger files are refused before they are read.
MAX_BYTES = 5 * 1024 * 1024
#: Seconds on the clock, so that a refusal comes within ten.
LONGEST = 9
#: Seconds that one waits for its turn.
LONGEST_WAIT = 10
#: Files that a process of the server has read at once.
_turns = BoundedSemaphore(2)
_PROGRAM = Path(__file__).with_name("reading_process.py")

_ERRORS: dict[str, type[errors.SpreadsheetRefusedError]] = {
    SheetFault.BROKEN: errors.SpreadsheetRefusedError,
    SheetFault.ENCRYPTED: errors.EncryptedSheetError,
    SheetFault.OLD: errors.OldSheetError,
    SheetFault.MACROS: errors.MacroSheetError,
    SheetFault.ENTITIES: errors.EntitySheetError,
    SheetFault.LARGE: errors.LargeSheetError,
    SheetFault.ROWS: errors.ManyRowsError,
    SheetFault.COLUMNS: errors.ManyColumnsError,
    SheetFault.EMPTY: errors.EmptySheetError,
    SheetFault.ENCODING: errors.EncodingError,
    SheetFault.TORN: errors.TornRowError,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet with the number that a spreadsheet shows for it."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first row that is not empty, and those below it."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(upload: bytes, *, field: str | None = None) -> Sheet:
    """The first visible sheet of an XLSX file, or a CSV file. Raises SpreadsheetRefusedError for
    ``field``, and BusyError when too many are read at once.
    """
    if len(upload) > MAX_BYTES:
        raise errors.LargeSheetError(field=field)
    if not _turns.acquire(timeout=LONGEST_WAIT):
        raise BusyError
    try:
        result = subprocess.run(  # noqa: S603 - our own program, no shell
            [sys.executable, "-I", str(_PROGRAM)],
            input=upload,
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise errors.LargeSheetError(field=field) from error
    finally:
        _turns.release()
    if result.returncode == CODE_REFUSED:
        raise _ERRORS[result.stdout.decode()](field=field)
    if result.returncode:
        # It ran out of its memory or time.
        raise errors.LargeSheetError(field=field)
    return _sheet(json.loads(result.stdout))


def _sheet(lines: list[tuple[int, list[tuple[str, str]]]]) -> Sheet:
    (_number, headings), *rest = lines
    return Sheet(
        headings=tuple(" ".join(text.split()) for _kind, text in headings),
        rows=tuple(
            Row(number, tuple(Cell(CellKind(kind), text) for kind, text in cells))
            for number, cells in rest
        ),
    )


def sheet_text(sheet: Sheet) -> str:
    """The sheet as a text, to be kept."""
    content = [list(sheet.headings)] + [
        [row.number, [[cell.kind, cell.text] for cell in row.cells]] for row in sheet.rows
    ]
    return json.dumps(content, ensure_ascii=False)


def stored_sheet(text: str) -> Sheet:
    """What `sheet_text` gave."""
    headings, *rows = json.loads(text)
    return Sheet(
        tuple(headings),
        tuple(
            Row(number, tuple(Cell(CellKind(kind), text) for kind, text in cells))
            for number, cells in rows
        ),
    )
