"""Files that are read, and files that are refused within seconds."""

import io
import time
import zipfile
from datetime import date

import pytest

from fundapp.spreadsheets import errors
from fundapp.spreadsheets.cells import (
    Cell,
    CellKind,
    DayOrder,
    amount_of,
    code_of,
    day_of,
    has_mixed_days,
    text_of,
)
from fundapp.spreadsheets.reading import MAX_BYTES, read_sheet
from tests.factories.spreadsheets import csv_file, with_part, xlsx

BOOK = xlsx([["name", "amount"], ["Aminah", 100]])
SHEET = "xl/worksheets/sheet1.xml"


def sheet_of(cells):
    """A sheet with this XML inside."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def bomb():
    """65 MB of zeros in each of two parts, a few kilobytes packed."""
    file = io.BytesIO(BOOK)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        for number in range(2):
            packed.writestr(f"xl/media/{number}.bin", bytes(65_000_000))
    return file.getvalue()


def lying_bomb():
    """A sheet of 130 MB, of which the directory says that it has a kilobyte."""
    book = with_part(BOOK, SHEET, b" " * 130_000_000)
    return book.replace((130_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">
<!ENTITY c SYSTEM "file:///etc/passwd">]><sst>&b;&c;</sst>"""
HIDDEN = "".join(
    f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{text}</t></is></c></row>'
    for row, text in enumerate(("name", "A_x0000_B"), 1)
)
MILLION = f'<row r="1">{"<c/>" * 1_000_000}</row>'
REFUSED = {
    "bomb": (bomb, errors.LargeSheetError),
    "lying bomb": (lying_bomb, errors.SpreadsheetRefusedError),
    "entities": (
        lambda: with_part(BOOK, "xl/sharedStrings.xml", ENTITIES),
        errors.EntitySheetError,
    ),
    "entities in UTF-16": (
        lambda: with_part(
            BOOK, SHEET, ENTITIES.decode().replace('<?xml version="1.0"?>', "").encode("utf-16")
        ),
        errors.EntitySheetError,
    ),
    "a million columns": (
        lambda: with_part(BOOK, SHEET, sheet_of(MILLION)),
        errors.ManyColumnsError,
    ),
    "far corner": (
        lambda: with_part(BOOK, SHEET, sheet_of('<row r="1048576"><c r="A1048576"/></row>')),
        errors.ManyRowsError,
    ),
    "many rows": (lambda: csv_file([["a"]] * 10_003), errors.ManyRowsError),
    "columns of CSV": (lambda: b"a," * 1_000_000 + b"\n1", errors.SpreadsheetRefusedError),
    "encrypted": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        errors.EncryptedSheetError,
    ),
    "old": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), errors.OldSheetError),
    "of another program": (
        lambda: with_part(with_part(BOOK, "content.xml", b"<x/>"), "xl/workbook.xml", b"<x/>"),
        errors.SpreadsheetRefusedError,
    ),
    "signs that no text has": (
        lambda: with_part(BOOK, SHEET, sheet_of(HIDDEN)),
        errors.SpreadsheetRefusedError,
    ),
    "macros": (lambda: with_part(BOOK, "xl/vbaProject.bin", b"x"), errors.MacroSheetError),
    "a PDF": (lambda: b"%PDF-1.7\x00\x01", errors.SpreadsheetRefusedError),
    "cut": (lambda: BOOK[:-200], errors.SpreadsheetRefusedError),
    "too large": (lambda: bytes(MAX_BYTES + 1), errors.LargeSheetError),
    "nothing": (lambda: b"", errors.EmptySheetError),
    "torn": (lambda: b'name\n"Aminah\n', errors.TornRowError),
    "broken UTF-8": (lambda: "ชื่อ\nอามีนะห์".encode()[:-1], errors.EncodingError),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_was_made_to_break_its_reader_is_refused_within_ten_seconds(name):
    make, error = REFUSED[name]
    content = make()
    began = time.monotonic()
    with pytest.raises(error):
        read_sheet(content)
    assert time.monotonic() - began < 10


