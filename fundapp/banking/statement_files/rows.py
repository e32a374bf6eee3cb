"""Find the table in the rows of a statement file, and read each of its rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import Enum, auto

from fundapp.banking.statement_files.decoding import NumberedRow
from fundapp.banking.statement_files.parsed import Problems, rejected
from fundapp.banking.statement_files.profiles import COLUMNS, StatementProfile
from fundapp.markers import N_
from fundapp.money import MoneyError, parse_baht

# Headings are near the top; a file without them in these rows is of another kind.
_LAST_HEADING_ROW = 40
_LONGEST_TEXT = 500
# Ten trillion baht: more than any account holds, and 20,000 of them still fit a 64-bit column.
_MOST_SATANG = 10**15

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_BRACKETED = re.compile(r"\((.*)\)|-(.*)")

#: What to do about most errors of a row.
DOWNLOAD_AGAIN = N_("Download the statement from the bank again and import it without editing it.")


class RowKind(Enum):
    """What a row of the table is."""

    OPENING = auto()
    LINE = auto()
    CLOSING = auto()


@dataclass(frozen=True, slots=True)
class RowTable:
    """The table of a file: the index of each column, the rows above it and the rows in it."""

    columns: dict[str, int]
    #: How many cells a row may fill: one for each heading of the file, known or not.
    width: int
    above: Sequence[NumberedRow]
    rows: Sequence[NumberedRow]


@dataclass(slots=True)
class FileRow:
    """One row of the table, with its values. Amounts are in satang. What could not be read keeps
    its default.
    """

    #: As a spreadsheet counts it, from 1.
    number: int
    kind: RowKind
    description: str
    detail: str
    channel: str
    booked_on: date = date.min
    booked_time: time | None = None
    withdrawal: int = 0
    deposit: int = 0
    balance: int = 0
    #: Whether the balance could be read, so that the next row can be checked against it.
    has_balance: bool = False
    #: False when something in the row could not be read; the error has been recorded.
    is_sound: bool = True


def find_table(rows: Sequence[NumberedRow], profile: StatementProfile) -> RowTable:
    """The table under the profile's headings, which may be in any order.

    Raises `StatementRejected` naming the headings that are missing from the row that comes closest.
    """
    wanted = {_folded(heading): column for column, heading in profile.headings.items()}
    best, most_matches = 0, -1
    for index, (_, cells) in enumerate(rows[:_LAST_HEADING_ROW]):
        matches = len({_folded(cell) for cell in cells} & wanted.keys())
        if matches > most_matches:
            best, most_matches = index, matches
    number, cells = rows[best]
    _require_headings(number if most_matches else None, cells, profile)
    columns = {wanted[_folded(cell)]: i for i, cell in enumerate(cells) if _folded(cell) in wanted}
    width = max(i for i, cell in enumerate(cells) if cell) + 1
    return RowTable(columns, width, rows[:best], rows[best + 1 :])


def _folded(heading: str) -> str:
    return heading.casefold()


def _require_headings(number: int | None, cells: list[str], profile: StatementProfile) -> None:
    """Refuse a row of headings in which one is missing or repeated."""
    present = [_folded(cell) for cell in cells]
    headings = [profile.headings[column] for column in COLUMNS]
    missing = [heading for heading in headings if _folded(heading) not in present]
    if missing:
        problem = N_("These headings are missing: %(headings)s.")
        remedy = N_("Choose the style that fits the file, and download it as CSV with all columns.")
        raise rejected("headings", problem, remedy, row=number, headings=", ".join(missing))
    twice = [heading for heading in headings if present.count(_folded(heading)) > 1]
    if twice:
        problem = N_("These headings stand twice: %(headings)s.")
        raise rejected("headings", problem, DOWNLOAD_AGAIN, row=number, headings=", ".join(twice))


class FileRowReader:
    """Reads the rows of one table, and records what is wrong in them."""

    def __init__(self, profile: StatementProfile, table: RowTable, problems: Problems) -> None:
        self._profile = profile
        self._columns = table.columns
        self._width = table.width
        self._problems = problems

    def read(self, numbered: NumberedRow) -> FileRow:
        """The row with its values; unsound when an error was recorded."""
        number, cells = numbered
        cells = cells + [""] * (self._width - len(cells))
        texts = {column: cells[index] for column, index in self._columns.items()}
        row = FileRow(
            number, self._kind(texts), texts["description"], texts["detail"], texts["channel"]
        )
        if self._has_right_cells(row, cells, texts):
            self._read_when(row, texts)
            self._read_amounts(row, texts)
        return row

    def _kind(self, texts: dict[str, str]) -> RowKind:
        if texts["description"] == self._profile.opening_label:
            return RowKind.OPENING
        return (
            RowKind.CLOSING if texts["description"] == self._profile.closing_label else RowKind.LINE
        )

    def _record(
        self, row: FileRow, column: str | None, code: str, *texts: str, **params: str
    ) -> None:
        """Record an error of this row: ``texts`` are the problem and, unless usual, the remedy."""
        row.is_sound = False
        problem, remedy = texts if len(texts) > 1 else (texts[0], DOWNLOAD_AGAIN)
        heading = self._profile.headings[column] if column else None
        self._problems.add(code, problem, remedy, row=row.number, column=heading, **params)

    def _has_right_cells(self, row: FileRow, cells: list[str], texts: dict[str, str]) -> bool:
        """Whether no cell is filled beyond the headings and no text is too long."""
        if any(cells[self._width :]):
            remedy = N_(
                "Amounts with commas must stand in quotation marks, as the bank writes them."
            )
            problem = N_("This row has more cells than there are headings.")
            self._record(row, None, "extra_cells", problem, remedy)
        for column, text in texts.items():
            if len(text) > _LONGEST_TEXT:
                problem = N_("This text is longer than %(characters)s characters.")
                self._record(row, column, "too_long", problem, characters=str(_LONGEST_TEXT))
        return row.is_sound

    def _read_when(self, row: FileRow, texts: dict[str, str]) -> None:
        try:
            row.booked_on = self._profile.read_day(texts["day"])
        except ValueError as error:
            problem = N_("There is no date of this style in the cell: “%(text)s”.")
            self._record(row, "day", "bad_date", problem, str(error), text=_shortened(texts["day"]))
        match = _TIME.fullmatch(texts["time"])
        if match:
            hour, minute, second = (int(group or 0) for group in match.groups())
            row.booked_time = time(hour, minute, second)
        elif texts["time"]:
            problem = N_("This is not a time of day: “%(text)s”.")
            self._record(row, "time", "bad_time", problem, text=_shortened(texts["time"]))

    def _read_amounts(self, row: FileRow, texts: dict[str, str]) -> None:
        row.withdrawal = self._amount(row, "withdrawal", texts)
        row.deposit = self._amount(row, "deposit", texts)
        balance = self._balance(row, texts)
        row.balance, row.has_balance = balance or 0, balance is not None
        if not row.is_sound:
            return
        if row.kind is not RowKind.LINE:
            if row.withdrawal or row.deposit:
                problem = N_("A row that carries the balance over must not move money itself.")
                self._record(row, None, "moving_balance", problem)
        elif row.withdrawal and row.deposit:
            problem = N_("This row has both a withdrawal and a deposit.")
            self._record(row, None, "both_sides", problem)
        elif not row.withdrawal and not row.deposit:
            problem = N_("This row has neither a withdrawal nor a deposit.")
            self._record(row, None, "no_amount", problem)

    def _amount(self, row: FileRow, column: str, texts: dict[str, str]) -> int:
        """The satang of one side; an empty cell, a dash and zero mean no amount on it."""
        is_empty = texts[column] in {"", "-"}
        return 0 if is_empty else self._satang(row, column, texts[column]) or 0

    def _balance(self, row: FileRow, texts: dict[str, str]) -> int | None:
        """The satang of the balance, which may be overdrawn: "-1.00" or "(1.00)"."""
        match = _BRACKETED.fullmatch(texts["balance"])
        if match is None:
            return self._satang(row, "balance", texts["balance"])
        overdraft = self._satang(row, "balance", match.group(1) or match.group(2) or "")
        return None if overdraft is None else -overdraft

    def _satang(self, row: FileRow, column: str, text: str) -> int | None:
        """The satang of a text; None when it is no amount, which is recorded."""
        try:
            return parse_baht(text, allow_zero=True, maximum_satang=_MOST_SATANG)
        except MoneyError:
            problem = N_("There is no amount in baht in the cell: “%(text)s”.")
            self._record(row, column, "bad_amount", problem, text=_shortened(text))
            return None


def _shortened(text: str) -> str:
    """The beginning of a cell, to be quoted in a sentence."""
    return text if len(text) <= 40 else f"{text[:39]}…"
