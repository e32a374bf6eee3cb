"""Suppression of small counts in a table of one moment. Pure.

What is published month after month follows a stricter rule: fundapp/transparency/rises.py.

A count from 1 to 9 is hidden (k = 10), because in a small community it identifies a child. That
alone is not enough: with the published totals a hidden count can be computed. So further counts are
hidden, the smallest first, until no hidden count can be narrowed down to fewer than 10 values by
somebody who knows the totals and this rule (complementary suppression). For a table the range of
each hidden count is exact: what can be moved along hidden counts without changing a total is a
flow. Practice: CMS cell size policy, UK Department for Education.
"""

import sys
from collections import defaultdict, deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count as counter
from typing import Generic, TypeVar

#: The smallest count that is published; 0 says nothing about a child and is published too.
K = 10

R = TypeVar("R", bound=Hashable)
C = TypeVar("C", bound=Hashable)

#: More than any count.
_UNLIMITED = sys.maxsize
Node = tuple[str, object]


@dataclass(frozen=True, slots=True)
class PublishedTable(Generic[R, C]):
    """A table that may be published; None is a hidden count."""

    cells: Mapping[tuple[R, C], int | None]
    by_row: Mapping[R, int | None]
    by_column: Mapping[C, int | None]
    total: int | None


@dataclass(frozen=True, slots=True)
class _Total:
    """The label of the row and of the column of totals."""


_TOTAL = _Total()


def _is_small(count: int) -> bool:
    """Whether the count itself must be hidden."""
    return 0 < count < K


def suppress_table(counts: Mapping[tuple[R, C], int]) -> PublishedTable[R, C]:
    """A table of counts by row and column, with the totals of its rows, columns and the whole.

    Totals are counts like the others: they are hidden when they are small, or when hiding another
    count needs it.
    """
    grid = _with_totals(counts)
    hidden = {cell for cell, count in grid.items() if _is_small(count)}
    while exposed := next(
        (c for c in sorted(hidden, key=str) if _width(grid, hidden, c) < K), None
    ):
        more = _cheapest_cycle(grid, hidden, exposed)
        if not more:
            raise AssertionError("a count can be computed and nothing more can be hidden")
        hidden |= more
    return _published(grid, hidden)


Cell = tuple[object, object]


def _with_totals(counts: Mapping[tuple[R, C], int]) -> dict[Cell, int]:
    """Every cell, missing ones as 0, with a row and a column of totals."""
    grid: dict[Cell, int] = defaultdict(int)
    rows, columns = {row for row, _ in counts}, {column for _, column in counts}
    for row in rows:
        for column in columns:
            count = counts.get((row, column), 0)
            for cell in ((row, column), (row, _TOTAL), (_TOTAL, column), (_TOTAL, _TOTAL)):
                grid[cell] += count
    return dict(grid)


def _cheapest_cycle(grid: dict[Cell, int], hidden: set[Cell], exposed: Cell) -> set[Cell]:
    """The counts to hide, with the smallest sum, so that the exposed one can grow by `K`.

    What a count grows by is taken from another in its row, which is made up for in that one's
    column, and so on around a cycle back to the exposed count's column. There always is one, over
    totals: they can all grow together. The search is Dijkstra's.
    """
    row, column = ("row", exposed[0]), ("column", exposed[1])
    start, goal = (column, row) if _is_negative(exposed) else (row, column)
    order = counter()  # keeps the queue from comparing nodes
    queue: list[tuple[int, int, Node, frozenset[Cell]]] = [(0, next(order), start, frozenset())]
    visited: set[Node] = set()
    while True:
        cost, _, node, cycle = heappop(queue)
        if node == goal:
            return set(cycle)
        if node in visited:
            continue
        visited.add(node)
        for cell, following in _steps(grid, node):
            if cell != exposed and grid[cell] > 0 and _movable(grid, cell, node) >= K:
                new = frozenset() if cell in hidden else frozenset({cell})
                extra = sum(_cost(grid, added) for added in new)
                heappush(queue, (cost + extra, next(order), following, cycle | new))


