"""Reading the cells of rows by what their columns hold, and what is wrong with each (pure)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.spreadsheets.cells import (
    EMPTY,
    Cell,
    DayOrder,
    day_of,
    has_mixed_days,
    is_blank,
    text_of,
)
from fundapp.spreadsheets.headings import distinct_headings
from fundapp.spreadsheets.reading import Row, Sheet
from fundapp.thai.folding import fold_text

T = TypeVar("T")
C = TypeVar("C", bound=LabelledEnum)

_NOT_KNOWN = N_("This word is not known here.")
_MISSING = N_("This is missing.")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row; the sentence is untranslated, with its values."""

    row: int
    column: LabelledEnum | None
    sentence: str
    params: Mapping[str, object]


class CellReader(Generic[C]):
    """Reads the cells of one sheet; what is wrong is gathered in ``problems``. ``days`` are the
    columns that hold days.
    """

    def __init__(
        self, sheet: Sheet, headings: Mapping[C, str], days: Collection[C], order: DayOrder
    ) -> None:
        places = {name: at for at, name in enumerate(distinct_headings(sheet.headings))}
        self._order = order
        self._places = {
            column: places[heading] for column, heading in headings.items() if heading in places
        }
        self._mixed = {
            column: has_mixed_days(self.cell(row, column) for row in sheet.rows) for column in days
        }
        self.problems: list[RowProblem] = []

    def cell(self, row: Row, column: C) -> Cell:
        """The cell of this column; an empty one where the file has none."""
        at = self._places.get(column)
        return row.cells[at] if at is not None and at < len(row.cells) else EMPTY

    def value(self, row: Row, column: C, read: Callable[[Cell], T]) -> T | None:
        """What the cell says; None where it is empty or cannot be read, which is gathered."""
        cell = self.cell(row, column)
        if is_blank(cell):
            return None
        try:
            return read(cell)
        except ValueError as error:
            self.say(row, column, str(error))
            return None

    def needed(self, row: Row, column: C, read: Callable[[Cell], T]) -> T | None:
        """The same of a cell that is not empty."""
        if is_blank(self.cell(row, column)):
            self.say(row, column, _MISSING)
            return None
        return self.value(row, column, read)

    def day(self, row: Row, column: C) -> date | None:
        """A day that has to be there."""
        return self.needed(row, column, lambda cell: self.day_in(cell, column))

    def day_in(self, cell: Cell, column: C) -> date:
        """The day that a cell of this column says. ValueError with a sentence."""
        return day_of(cell, self._order, may_be_swapped=self._mixed.get(column, False))

    def say(self, row: Row, column: C, sentence: str, **params: object) -> None:
        """Something is wrong."""
        self.problems.append(RowProblem(row.number, column, sentence, params))


def word_of(cell: Cell, words: Mapping[Any, str]) -> Any:
    """The member that the cell names, by its value or one of its words. ValueError."""
    said = fold_text(text_of(cell)).replace(" ", "")
    for member, names in words.items():
        if said == str(member) or said in {fold_text(name) for name in names.split()}:
            return member
    raise ValueError(_NOT_KNOWN)


def problem_rows(problems: Sequence[RowProblem]) -> int:
    """How many rows something is wrong with."""
    return len({problem.row for problem in problems})
