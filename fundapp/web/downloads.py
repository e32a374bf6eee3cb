"""Downloads that are generated while they are sent."""

import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask import Response, request, stream_with_context

from fundapp.csv_safety import Cell, csv_lines

#: Without this mark Excel reads a file in the system's old code page, and Thai is unreadable.
BYTE_ORDER_MARK = "\ufeff"
#: What a list or statement can be taken away as.
FILE_FORMATS = ("csv", "xlsx", "pdf")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What Excel takes as the name of a sheet, and what of a column is seen at once; in letters.
_LONGEST_SHEET_NAME = 31
_WIDEST = 60
_LOOKS: dict[type, dict[str, str]] = {
    Decimal: {"num_format": "#,##0.00"},
    date: {"num_format": "yyyy-mm-dd"},
    int: {},
    str: {},
}


def wanted_file() -> str | None:
    """The format in which a page is asked for as a file, None when it is asked for as a page."""
    wanted = request.args.get("format")
    return wanted if wanted in FILE_FORMATS else None


def wants_csv() -> bool:
    """Whether the rows of a list are asked for as a CSV file."""
    return wanted_file() == "csv"


def csv_download(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A CSV file in UTF-8 that spreadsheets read correctly; see `fundapp.csv_safety`."""

    def pieces() -> Iterator[str]:
        yield BYTE_ORDER_MARK
        yield from csv_lines(header, rows)

    return text_download(f"{name}.csv", "text/csv", pieces())


def xlsx_download(
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    above: Sequence[str] = (),
    bold: Collection[int] = (),
) -> Response:
    """A spreadsheet: numbers are numbers, with two decimals where they have them, days are days,
    and no text is ever a formula. ``above`` are lines above the header, ``bold`` the numbers of the
    rows (from 0) that are written strongly.
    """
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(name[:_LONGEST_SHEET_NAME])
        write = _SheetWriter(book, sheet)
        for number, line in enumerate(above):
            sheet.write_string(number, 0, line)
        top = len(above) + 1 if above else 0
        write.row(top, list(header), strong=True)
        sheet.freeze_panes(top + 1, 0)
        for number, cells in enumerate(rows):
            write.row(top + 1 + number, cells, strong=number in bold)
        for column, width in write.widths.items():
            sheet.set_column(column, column, min(width + 2, _WIDEST))
    return file_download(f"{name}.xlsx", _XLSX, file.getvalue())


class _SheetWriter:
    """Writes cells by their types."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self._sheet = sheet
        self._formats = {
            (kind, strong): book.add_format({**look, "bold": strong})
            for kind, look in _LOOKS.items()
            for strong in (False, True)
        }
        #: The longest text of each column, in letters.
        self.widths: dict[int, int] = {}

    def row(self, number: int, cells: Sequence[Cell], *, strong: bool) -> None:
        """A row of cells; an empty one stays empty."""
        for column, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            self.widths[column] = max(self.widths.get(column, 0), len(str(cell)))
            kind = next((kind for kind in (Decimal, date, int) if isinstance(cell, kind)), str)
            look = self._formats[kind, strong]
            if isinstance(cell, Decimal):
                self._sheet.write_number(number, column, float(cell), look)
            elif isinstance(cell, date):
                self._sheet.write_datetime(number, column, cell, look)
            elif isinstance(cell, int):
                self._sheet.write_number(number, column, cell, look)
            else:
                self._sheet.write_string(number, column, cell, look)


def file_download(file_name: str, media_type: str, content: bytes) -> Response:
    """A file of bytes; ``file_name`` is ASCII."""
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def text_download(file_name: str, media_type: str, pieces: Iterator[str]) -> Response:
    """A text file in UTF-8, sent piece by piece; ``file_name`` is ASCII."""
    response = Response(stream_with_context(pieces), content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
