"""Find the table in the cells of a statement file, and read each of its rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import Enum, auto

from fundapp.banking.models import Era
from fundapp.banking.statement_files.cells import NumberedRow, folded
from fundapp.banking.statement_files.parsed import Problems, rejected
from fundapp.banking.statement_files.profiles import COLUMNS, Profile
from fundapp.markers import N_
from fundapp.money import MoneyError, parse_baht
from fundapp.thai.folding import plain_signs

# Headings are near the top; a file without them in these rows is of another kind.
_LAST_HEADING_ROW = 40
_LONGEST_TEXT = 500
#: Ten trillion baht: more than any account holds, and 20,000 of them still fit a 64-bit column.
MOST_SATANG = 10**15

_CLOCK = r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.[0-9]+)?)?(?:\s*น\.|\s*([AP]M))?"
_TIME = re.compile(_CLOCK, re.IGNORECASE)
_DAY_AND_TIME = re.compile(rf"(.*?[^\s,T])(?:\s*,\s*|\s+|T)({_CLOCK})", re.IGNORECASE)
# An amount below zero, as banks and spreadsheets write it.
_MINUS = "-\u2212\u2012\u2013"
_NEGATIVE = re.compile(rf"\((.*)\)|[{_MINUS}](.*)|(.*)[{_MINUS}]|(.*?)\s*DR\.?", re.IGNORECASE)
_POSITIVE = re.compile(r"\+?(.*?)(?:\s*CR\.?)?", re.IGNORECASE)
_NOTHING = {"", "-", "\u2013", "\u2014"}
_SIDES = ("withdrawal", "deposit")
_AMOUNTS = (*_SIDES, "amount")
# How rows that add other rows up begin.
_TOTAL = re.compile(
    r"ยอดรวม|รวม|ผลรวม|ยอดสะสม|สรุป|(sub|grand)?[ -]?totals?\b|summary\b|jumlah", re.IGNORECASE
)

#: What to do about most errors of a row.
DOWNLOAD_AGAIN = N_("Download the statement from the bank again and import it without editing it.")
#: What to do about a file that was read in the wrong style, or is not whole.
OTHER_STYLE = N_("Choose the style that fits the file, or download the whole statement again.")
_DAYS_BUDDHIST = N_(
    "This style writes dates as %(form)s in the Buddhist Era, such as %(example)s. "
    "Choose the style that fits the file, or download the statement again."
)
_DAYS_COMMON = N_(
    "This style writes dates as %(form)s in the Common Era, such as %(example)s. "
    "Choose the style that fits the file, or download the statement again."
)


class RowKind(Enum):
    """What a row of the table is."""

    OPENING = auto()
    #: A movement, or a row of 0.00.
    LINE = auto()
    CLOSING = auto()
    #: A remark, a total or a heading: it moves no money.
    NOTE = auto()


@dataclass(frozen=True, slots=True)
class RowTable:
    """The table of a file: the index of each column, the rows above it and the rows in it."""

    columns: dict[str, int]
    #: How many cells a row may fill: one for each heading of the file, known or not.
    width: int
    headings: frozenset[str]
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
    booked_on: date | None = None
    booked_time: time | None = None
    #: As written, so below zero when the bank gave something back.
    withdrawal: int = 0
    deposit: int = 0
    balance: int | None = None
    #: Whether it begins like a row that adds others up.
    is_like_total: bool = False
    #: False when something in the row could not be read; the error has been recorded.
    is_sound: bool = True


def find_table(rows: Sequence[NumberedRow], profile: Profile) -> RowTable:
    """The table under the profile's headings, which may be in any order.

    Raises `StatementRejected` naming the headings that are missing from the row that comes closest.
    """
    wanted = {
        folded(heading): column
        for column in COLUMNS
        for heading in profile.headings.get(column, ())
    }
    best, most_matches = 0, -1
    for index, (_, cells) in enumerate(rows[:_LAST_HEADING_ROW]):
        matches = len({folded(cell) for cell in cells} & wanted.keys())
        if matches > most_matches:
            best, most_matches = index, matches
    number, cells = rows[best]
    present = [wanted.get(folded(cell), "") for cell in cells]
    _require_headings(number if most_matches else None, present, profile)
    columns = {column: index for index, column in enumerate(present) if column}
    width = max(index for index, cell in enumerate(cells) if cell) + 1
    headings = frozenset(folded(cell) for cell in cells if cell)
    return RowTable(columns, width, headings, rows[:best], rows[best + 1 :])


def _require_headings(number: int | None, present: list[str], profile: Profile) -> None:
    """Refuse a row of headings in which one is missing or repeated.

    Amounts stand in one column or in two; the time may stand in the cell of the day.
    """
    needed = [column for column in COLUMNS if profile.headings.get(column) and column != "time"]
    unused = _SIDES if "amount" in present and not set(_SIDES) <= set(present) else ("amount",)
    if set(unused) < set(needed) & set(_AMOUNTS):
        needed = [column for column in needed if column not in unused]
    missing = [profile.heading(column) for column in needed if column not in present]
    if missing:
        problem = N_("These headings are missing: %(headings)s.")
        remedy = N_("Choose the style that fits the file, and download it as CSV with all columns.")
        raise rejected("headings", problem, remedy, row=number, headings=", ".join(missing))
    twice = [profile.heading(column) for column in COLUMNS if present.count(column) > 1]
    if twice:
        problem = N_("These headings stand twice: %(headings)s.")
        raise rejected("headings", problem, DOWNLOAD_AGAIN, row=number, headings=", ".join(twice))


class FileRowReader:
    """Reads the rows of one table, and records what is wrong in them."""

    def __init__(self, profile: Profile, table: RowTable, problems: Problems) -> None:
        self._profile = profile
        self._columns = table.columns
        self._width = table.width
        self._headings = table.headings
        self._problems = problems
        self._opening = {folded(word) for word in profile.opening_words}
        self._closing = {folded(word) for word in profile.closing_words}

    def read(self, numbered: NumberedRow) -> FileRow:
        """The row with its values; unsound when an error was recorded."""
        number, cells = numbered
        cells = cells + [""] * (self._width - len(cells))
        texts = dict.fromkeys(COLUMNS, "")
        texts.update((column, cells[index]) for column, index in self._columns.items())
        row = FileRow(number, RowKind.NOTE, texts["description"], texts["detail"], texts["channel"])
        row.is_like_total = any(_TOTAL.match(text) for text in cells if text)
        row.kind = self._kind(row, cells, texts)
        if row.kind is not RowKind.NOTE and self._has_right_cells(row, cells, texts):
            self._read_when(row, texts)
            self._read_amounts(row, texts)
        return row

    def _kind(self, row: FileRow, cells: list[str], texts: dict[str, str]) -> RowKind:
        moves = any(_has_digit(texts[column]) for column in _AMOUNTS)
        has_balance = _has_digit(texts["balance"])
        carried = self._carried(texts["description"], cells if has_balance else ())
        if carried is not RowKind.NOTE:
            return carried
        if self._is_heading(cells) or not (moves or has_balance):
            return RowKind.NOTE
        if self._is_day(texts["day"]):
            is_total = row.is_like_total and (
                not has_balance or all(_has_digit(texts[column]) for column in _SIDES)
            )
            moves_nothing = not has_balance and not _is_above_zero(texts)
            return RowKind.NOTE if is_total or moves_nothing else RowKind.LINE
        # A day that cannot be read, or a movement without one: told as such, never left out.
        lacks_day = not texts["day"] or plain_signs(texts["day"])[0].isdigit()
        is_sum = row.is_like_total or all(_has_digit(texts[column]) for column in _SIDES)
        is_line = has_balance and _is_above_zero(texts) and lacks_day and not is_sum
        return RowKind.LINE if is_line else RowKind.NOTE

    def _carried(self, description: str, cells: Sequence[str]) -> RowKind:
        """Whether a row brings the balance forward or carries it on; otherwise a note."""
        texts = {folded(description), *(folded(cell) for cell in cells)}
        for kind, words in ((RowKind.OPENING, self._opening), (RowKind.CLOSING, self._closing)):
            if texts & words or any(_begins_with(folded(description), word) for word in words):
                return kind
        return RowKind.NOTE

    def _is_heading(self, cells: list[str]) -> bool:
        """Whether the row repeats the headings, as at the top of each page."""
        filled = {folded(cell) for cell in cells if cell}
        return len(filled & self._headings) > len(self._headings) / 2

    def _is_day(self, text: str) -> bool:
        try:
            return self._profile.days.read(_split_time(text)[0]) is not None
        except ValueError:
            return False

    def _record(
        self, row: FileRow, column: str | None, code: str, *texts: str, **params: str
    ) -> None:
        """Record an error of this row: ``texts`` are the problem and, unless usual, the remedy."""
        row.is_sound = False
        problem, remedy = texts if len(texts) > 1 else (texts[0], DOWNLOAD_AGAIN)
        heading = self._profile.heading(column) if column else None
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
        day, clock = _split_time(texts["day"])
        if day or row.kind is RowKind.LINE:
            self._read_day(row, day)
        written = texts["time"] if texts["time"] not in _NOTHING else ""
        times = {_read_time(text) for text in (clock, written) if text}
        if None in times or len(times) > 1:
            problem = N_("This is not a time of day: “%(text)s”.")
            self._record(row, "time", "bad_time", problem, text=_shortened(written))
        elif times:
            row.booked_time = times.pop()

    def _read_day(self, row: FileRow, text: str) -> None:
        days = self._profile.days
        problem = N_("There is no date of this style in the cell: “%(text)s”.")
        try:
            row.booked_on = days.read(text)
        except ValueError:
            problem = N_("There is no such day in the calendar: “%(text)s”.")
        if row.booked_on is None:
            remedy = _DAYS_BUDDHIST if days.era is Era.BUDDHIST else _DAYS_COMMON
            params = {"form": str(days.form), "example": days.example, "text": _shortened(text)}
            self._record(row, "day", "bad_date", problem, remedy, **params)

    def _read_amounts(self, row: FileRow, texts: dict[str, str]) -> None:
        row.withdrawal = self._amount(row, "withdrawal", texts)
        row.deposit = self._amount(row, "deposit", texts)
        if not set(_SIDES) <= self._columns.keys():
            row.withdrawal, row.deposit = 0, self._amount(row, "amount", texts)
        row.balance = self._satang(row, "balance", texts["balance"])
        if not row.is_sound:
            return
        if row.kind is not RowKind.LINE and (row.withdrawal or row.deposit):
            problem = N_("A row that carries the balance over must not move money itself.")
            self._record(row, None, "moving_balance", problem)
        elif row.withdrawal and row.deposit:
            problem = N_("This row has both a withdrawal and a deposit.")
            self._record(row, None, "both_sides", problem)

    def _amount(self, row: FileRow, column: str, texts: dict[str, str]) -> int:
        """The satang of one side; an empty cell, a dash and zero mean no amount on it."""
        is_empty = texts[column] in _NOTHING
        return 0 if is_empty else self._satang(row, column, texts[column]) or 0

    def _satang(self, row: FileRow, column: str, text: str) -> int | None:
        """The satang of a text, below zero with a minus on either side, in brackets or with "DR";
        None when it is no amount, which is recorded.
        """
        sign, match = -1, _NEGATIVE.fullmatch(text)
        if match is None:
            sign, match = 1, _POSITIVE.fullmatch(text)
        digits = next((group for group in match.groups() if group), "") if match else ""
        digits = f"0{digits}" if digits.startswith(".") else digits
        try:
            return sign * parse_baht(digits, allow_zero=True, maximum_satang=MOST_SATANG)
        except MoneyError:
            problem = N_("There is no amount in baht in the cell: “%(text)s”.")
            self._record(row, column, "bad_amount", problem, text=_shortened(text))
            return None


def _split_time(text: str) -> tuple[str, str]:
    """A day and the time that stands with it in one cell, or the empty text."""
    match = _DAY_AND_TIME.fullmatch(plain_signs(text))
    return (match.group(1), match.group(2)) if match else (text, "")


def _read_time(text: str) -> time | None:
    match = _TIME.fullmatch(plain_signs(text))
    if match is None:
        return None
    hour, minute, second = (int(group or 0) for group in match.groups()[:3])
    half = (match.group(4) or "").upper()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "PM") if half else hour
    return time(hour, minute, second)


def _begins_with(text: str, word: str) -> bool:
    """Whether ``text`` is ``word`` with something behind it that is no letter, as "(B/F)"."""
    return text.startswith(word) and not text[len(word) :][:1].isalpha()


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _is_above_zero(texts: dict[str, str]) -> bool:
    """Whether an amount of the row has a digit other than zero."""
    digits = "".join(plain_signs(texts[column]) for column in _AMOUNTS)
    return any(letter.isdigit() and letter != "0" for letter in digits)


def _shortened(text: str) -> str:
    """The beginning of a cell, to be quoted in a sentence."""
    return text if len(text) <= 40 else f"{text[:39]}…"