def test_the_same_cells_come_from_every_encoding_and_from_a_workbook():
    rows = [["ชื่อ", "จำนวน"], ["อามีนะห์ ทดลองคู่", "1,000.50"]]
    files = [csv_file(rows, name) for name in ("utf-8", "utf-8-sig", "cp874", "utf-16")]
    files += ["ชื่อ;จำนวน\nอามีนะห์ ทดลองคู่;1,000.50".encode("cp874"), xlsx(rows)]
    sheets = [read_sheet(file) for file in files]
    assert all(sheet == sheets[0] for sheet in sheets)
    assert sheets[0].headings == ("ชื่อ", "จำนวน")
    assert [cell.text for cell in sheets[0].rows[0].cells] == rows[1]


def test_what_a_workbook_says_of_its_cells_is_kept():
    def edit(book, sheet):
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_number(1, 2, 812345678, book.add_format({"num_format": "0000000000"}))
        sheet.write_row(1, 3, [812345678, 100.005, 33.125, 1e21, date(2026, 11, 24), True])
        book.add_worksheet("Other").write_row(0, 0, ["no", "matter"])

    [row] = read_sheet(xlsx([list("abcdefghi")], edit)).rows
    kinds = "ffznnnndb"
    assert [cell.kind for cell in row.cells] == list(kinds)
    texts = ["?", "?", "812345678", "812345678", "100.005", "33.125", "1e+21"]
    assert [cell.text for cell in row.cells] == [*texts, "2026-11-24", "yes"]


def text(value):
    return Cell(CellKind.TEXT, value)


def number(value):
    return Cell(CellKind.NUMBER, value)


def test_amounts_are_exact_in_satang_or_refused():
    assert amount_of(text("1,000.50")) == amount_of(number("1000.5")) == 100_050
    assert amount_of(text("๑๐๐")) == amount_of(number("100")) == 10_000
    wrong = ["1e3", "-1", "0", "100.005", "", "1,00", "abc", "0.30000000000000004", "1e+21", "nan"]
    for value in wrong:
        for cell in (text(value), number(value)):
            with pytest.raises(ValueError, match=r"\."):
                amount_of(cell)
    for kind in set(CellKind) - {CellKind.TEXT, CellKind.NUMBER}:
        with pytest.raises(ValueError, match=r"\."):
            amount_of(Cell(kind, "100"))


def test_days_of_both_eras_are_read_and_none_is_guessed():
    day = date(2026, 4, 3)
    assert day_of(text("3 เม.ย. 2569"), DayOrder.UNSAID) == day
    assert day_of(text("2569-04-03"), DayOrder.UNSAID) == day
    assert day_of(text("13/4/2569"), DayOrder.UNSAID) == date(2026, 4, 13)
    assert day_of(text("๓/๔/๒๕๖๙"), DayOrder.DAY_FIRST) == day
    assert day_of(text("4/3/2026"), DayOrder.MONTH_FIRST) == day
    for written in ("2026-04-03", "2569-04-03"):
        assert day_of(Cell(CellKind.DAY, written), DayOrder.UNSAID) == day
    column = [Cell(CellKind.DAY, "2026-04-03"), text("13/4/2026")]
    assert has_mixed_days(column)
    assert not has_mixed_days(column[:1])
    for cell, order, swapped in (
        (text("3/4/2569"), DayOrder.UNSAID, False),
        (text("3/4/69"), DayOrder.DAY_FIRST, False),
        (text("29/2/2568"), DayOrder.DAY_FIRST, False),
        (number("46000"), DayOrder.DAY_FIRST, False),
        (Cell(CellKind.OTHER, "2026-04-03 10:00"), DayOrder.DAY_FIRST, False),
        (Cell(CellKind.DAY, "2026-04-03"), DayOrder.DAY_FIRST, True),
    ):
        with pytest.raises(ValueError, match=r"\."):
            day_of(cell, order, may_be_swapped=swapped)


def test_zeros_in_front_are_never_filled_up():
    assert code_of(text("0812345678")) == "0812345678"
    assert code_of(number("1234567890123"), lengths=frozenset({13})) == "1234567890123"
    for cell in (
        number("812345678"),
        Cell(CellKind.PADDED, "812345678"),
        number("9.87654e+20"),
        text("9.87654E+09"),
        Cell(CellKind.FORMULA, "?"),
    ):
        with pytest.raises(ValueError, match=r"\."):
            code_of(cell, lengths=frozenset({10}))
    assert text_of(text(" a\u200b  b ")) == "a b"
