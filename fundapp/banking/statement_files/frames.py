"""Which rows of a statement carry its balance over, and which move money between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fundapp.banking.statement_files.decoding import WHOLE_FILE
from fundapp.banking.statement_files.parsed import Problems
from fundapp.banking.statement_files.profiles import Profile
from fundapp.banking.statement_files.rows import FileRow, RowKind
from fundapp.markers import N_

_CARRIES = (RowKind.OPENING, RowKind.CLOSING)


@dataclass(frozen=True, slots=True)
class Frame:
    """The rows that move money, in file order, and those that carry the balance over, if any."""

    lines: Sequence[FileRow]
    opening: FileRow | None
    closing: FileRow | None

    @property
    def balances(self) -> tuple[int | None, int | None]:
        """The opening and the closing balance in satang, where the file has them."""
        return (
            self.opening.balance if self.opening else None,
            self.closing.balance if self.closing else None,
        )

    @property
    def declared_days(self) -> tuple[date, date] | None:
        """The days of the opening and the closing row, outside which no movement can be."""
        first = self.opening.booked_on if self.opening else None
        last = self.closing.booked_on if self.closing else None
        return (first, last) if first and last else None

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day that any of its rows has."""
        rows = [row for row in (self.opening, *self.lines, self.closing) if row]
        days = [row.booked_on for row in rows if row.booked_on]
        return (min(days), max(days)) if days else None


def find_frame(rows: Sequence[FileRow], profile: Profile, problems: Problems) -> Frame:
    """The frame of the rows under the headings; what it lacks is recorded.

    A style may carry the balance over at the end of each page; a file may have no such row at all.
    """
    used = _without_loose_balances([row for row in rows if row.kind is not RowKind.NOTE])
    lines = [row for row in used if row.kind is RowKind.LINE]
    openings = [row for row in used if row.kind is RowKind.OPENING]
    closings = [row for row in used if row.kind is RowKind.CLOSING]
    _require_both(used, openings, closings, profile, problems)
    second = _second_statement(used)
    if second is not None:
        add_second_statement(problems, second.number)
        raise problems.rejection()
    is_newest_first = bool(openings and closings) and closings[0].number < openings[0].number
    # Of several pages the outermost rows count.
    outer = (-1, 0) if is_newest_first else (0, -1)
    return Frame(
        lines,
        openings[outer[0]] if openings else None,
        closings[outer[1]] if closings else None,
    )


def _without_loose_balances(used: Sequence[FileRow]) -> Sequence[FileRow]:
    """The rows without those that only name a balance before the first or after the last row that
    carries it over, such as today's balance under a statement of last month.
    """
    carries = [index for index, row in enumerate(used) if row.kind in _CARRIES]
    if len(carries) < 2:
        return used
    return [
        row
        for index, row in enumerate(used)
        if carries[0] <= index <= carries[-1] or row.withdrawal or row.deposit or not row.is_sound
    ]


def add_second_statement(problems: Problems, row: int) -> None:
    """Record that the file holds more than one statement."""
    problem = N_("Another statement seems to begin here.")
    problems.add("second_statement", problem, N_("Import one statement at a time."), row=row)


def _require_both(
    used: Sequence[FileRow],
    openings: Sequence[FileRow],
    closings: Sequence[FileRow],
    profile: Profile,
    problems: Problems,
) -> None:
    """Record that the file has one of the two rows that carry the balance over, but not the other:
    then a part of it is missing.
    """
    if not used and not problems.has_any:
        problem = N_("There is no row with a balance under the headings.")
        problems.add("truncated", problem, WHOLE_FILE)
    elif closings and not openings and profile.opening_words:
        problem = N_("No row brings a balance forward (“%(label)s”).")
        label = profile.opening_words[0]
        problems.add("no_opening", problem, WHOLE_FILE, row=used[0].number, label=label)
    elif openings and not closings and profile.closing_words:
        problem = N_("The file is cut short: no row carries the balance forward (“%(label)s”).")
        problems.add("truncated", problem, WHOLE_FILE, label=profile.closing_words[0])
    else:
        return
    raise problems.rejection()


def _second_statement(used: Sequence[FileRow]) -> FileRow | None:
    """The row at which another statement begins: one that carries over a balance which no row
    beside it has, or a movement outside the first and the last of these rows.
    """
    carries = [index for index, row in enumerate(used) if row.kind in _CARRIES]
    if len(carries) < 2:
        return None
    first, last = carries[0], carries[-1]
    for index in carries[1:-1]:
        beside = {used[index - 1].balance, used[index + 1].balance}
        if None not in beside and used[index].balance not in beside:
            return used[index]
    outside = [*used[:first], *used[last + 1 :]]
    has_lines = any(row.kind is RowKind.LINE for row in used[first:last])
    return outside[0] if has_lines and outside else None
