"""A statement as CSV, spreadsheet and PDF, drawn from its description."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from flask import Response
from flask_babel import gettext as _

from fundapp import clock
from fundapp.audit.statements.description import (
    BookFigure,
    BookRow,
    BookStatement,
    Cell,
    CellText,
    ColumnKind,
    LineKind,
    StatementColumn,
)
from fundapp.csv_safety import Cell as FileCell
from fundapp.csv_safety import baht_cell
from fundapp.money import format_baht
from fundapp.typesetting import set_pdf
from fundapp.web.downloads import csv_download, file_download, xlsx_download
from fundapp.web.filters import day_short, moment
from fundapp.web.locale import fund_name, locale_code

_PAPER = Path(__file__).parent / "papers" / "statement.typ"
#: A paper with more columns lies on its side.
_UPRIGHT_COLUMNS = 5


def as_file(statement: BookStatement, format_name: str, preparer: str) -> Response:
    """The statement in one of `fundapp.web.downloads.FILE_FORMATS`."""
    if format_name == "csv":
        return _csv(statement)
    if format_name == "xlsx":
        return _xlsx(statement)
    return file_download(f"{statement.name}.pdf", "application/pdf", pdf(statement, preparer))


def _csv(statement: BookStatement) -> Response:
    return csv_download(statement.name, *table_of(statement))


def table_of(statement: BookStatement) -> tuple[list[str], Iterator[list[FileCell]]]:
    """Names of columns, and rows: lines only, so that whoever adds them up counts nothing twice."""
    columns = statement.file_columns
    lines = (row for row in statement.rows if row.kind is LineKind.LINE)
    return [column.key for _at, column in columns], (_file_cells(row, columns) for row in lines)


def _xlsx(statement: BookStatement) -> Response:
    columns = statement.file_columns
    above = [
        fund_name(),
        statement.title,
        f"{statement.when} · {statement.whose}",
        *(f"{label}: {format_baht(figure.satang)}" for label, figure in statement.summary),
        _("Made on %(moment)s", moment=moment(clock.now())),
    ]
    strong = {
        number
        for number, row in enumerate(statement.rows)
        if row.kind in (LineKind.HEADING, LineKind.TOTAL)
    }
    return xlsx_download(
        statement.name,
        [column.label for _at, column in columns],
        (_file_cells(row, columns) for row in statement.rows),
        above=above,
        bold=strong,
    )


def pdf(statement: BookStatement, preparer: str) -> bytes:
    """The statement on paper: page numbers, when and by whom it was made, lines to sign on."""
    columns = statement.read_columns
    data = {
        "language": locale_code(),
        "fund_name": fund_name(),
        "title": statement.title,
        "when": statement.when,
        "whose": statement.whose,
        "summary": [[label, _baht(figure)] for label, figure in statement.summary],
        "is_wide": len(columns) > _UPRIGHT_COLUMNS,
        "columns": [
            {"label": column.label, "kind": str(column.kind)} for _at, column in columns
        ],
        "rows": [
            {"kind": str(row.kind), "cells": list(_paper_cells(row, columns))}
            for row in statement.rows
        ],
        "notes": list(statement.notes),
        "made": _(
            "Made on %(moment)s by %(name)s", moment=moment(clock.now()), name=preparer
        ),
        "made_on": clock.today().isoformat(),
        "page": _("Page"),
        "date": _("Date"),
        "signatures": [
            [_("Prepared by"), preparer], [_("Checked by"), ""], [_("Approved by"), ""],
        ],
    }  # fmt: skip
    return set_pdf(_PAPER, data, made_on=clock.today())


def _file_cells(row: BookRow, columns: Sequence[tuple[int, StatementColumn]]) -> list[FileCell]:
    return [_file_cell(row.cells[at]) for at, _column in columns]


def _file_cell(cell: Cell) -> FileCell:
    if isinstance(cell, BookFigure):
        return baht_cell(cell.satang)
    if isinstance(cell, CellText):
        return cell.text
    return cell


def _paper_cells(row: BookRow, columns: Sequence[tuple[int, StatementColumn]]) -> Iterator[Any]:
    for at, column in columns:
        is_left_out = row.goes_on and column.once
        yield "" if is_left_out else _paper_cell(row.cells[at], column)


def _paper_cell(cell: Cell, column: StatementColumn) -> str:
    if isinstance(cell, BookFigure):
        return "" if column.blank_zero and not cell.satang else _baht(cell)
    if isinstance(cell, CellText):
        if column.kind is ColumnKind.ACCOUNT:
            return f"{cell.text} {cell.name}".strip()
        return f"{cell.text}\n{cell.note}" if cell.note else cell.text
    return day_short(cell) if isinstance(cell, date) else ""


def _baht(figure: BookFigure) -> str:
    """As papers of accounting write it: what is below zero in brackets."""
    if figure.satang < 0:
        return f"({format_baht(-figure.satang)})"
    return format_baht(figure.satang) if figure.satang else "–"
