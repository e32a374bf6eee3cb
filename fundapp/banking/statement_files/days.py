"""What the lines of a day are, after each file that covers it (pure).

A file knows its days to the end, all but its last one: that counts as open, because the bank may
still book on it. So a file that goes past a day decides which lines it has; of two files that end
on it the one that has more does. Which file was imported first makes no difference, unless the bank
itself changed what it had said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fundapp.banking.statement_files.identity import Said, Words, completed

#: A row of a file: id of the statement, number of the row.
Row = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DayView:
    """What one file says of a day: by the ids of its lines, in the bank's order."""

    #: The last day of the file.
    to_on: date
    #: Whether the file goes past the day.
    is_closed: bool
    lines: Mapping[int, Said]
    rows: Mapping[int, Row]
    #: The style of the file.
    style: str = ""


@dataclass(slots=True)
class DayState:
    """What all files say of a day."""

    is_closed: bool = False
    #: The latest last day of the files; None before the first one.
    newest_to_on: date | None = None
    #: The balance after each line that counts, in the bank's order.
    balances: dict[int, int] = field(default_factory=dict)
    #: The words of each line that any file states.
    words: dict[int, Words] = field(default_factory=dict)
    #: The row by which each line came in first.
    rows: dict[int, Row] = field(default_factory=dict)
    #: The style of that file: one of another style writes the same movement in other words, and
    #: completes it only.
    styles: dict[int, str] = field(default_factory=dict)

    def decides(self, view: DayView) -> bool:
        """Whether ``view`` decides which lines the day has, and in which order."""
        if self.newest_to_on is None or view.is_closed > self.is_closed:
            return True
        if view.is_closed < self.is_closed:
            return False
        if view.is_closed:
            return view.to_on >= self.newest_to_on
        return not view.lines.keys() < self.balances.keys()

    def take(self, view: DayView) -> None:
        """Add what one more file says."""
        decides = self.decides(view)
        is_newer = decides and (self.newest_to_on is None or view.to_on >= self.newest_to_on)
        if decides:
            self.balances = {line: said.balance_satang for line, said in view.lines.items()}
        for line, said in view.lines.items():
            old = self.words.get(line, said.words)
            is_same_style = self.styles.setdefault(line, view.style) == view.style
            self.words[line] = completed(old, said.words, is_newer=is_newer and is_same_style)
            self.rows.setdefault(line, view.rows[line])
        self.is_closed = self.is_closed or view.is_closed
        self.newest_to_on = max(self.newest_to_on or view.to_on, view.to_on)
