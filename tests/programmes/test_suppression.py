"""What a table of counts withholds, tried as somebody would who adds and subtracts."""

import itertools
import random

import pytest

from fundapp.children.suppression import (
    SMALLEST_SHOWN,
    TOTAL,
    is_small,
    with_totals,
    withheld_cells,
)

ROWS, COLUMNS = ("a", "b", "c"), ("x", "y", "z")


def table(*rows):
    return {
        (row, column): count
        for row, counts in zip(ROWS, rows, strict=True)
        for column, count in zip(COLUMNS, counts, strict=True)
    }


def others_that_fit(counts, hidden, *, most):
    """For each withheld cell, every value that it can have beside what is shown: all ways to fill
    the withheld parts with 0 to ``most`` are tried.
    """
    full = with_totals(counts, ROWS, COLUMNS)
    inner = sorted(cell for cell in hidden if TOTAL not in cell)
    values = {cell: set() for cell in hidden}
    for filled in itertools.product(range(most + 1), repeat=len(inner)):
        tried = with_totals({**counts, **dict(zip(inner, filled, strict=True))}, ROWS, COLUMNS)
        if all(tried[cell] == full[cell] for cell in full if cell not in hidden):
            for cell in hidden:
                values[cell].add(tried[cell])
    return values


@pytest.mark.parametrize(
    "counts",
    [
        table((3, 7, 8), (6, 7, 9), (9, 8, 10)),
        table((3, 0, 0), (0, 0, 0), (9, 9, 9)),
        table((1, 1, 9), (9, 1, 9), (9, 9, 9)),
        table((2, 0, 0), (0, 0, 0), (0, 0, 0)),
        table((4, 9, 9), (9, 4, 9), (9, 9, 4)),
        table((0, 6, 2), (7, 0, 8), (1, 9, 0)),
    ],
)
def test_no_withheld_count_follows_from_those_that_are_shown(counts):
    hidden = withheld_cells([counts], ROWS, COLUMNS)
    full = with_totals(counts, ROWS, COLUMNS)
    assert {cell for cell, count in full.items() if is_small(count)} <= hidden
    small = {cell for cell in hidden if is_small(full[cell])}
    inner = [cell for cell in hidden if TOTAL not in cell]
    if len(inner) <= 4:
        values = others_that_fit(counts, hidden, most=10)
        assert [cell for cell in small if len(values[cell]) < 2] == []


def test_a_table_without_small_counts_withholds_nothing():
    counts = table((5, 0, 9), (20, 5, 20), (7, 8, 0))
    assert withheld_cells([counts], ROWS, COLUMNS) == frozenset()


def test_together_what_is_withheld_of_a_shown_total_is_no_small_group():
    rng = random.Random(5)  # noqa: S311 - invented counts
    for _round in range(60):
        counts = table(*[[rng.choice((0, 1, 3, 5, 8, 40)) for _ in COLUMNS] for _ in ROWS])
        hidden = withheld_cells([counts], ROWS, COLUMNS)
        full = with_totals(counts, ROWS, COLUMNS)
        for row in (*ROWS, TOTAL):
            parts = [(row, column) for column in COLUMNS if (row, column) in hidden]
            if parts and (row, TOTAL) not in hidden:
                together = sum(full[cell] for cell in parts)
                assert len(parts) > 1
                assert together == 0 or together >= SMALLEST_SHOWN


def test_tables_that_add_up_withhold_the_same():
    helped = table((50, 20, 20), (20, 20, 20), (20, 20, 20))
    without = table((2, 20, 20), (20, 20, 20), (20, 20, 20))
    hidden = withheld_cells([helped, without], ROWS, COLUMNS)
    assert ("a", "x") in hidden
    assert len([cell for cell in hidden if cell[0] == "a"]) > 1
