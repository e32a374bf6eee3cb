"""No published table lets anybody compute a count from 1 to 9."""

import itertools
import random

import pytest

from fundapp.children.suppression import K, suppress, suppress_table


def test_large_counts_and_zeros_are_shown():
    assert suppress({"a": 10, "b": 0, "c": 500}) == {"a": 10, "b": 0, "c": 500}


@pytest.mark.parametrize("small", range(1, 10))
def test_a_small_count_is_hidden_together_with_the_smallest_other(small):
    shown = suppress({"a": small, "b": 40, "c": 11, "d": 0})
    assert shown == {"a": None, "b": 40, "c": None, "d": 0}


def test_two_small_counts_that_the_total_reveals_need_a_third():
    """1 + 1 = 2: whoever knows the total knows both."""
    assert suppress({"a": 1, "b": 1, "c": 12, "d": 90}) == {
        "a": None,
        "b": None,
        "c": None,
        "d": 90,
    }


def test_many_small_counts_need_no_other():
    assert suppress({"a": 6, "b": 7, "c": 30}) == {"a": None, "b": None, "c": 30}


def test_everything_is_hidden_when_nothing_else_helps():
    assert suppress({"a": 3}) == {"a": None}
    assert suppress({"a": 1, "b": 2}) == {"a": None, "b": None}


def test_a_large_table_is_shown():
    counts = {(row, column): 20 for row in "ab" for column in "xy"}
    table = suppress_table(counts)
    assert table.cells == counts
    assert table.by_row == {"a": 40, "b": 40}
    assert table.by_column == {"x": 40, "y": 40}
    assert table.total == 80


def test_one_small_cell_hides_a_rectangle():
    counts = {("a", "x"): 3, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40}
    counts |= {("c", "x"): 100, ("c", "y"): 100}
    table = suppress_table(counts)
    assert table.cells["a", "x"] is None
    hidden = {cell for cell, count in table.cells.items() if count is None}
    assert len(hidden) == 4
    assert table.total == 293


def test_an_empty_table():
    assert suppress_table({}).total == 0


TOP = 48


def row_fillings(table, row, columns):
    """Every way to fill the hidden counts of a row that agrees with its total, if that is shown."""
    shown, stated = [table.cells[row, column] for column in columns], table.by_row[row]
    choices = [range(1, TOP) if count is None else (count,) for count in shown]
    return [filled for filled in itertools.product(*choices) if stated in (None, sum(filled))]


def feasible(table):
    """Every value that each hidden count can have given what is shown, found by trying all."""
    rows, columns = sorted(table.by_row), sorted(table.by_column)
    values = {cell: set() for cell, count in table.cells.items() if count is None}
    stated = [table.by_column[column] for column in columns]
    for grid in itertools.product(*(row_fillings(table, row, columns) for row in rows)):
        sums = [sum(column) for column in zip(*grid, strict=True)]
        if all(a in (None, b) for a, b in zip(stated, sums, strict=True)) and table.total in (
            None,
            sum(sums),
        ):
            for (row, column), possible in values.items():
                possible.add(grid[rows.index(row)][columns.index(column)])
    return values


@pytest.mark.parametrize("seed", range(15))
def test_no_hidden_count_can_be_narrowed_down(seed):
    """Compared with trying every possibility."""
    chance = random.Random(seed)  # noqa: S311 - tables to try, no secret
    counts = {(row, column): chance.randint(11, 25) for row in "ab" for column in "xy"}
    counts["a", "x"] = chance.randint(1, 9)
    table = suppress_table(counts)
    possible = feasible(table)
    assert ("a", "x") in possible
    for cell, values in possible.items():
        assert counts[cell] in values
        assert max(values) - min(values) >= K


@pytest.mark.parametrize("seed", range(20))
def test_tables_of_the_province(seed):
    """8 districts × 6 groups: nothing small is shown, and no line has exactly one gap."""
    chance = random.Random(seed)  # noqa: S311 - tables to try, no secret
    counts = {
        (row, column): int(chance.expovariate(1 / 25)) for row in range(8) for column in range(6)
    }
    table = suppress_table(counts)
    shown = [*table.cells.values(), *table.by_row.values(), *table.by_column.values(), table.total]
    assert not [count for count in shown if count is not None and 0 < count < K]
    for row, stated in table.by_row.items():
        gaps = sum(table.cells[row, column] is None for column in range(6)) + (stated is None)
        assert gaps != 1
    for cell, count in table.cells.items():
        assert count in (None, counts[cell])
