"""In which order the rows of a statement happened: the running balance proves it (pure).

Banks write statements oldest first or newest first; some write days one way and the rows within a
day the other way, and people sort files. A reading counts only when every row leads from the
balance before it to its own balance and no day goes back. Where several readings do, and they
differ in what they say, none is taken.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import chain, groupby, pairwise

from fundapp.banking.statement_files.rows import FileRow

Rows = Sequence[FileRow]


@dataclass(frozen=True, slots=True)
class Reading:
    """The rows of a statement, oldest first, from its opening to its closing balance in satang."""

    rows: Rows
    opening: int
    closing: int
    #: Whether this style writes withdrawals with a minus.
    is_minus_out: bool = False

    def moved(self, row: FileRow) -> int:
        """By how many satang a row changes the balance."""
        return moved(row, self.is_minus_out)


@dataclass(frozen=True, slots=True)
class Break:
    """Where the balance does not run on: the first such row in one order of reading."""

    #: None when all rows fit, and the last balance is not the closing one.
    row: FileRow | None
    #: The balance before the row, and what it and the amount give, in satang.
    balance: int
    expected: int
    is_newest_first: bool
    #: How many rows fit.
    fitting: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing breaks."""
        return self.row is None and self.expected == self.balance


def moved(row: FileRow, is_minus_out: bool) -> int:
    """By how many satang a row changes the balance, if withdrawals have a minus or not."""
    return row.deposit + row.withdrawal if is_minus_out else row.deposit - row.withdrawal


def find_readings(rows: Rows, opening: int | None, closing: int | None) -> list[Reading]:
    """Every reading of sound rows in file order, from the opening to the closing balance if known.

    Readings that say the same are one, in the order that the times of day support, if any. More
    than one is doubt; none means that a row is wrong. Times may decide in which order the rows
    stand, never whether money came or went.
    """
    readings: dict[tuple[int, bool], Reading] = {}
    for is_minus_out in _signs(rows):
        for order in _orders(rows, opening, is_minus_out):
            reading = _follow(order, opening, closing, is_minus_out)
            if reading is not None:
                key = (reading.opening, is_minus_out and _changes_sign(reading))
                known = readings.get(key)
                if known is None or (_is_timely(reading.rows) and not _is_timely(known.rows)):
                    readings[key] = reading
    found = list(readings.values())
    if len({reading.is_minus_out for reading in found}) > 1:
        return found
    timely = [reading for reading in found if _is_timely(reading.rows)]
    return timely if len(timely) == 1 else found


def find_break(rows: Rows, opening: int | None, closing: int | None) -> Break | None:
    """The first row that does not fit, in the order in which most rows fit.

    Rows that are not sound fit anything: what is wrong with them is known. None when all fit.
    """
    breaks = [
        _first_break(order, opening, closing, is_minus_out, is_newest_first)
        for is_minus_out in _signs(rows)
        for order, is_newest_first in _file_orders(rows)
    ]
    if any(found.is_whole for found in breaks):
        return None
    return max(breaks, key=lambda found: found.fitting)


def _signs(rows: Rows) -> tuple[bool, ...]:
    """The ways to read a minus in the column of withdrawals: given back, or simply out."""
    withdrawals = [row.withdrawal for row in rows if row.withdrawal]
    return (False, True) if withdrawals and max(withdrawals) < 0 else (False,)


def _changes_sign(reading: Reading) -> bool:
    return any(row.withdrawal for row in reading.rows)


def _file_orders(rows: Rows) -> list[tuple[Rows, bool]]:
    """The rows as they stand and from below, each also with the rows of a day turned round; and
    whether the newest day comes first.
    """
    days = [list(group) for _, group in groupby(rows, key=lambda row: row.booked_on)]
    turned = [row for day in days for row in reversed(day)]
    return [
        (rows, False),
        (rows[::-1], True),
        (turned, False),
        (turned[::-1], True),
    ]


def _orders(rows: Rows, opening: int | None, is_minus_out: bool) -> list[Rows]:
    orders = [order for order, _ in _file_orders(rows)]
    if not any(_follow(order, opening, None, is_minus_out) for order in orders):
        sorted_rows = _sort_by_balance(rows, opening, is_minus_out)
        orders += [sorted_rows] if sorted_rows else []
    return orders


