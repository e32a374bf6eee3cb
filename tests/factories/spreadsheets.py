"""Spreadsheets as people and attackers make them."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import xlsxwriter


def xlsx(rows: Iterable[Sequence[Any]], edit: Callable[[Any, Any], None] | None = None) -> bytes:
    """An XLSX file with these rows; ``edit`` is called with the book and its sheet."""
    file = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "dd/mm/yyyy", "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Donors")
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
        if edit is not None:
            edit(book, sheet)
    return file.getvalue()


def csv_file(rows: Iterable[Sequence[str]], encoding: str = "utf-8-sig") -> bytes:
    """A CSV file with these cells, each in quotation marks."""
    lines = (",".join(f'"{cell}"' for cell in cells) for cells in rows)
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def with_part(book: bytes, name: str, content: bytes) -> bytes:
    """The XLSX file ``book`` with another content of one part, which may be new."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        new.writestr(name, content)
    return file.getvalue()
