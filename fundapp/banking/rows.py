"""From rows of cells to entries: where the table begins, and what each of its rows says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import Enum, auto

from fundapp.banking.decoding import Row
from fundapp.banking.parsed import Problems, rejected
from fundapp.banking.profiles import COLUMNS, StatementProfile
from fundapp.markers import N_
from fundapp.money import MoneyError, parse_baht

# Headings stand near the top: below that it is another kind of file.
_LAST_HEADING_ROW = 40
_LONGEST_TEXT = 500
# Ten trillion baht: beyond any account, and twenty thousand of them still fit a 64-bit column.
_MOST_SATANG = 10**15

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_BRACKETED = re.compile(r"\((.*)\)|-(.*)")

#: What to do about nearly every broken row.
DOWNLOAD_AGAIN = N_("Download the statement from the bank again and import it without editing it.")


class Kind(Enum):
    """What a row of the table is."""

    OPENING = auto()
    LINE = auto()
    CLOSING = auto()


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a file: where each column stands, the rows above it and the rows in it."""

    columns: dict[str, int]
    #: How many cells a row may fill: as many as there are headings, ours or not.
    width: int
    above: Sequence[Row]
    rows: Sequence[Row]


@dataclass(slots=True)
class Entry:
    """One row of the table, read. Amounts in satang. What could not be read keeps its default."""

    row: int
    kind: Kind
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
    #: False when something in the row could not be read; the error has been noted.
    is_sound: bool = True


def find_table(rows: Sequence[Row], profile: StatementProfile) -> Table:
    """The table under the profile's headings, which may stand in any order.

    Raises `StatementRejected` naming the headings that are missing from the row that comes closest.
    """
    wanted = {_folded(heading): column for column, heading in profile.headings.items()}
    best, found = 0, -1
    for index, (_, cells) in enumerate(rows[:_LAST_HEADING_ROW]):
        matches = len({_folded(cell) for cell in cells} & wanted.keys())
        if matches > found:
            best, found = index, matches
    number, cells = rows[best]
    _require_headings(number if found else None, cells, profile)
    columns = {wanted[_folded(cell)]: i for i, cell in enumerate(cells) if _folded(cell) in wanted}
    width = max(i for i, cell in enumerate(cells) if cell) + 1
    return Table(columns, width, rows[:best], rows[best + 1 :])


def _folded(heading: str) -> str:
    return heading.casefold()


def _require_headings(number: int | None, cells: list[str], profile: StatementProfile) -> None:
    """Refuses a row of headings in which one is missing or stands twice."""
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


class EntryReader:
    """Reads the rows of one table, noting what is wrong in them."""

    def __init__(self, profile: StatementProfile, table: Table, problems: Problems) -> None:
        self._profile = profile
        self._columns = table.columns
        self._width = table.width
        self._problems = problems

    def read(self, row: Row) -> Entry:
        """The row as an entry; unsound when an error had to be noted."""
        number, cells = row
        cells = cells + [""] * (self._width - len(cells))
        texts = {column: cells[index] for column, index in self._columns.items()}
        entry = Entry(
            number, self._kind(texts), texts["description"], texts["detail"], texts["channel"]
        )
        if self._has_right_cells(entry, cells, texts):
            self._read_when(entry, texts)
            self._read_amounts(entry, texts)
        return entry

    def _kind(self, texts: dict[str, str]) -> Kind:
        if texts["description"] == self._profile.opening_label:
            return Kind.OPENING
        return Kind.CLOSING if texts["description"] == self._profile.closing_label else Kind.LINE

    def _note(
        self, entry: Entry, column: str | None, code: str, *texts: str, **params: str
    ) -> None:
        """Notes an error of this row: ``texts`` are the problem and, unless usual, the remedy."""
        entry.is_sound = False
        problem, remedy = texts if len(texts) > 1 else (texts[0], DOWNLOAD_AGAIN)
        heading = self._profile.headings[column] if column else None
        self._problems.add(code, problem, remedy, row=entry.row, column=heading, **params)

    def _has_right_cells(self, entry: Entry, cells: list[str], texts: dict[str, str]) -> bool:
        """Whether no cell stands beyond the headings and no text is absurdly long."""
        if any(cells[self._width :]):
            remedy = N_(
                "Amounts with commas must stand in quotation marks, as the bank writes them."
            )
            problem = N_("This row has more cells than there are headings.")
            self._note(entry, None, "extra_cells", problem, remedy)
        for column, text in texts.items():
            if len(text) > _LONGEST_TEXT:
                problem = N_("This text is longer than %(characters)s characters.")
                self._note(entry, column, "too_long", problem, characters=str(_LONGEST_TEXT))
        return entry.is_sound

    def _read_when(self, entry: Entry, texts: dict[str, str]) -> None:
        try:
            entry.booked_on = self._profile.read_day(texts["day"])
        except ValueError as error:
            problem = N_("There is no date of this style in the cell: “%(text)s”.")
            self._note(entry, "day", "bad_date", problem, str(error), text=_short(texts["day"]))
        match = _TIME.fullmatch(texts["time"])
        if match:
            hour, minute, second = (int(group or 0) for group in match.groups())
            entry.booked_time = time(hour, minute, second)
        elif texts["time"]:
            problem = N_("This is not a time of day: “%(text)s”.")
            self._note(entry, "time", "bad_time", problem, text=_short(texts["time"]))

    def _read_amounts(self, entry: Entry, texts: dict[str, str]) -> None:
        entry.withdrawal = self._amount(entry, "withdrawal", texts)
        entry.deposit = self._amount(entry, "deposit", texts)
        balance = self._balance(entry, texts)
        entry.balance, entry.has_balance = balance or 0, balance is not None
        if not entry.is_sound:
            return
        if entry.kind is not Kind.LINE:
            if entry.withdrawal or entry.deposit:
                problem = N_("A row that carries the balance over must not move money itself.")
                self._note(entry, None, "moving_balance", problem)
        elif entry.withdrawal and entry.deposit:
            problem = N_("This row has both a withdrawal and a deposit.")
            self._note(entry, None, "both_sides", problem)
        elif not entry.withdrawal and not entry.deposit:
            problem = N_("This row has neither a withdrawal nor a deposit.")
            self._note(entry, None, "no_amount", problem)

    def _amount(self, entry: Entry, column: str, texts: dict[str, str]) -> int:
        """The satang of a side; empty, a dash or zero mean that nothing moved on it."""
        nothing = texts[column] in {"", "-"}
        return 0 if nothing else self._satang(entry, column, texts[column]) or 0

    def _balance(self, entry: Entry, texts: dict[str, str]) -> int | None:
        """The satang of the balance, which may be overdrawn: "-1.00" or "(1.00)"."""
        match = _BRACKETED.fullmatch(texts["balance"])
        if match is None:
            return self._satang(entry, "balance", texts["balance"])
        owed = self._satang(entry, "balance", match.group(1) or match.group(2) or "")
        return None if owed is None else -owed

    def _satang(self, entry: Entry, column: str, text: str) -> int | None:
        """The satang of a text; None with a noted error when it is no amount."""
        try:
            return parse_baht(text, allow_zero=True, maximum_satang=_MOST_SATANG)
        except MoneyError:
            problem = N_("There is no amount in baht in the cell: “%(text)s”.")
            self._note(entry, column, "bad_amount", problem, text=_short(text))
            return None


def _short(text: str) -> str:
    """The beginning of a cell, for a sentence."""
    return text if len(text) <= 40 else f"{text[:39]}…"