def _follow(
    rows: Rows, opening: int | None, closing: int | None, is_minus_out: bool
) -> Reading | None:
    """The reading of rows that run on from the opening to the closing balance, or None."""
    first = rows[0]
    start = opening if opening is not None else _balance(first) - moved(first, is_minus_out)
    balance, day, kept = start, date.min, []
    for row in rows:
        is_next = balance + moved(row, is_minus_out) == row.balance
        if not is_next and row.is_like_total and row.balance == balance:
            continue  # it adds up rows above it
        if not is_next or row.booked_on is None or row.booked_on < day:
            return None
        balance, day = _balance(row), row.booked_on
        kept.append(row)
    if closing not in (None, balance):
        return None
    return Reading(kept, start, balance, is_minus_out)


def _balance(row: FileRow) -> int:
    return row.balance or 0


def _first_break(
    rows: Rows, opening: int | None, closing: int | None, is_minus_out: bool, is_newest_first: bool
) -> Break:
    balance, fitting = opening, 0
    found: tuple[FileRow | None, int, int] | None = None
    for row in rows:
        expected = None if balance is None else balance + moved(row, is_minus_out)
        if not row.is_sound or balance is None or expected is None or row.balance == expected:
            fitting += 1
        elif not (row.is_like_total and row.balance == balance):
            found = found or (row, balance, expected)
        balance = row.balance
    last = balance or 0
    end = last if closing is None or balance is None else closing
    wrong, before, expected = found or (None, end, last)
    return Break(wrong, before, expected, is_newest_first, fitting + (end == last))


def _is_timely(rows: Rows) -> bool:
    """Whether every row has a time and none is before that of the row before it."""
    moments = [(row.booked_on or date.min, row.booked_time) for row in rows]
    if any(clock is None for _, clock in moments):
        return False
    written = [(day, clock or time.min) for day, clock in moments]
    return all(before <= after for before, after in pairwise(written))


def _sort_by_balance(rows: Rows, opening: int | None, is_minus_out: bool) -> Rows | None:
    """The rows of a file that somebody sorted: days in order, and in each day a way through all of
    its rows on which every balance leads to the next. None when there is no such way.
    """
    by_day: defaultdict[date, list[FileRow]] = defaultdict(list)
    for row in rows:
        by_day[row.booked_on or date.min].append(row)
    ways: list[Rows] = []
    balance = opening
    for day in sorted(by_day):
        start = _start(by_day[day], is_minus_out) if balance is None else balance
        way = None if start is None else _way(by_day[day], start, is_minus_out)
        if way is None:
            return None
        ways.append(way)
        balance = _balance(way[-1])
    return list(chain.from_iterable(ways))


def _start(rows: Rows, is_minus_out: bool) -> int | None:
    """The balance at which a way through the rows must start; None when it could be several."""
    degrees: Counter[int] = Counter()
    for row in rows:
        degrees[_balance(row) - moved(row, is_minus_out)] += 1
        degrees[_balance(row)] -= 1
    starts = [balance for balance, degree in degrees.items() if degree > 0]
    return starts[0] if len(starts) == 1 else None


def _way(rows: Rows, start: int, is_minus_out: bool) -> Rows | None:
    """All rows in an order in which each begins at the balance of the one before it
    (Hierholzer's algorithm), or None.
    """
    leaving: defaultdict[int, list[FileRow]] = defaultdict(list)
    for row in reversed(rows):
        leaving[_balance(row) - moved(row, is_minus_out)].append(row)
    way: list[FileRow] = []
    stack: list[tuple[int, FileRow | None]] = [(start, None)]
    while stack:
        balance, reached = stack[-1]
        if leaving[balance]:
            following = leaving[balance].pop()
            stack.append((_balance(following), following))
            continue
        stack.pop()
        if reached is not None:
            way.append(reached)
    way.reverse()
    is_whole = len(way) == len(rows) and _runs_on(way, start, is_minus_out)
    return way if is_whole else None


def _runs_on(rows: Rows, start: int, is_minus_out: bool) -> bool:
    balance = start
    for row in rows:
        if balance + moved(row, is_minus_out) != row.balance:
            return False
        balance = _balance(row)
    return True


def find_day_back(rows: Rows, opening: int | None, closing: int | None) -> FileRow | None:
    """A row whose day is before that of the row before it, though the balances run on."""
    for order, _ in _file_orders(rows)[:2]:
        breaks = (_first_break(order, opening, closing, sign, False) for sign in _signs(rows))
        if any(found.is_whole for found in breaks):
            pairs = pairwise(order)
            return next((after for before, after in pairs if _day(after) < _day(before)), None)
    return None


def _day(row: FileRow) -> date:
    return row.booked_on or date.min
