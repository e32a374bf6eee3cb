"""No published table lets anybody compute a count from 1 to 9."""

import itertools
import random

import pytest

from fundapp.children.suppression import K, suppress_table


def test_a_large_table_is_shown():
    counts = {(row, column): 20 for row in "ab" for column in "xy"}
    table = suppress_table(counts)
    assert table.cells == counts
    assert table.by_row == {"a": 40, "b": 40}
    assert table.by_column == {"x": 40, "y": 40}
    assert table.total == 80


def hidden_in(table):
    """Every hidden count by its row and column; "*" is the total of all."""
    everything = dict(table.cells)
    everything |= {(row, "*"): count for row, count in table.by_row.items()}
    everything |= {("*", column): count for column, count in table.by_column.items()}
    everything["*", "*"] = table.total
    return {f"{row}{column}" for (row, column), count in everything.items() if count is None}


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        # The rectangle with the smallest sum: 20 + 30 + 40, not 20 + 100 + 100.
        ({"ax": 3, "ay": 20, "bx": 30, "by": 40, "cx": 100, "cy": 100}, "ax ay bx by"),
        # A sum of 11 can give up ten, one of 10 cannot.
        ({"ax": 3, "ay": 11, "bx": 11, "by": 40}, "ax ay bx by"),
        ({"ax": 3, "ay": 10, "bx": 11, "by": 40, "az": 12, "bz": 99}, "ax az bx bz"),
        # What cannot give up ten is enough where the others vary, too: 6 can be 1 to 11.
        ({"ax": 6, "ay": 6, "bx": 6, "by": 6}, "ax ay bx by"),
        # A 5 beside them can be 1 to 10 only, so totals are hidden too.
        ({"ax": 6, "ay": 6, "bx": 6, "by": 5}, "ax ay bx by a* b* *x *y **"),
        # A count of 1 can grow, and takes part in what is moved.
        ({"ax": 1, "bx": 30, "by": 30}, "ax bx a* b*"),
        ({"ax": 2, "ay": 11, "bx": 12, "by": 1}, "ax ay bx by"),
        # A zero is shown, although hiding it would cost nothing.
        ({"ax": 3, "ay": 0, "bx": 30, "by": 30, "cx": 40, "cy": 40}, "ax bx a* b*"),
        # Without a second row the totals of the columns say the same as the counts.
        ({"ax": 3, "ay": 20}, "ax ay *x *y"),
        ({"ax": 3, "bx": 20}, "ax bx a* b*"),
        ({"ax": 3, "ay": 20, "az": 50}, "ax ay *x *y"),
        # A row whose total is small: the counts, the total, and what keeps it from being computed.
        ({"ax": 2, "ay": 3, "bx": 20, "by": 30}, "ax ay bx by a* b*"),
        # A cell that nobody counted is 0, and 0 says nothing.
        ({"ax": 20, "by": 30}, ""),
        ({"ax": 3}, "ax a* *x **"),
        ({"ax": 3, "by": 4}, "ax by a* b* *x *y **"),
    ],
)  # fmt: skip
def test_which_counts_are_hidden(counts, hidden):
    table = suppress_table({(name[0], name[1]): count for name, count in counts.items()})
    assert hidden_in(table) == set(hidden.split())


def test_missing_cells_are_zero():
    table = suppress_table({("a", "x"): 20, ("b", "y"): 30})
    assert table.cells == {("a", "x"): 20, ("a", "y"): 0, ("b", "x"): 0, ("b", "y"): 30}
    assert (table.by_row, table.by_column, table.total) == (
        {"a": 20, "b": 30}, {"x": 20, "y": 30}, 50,
    )  # fmt: skip


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


class Reader:
    """Somebody who knows the published table and the rule, and tries what a hidden count can be.

    Written apart from the code under test: it fills the table row by row.
    """

    def __init__(self, table):
        self.rows, self.columns = sorted(table.by_row), sorted(table.by_column)
        self.cells = table.cells
        self.row_totals = [table.by_row[row] for row in self.rows]
        self.column_totals = [table.by_column[column] for column in self.columns]
        self.total = table.total

    def can_be(self, cell, value):
        """Whether the table can be filled with ``value`` in the hidden cell."""
        known = {**self.cells, cell: value}
        shown = [[known[row, column] for column in self.columns] for row in self.rows]
        sums = {tuple([0] * len(self.columns))}
        for counts, stated in zip(shown, self.row_totals, strict=True):
            fillings = self._fillings(counts, stated)
            sums = {
                added
                for before in sums
                for filling in fillings
                if self._fits(added := tuple(map(sum, zip(before, filling, strict=True))))
            }
        return any(self._is_whole(columns) for columns in sums)

    def _fillings(self, counts, stated):
        choices = [range(1, TOP) if count is None else (count,) for count in counts]
        return [row for row in itertools.product(*choices) if stated in (None, sum(row))]

    def _fits(self, sums):
        totals = zip(sums, self.column_totals, strict=True)
        return all(stated is None or part <= stated for part, stated in totals)

    def _is_whole(self, sums):
        totals = zip(sums, self.column_totals, strict=True)
        return all(stated in (None, part) for part, stated in totals) and self.total in (
            None, sum(sums),
        )  # fmt: skip

    def range_of(self, cell):
        """How far apart two possible values of a hidden cell are; `K` and more are alike."""
        lowest = next(value for value in range(1, TOP) if self.can_be(cell, value))
        farthest = (value for value in range(lowest + K, 0, -1) if self.can_be(cell, value))
        return next(farthest) - lowest


SHAPES = [("a", "xy"), ("ab", "x"), ("ab", "xy"), ("a", "xyz"), ("abc", "x")]


@pytest.mark.parametrize("shape", SHAPES, ids="x".join)
@pytest.mark.parametrize("seed", range(8))
def test_no_reader_can_narrow_a_hidden_count_down(shape, seed):
    """Small counts in any number, totals that are hidden, and zeros."""
    chance = random.Random(f"{shape} {seed}")  # noqa: S311 - tables to try, no secret
    counts = {
        cell: chance.choice([0, chance.randint(1, 9), chance.randint(10, 24), 24])
        for cell in itertools.product(*shape)
    }
    table = suppress_table(counts)
    reader = Reader(table)
    everything_is_hidden = all(count in (None, 0) for count in table.cells.values())
    for cell, count in table.cells.items():
        if count is None and not everything_is_hidden:
            assert reader.can_be(cell, counts[cell])
            assert reader.range_of(cell) >= K, (counts, cell)


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
        assert count in (None, counts[cell]) if counts[cell] else count == 0