def _steps(grid: dict[Cell, int], node: Node) -> list[tuple[Cell, Node]]:
    """The counts in a row or column, each with the column or row that crosses there."""
    side, name = node
    if side == "row":
        return [(cell, ("column", cell[1])) for cell in grid if cell[0] == name]
    return [(cell, ("row", cell[0])) for cell in grid if cell[1] == name]


def _movable(grid: dict[Cell, int], cell: Cell, node: Node) -> int:
    """How much can be moved over the count, coming from this row or column."""
    shrinks = (node[0] == "row") != _is_negative(cell)
    return _capacity(grid, cell, up=not shrinks)


def _cost(grid: dict[Cell, int], cell: Cell) -> int:
    """What hiding the count costs the reader: a total more than all other counts together."""
    return grid[cell] + _UNLIMITED * (_TOTAL in cell)


def _width(grid: dict[Cell, int], hidden: set[Cell], cell: Cell) -> int:
    """By how much the hidden count can vary, up and down together, with every total kept."""
    row, column = ("row", cell[0]), ("column", cell[1])
    negative = _is_negative(cell)
    more, less = _capacity(grid, cell, up=not negative), _capacity(grid, cell, up=negative)
    others = hidden - {cell}
    up = min(more, _flow(_network(grid, others), row, column))
    down = min(less, _flow(_network(grid, others), column, row))
    return up + down


def _is_negative(cell: Cell) -> bool:
    """Whether the count is taken as negative, so that every row and column sums to 0."""
    return _TOTAL in cell and cell != (_TOTAL, _TOTAL)


def _capacity(grid: dict[Cell, int], cell: Cell, *, up: bool) -> int:
    """How far the count alone can go up or down; a hidden count is at least 1."""
    return _UNLIMITED if up else grid[cell] - 1


def _network(grid: dict[Cell, int], hidden: set[Cell]) -> dict[Node, dict[Node, int]]:
    """From a row to a column: what the hidden count there can give; back: what it can take."""
    edges: dict[Node, dict[Node, int]] = defaultdict(dict)
    for cell in hidden:
        row, column = ("row", cell[0]), ("column", cell[1])
        gives_up = _is_negative(cell)
        edges[row][column] = _capacity(grid, cell, up=gives_up)
        edges[column][row] = _capacity(grid, cell, up=not gives_up)
    return edges


def _flow(edges: dict[Node, dict[Node, int]], source: Node, sink: Node) -> int:
    """The largest flow (Edmonds-Karp); at `K` it stops counting."""
    total = 0
    while total < K:
        path = _path(edges, source, sink)
        if path is None:
            break
        amount = min(edges[a][b] for a, b in path)
        for a, b in path:
            edges[a][b] -= amount
            edges[b][a] = edges[b].get(a, 0) + amount
        total += amount
    return total


def _path(
    edges: dict[Node, dict[Node, int]], source: Node, sink: Node
) -> list[tuple[Node, Node]] | None:
    """The steps of a shortest path along which something can still flow, in any order."""
    previous: dict[Node, Node] = {source: source}
    queue = deque([source])
    while queue and sink not in previous:
        node = queue.popleft()
        for following, capacity in edges[node].items():
            if capacity > 0 and following not in previous:
                previous[following] = node
                queue.append(following)
    if sink not in previous:
        return None
    steps = []
    while sink != source:
        steps.append((previous[sink], sink))
        sink = previous[sink]
    return steps


def _published(grid: dict[Cell, int], hidden: set[Cell]) -> PublishedTable[R, C]:
    shown: dict[Cell, int | None] = {
        cell: None if cell in hidden else count for cell, count in grid.items()
    }
    cells = {cell: count for cell, count in shown.items() if _TOTAL not in cell}
    by_row = {row: shown[row, _TOTAL] for row, _ in cells}
    by_column = {column: shown[_TOTAL, column] for _, column in cells}
    return PublishedTable(cells, by_row, by_column, shown.get((_TOTAL, _TOTAL), 0))  # type: ignore[arg-type]
