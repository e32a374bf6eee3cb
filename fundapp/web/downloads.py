"""Downloads that are generated while they are sent."""

import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import xlsxwriter
from flask import Response, request, stream_with_context

from fundapp.csv_safety import Cell, csv_lines

#: Without this mark Excel reads a file in the system's old code page, and Thai is unreadable.
BYTE_ORDER_MARK = "\ufeff"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def wants_csv() -> bool:
    """Whether the rows of a list are asked for as a file."""
    return request.args.get("format") == "csv"


def csv_download(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A CSV file in UTF-8 that spreadsheets read correctly; see `fundapp.csv_safety`."""

    def pieces() -> Iterator[str]:
        yield BYTE_ORDER_MARK
        yield from csv_lines(header, rows)

    return text_download(f"{name}.csv", "text/csv", pieces())


def xlsx_download(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A spreadsheet: numbers are numbers, with two decimals where they have them, and no text is
    ever a formula.
    """
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(name)
        amount = book.add_format({"num_format": "#,##0.00"})
        for column, heading in enumerate(header):
            sheet.write_string(0, column, heading)
        for number, cells in enumerate(rows, start=1):
            for column, cell in enumerate(cells):
                if isinstance(cell, Decimal):
                    sheet.write_number(number, column, float(cell), amount)
                elif isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                else:
                    sheet.write_string(number, column, cell or "")
    response = Response(file.getvalue(), mimetype=_XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def text_download(file_name: str, media_type: str, pieces: Iterator[str]) -> Response:
    """A text file in UTF-8, sent piece by piece; ``file_name`` is ASCII."""
    response = Response(stream_with_context(pieces), content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
