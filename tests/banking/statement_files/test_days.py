"""Which of several files decides about a day."""

from datetime import date

import pytest

from fundapp.banking.statement_files.days import DayState, DayView
from fundapp.banking.statement_files.identity import Said, Words, completed

DAY = date(2026, 11, 3)
NEXT = date(2026, 11, 4)
LATER = date(2026, 11, 9)


def view(lines, to_on=DAY):
    said = {line: Said(Words("", "", f"to {to_on}", ""), line) for line in lines}
    return DayView(to_on, to_on > DAY, said, {line: (to_on.day, line) for line in lines})


@pytest.mark.parametrize(
    ("views", "decided"),
    [
        # More lines on the last day of both; fewer; others.
        ([view([1]), view([1, 2])], [1, 2]),
        ([view([1, 2]), view([1])], [1, 2]),
        ([view([1, 2]), view([1, 3])], [1, 3]),
        # A file that goes past the day is right, whichever came first.
        ([view([1, 2]), view([1], NEXT)], [1]),
        ([view([1], NEXT), view([1, 2])], [1]),
        ([view([1], NEXT), view([])], [1]),
        # Of two that go past it the one that goes further, then the one imported last.
        ([view([1], NEXT), view([1, 2], LATER)], [1, 2]),
        ([view([1, 2], LATER), view([1], NEXT)], [1, 2]),
        ([view([2, 1], NEXT), view([1, 2], NEXT)], [1, 2]),
    ],
)
def test_which_file_decides(views, decided):
    state = DayState()
    for each in views:
        state.take(each)
    assert list(state.balances) == decided


@pytest.mark.parametrize(
    ("old", "new", "is_newer", "counts"),
    [
        ("X1", "X1 name", False, "X1 name"),
        ("X1 name", "X1", True, "X1 name"),
        ("X1  NAME", "x1 name", True, "x1 name"),
        ("X1 A", "X1 B", True, "X1 B"),
        ("X1 A", "X1 B", False, "X1 A"),
        ("", "X1", False, "X1"),
    ],
)
def test_which_words_count(old, new, is_newer, counts):
    words = Words("09:00", "", old, ""), Words("", "Bill", new, "")
    assert completed(*words, is_newer=is_newer) == Words("09:00", "Bill", counts, "")
