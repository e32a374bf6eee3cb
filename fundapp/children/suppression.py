"""Counts of children that may be published: the only door from the files to public pages. Pure.

A count from 1 to 9 is hidden (k = 10), because in a small place it points at somebody's child. That
alone is not enough: with the totals beside it a hidden count can be worked out. So further counts
are hidden, the smallest first, until no hidden count can be narrowed down to fewer than 10 values
by anybody who knows the totals and this rule. For a table the range of each hidden count is exact:
what can be moved along hidden counts without changing a total is a flow. Practice: CMS cell size
policy, UK Department for Education; zero counts say nothing about a child and are shown.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count as counter
from typing import Generic, TypeVar

K = 10

R = TypeVar("R", bound=Hashable)
C = TypeVar("C", bound=Hashable)

_UNLIMITED = 10**15
_DEAR = 10**9
Node = tuple[str, object]


@dataclass(frozen=True, slots=True)
class PublishedTable(Generic[R, C]):
    """A table that may be published; None stands for a hidden count."""

    cells: Mapping[tuple[R, C], int | None]
    by_row: Mapping[R, int | None]
    by_column: Mapping[C, int | None]
    total: int | None


@dataclass(frozen=True, slots=True)
class _Total:
    """The label of the line of totals."""


_TOTAL = _Total()


def is_small(count: int) -> bool:
    """Whether a count is hidden for its own sake."""
    return 0 < count < K


def suppress(counts: Mapping[R, int]) -> dict[R, int | None]:
    """One list of counts whose total is published too.

    Hidden counts are at least 1 each, so together they leave each other ``sum - number`` to move.
    """
    shown = sorted((name for name in counts if counts[name] >= K), key=lambda name: counts[name])
    hidden = {name for name in counts if is_small(counts[name])}
    while hidden and shown and not _is_vague([counts[name] for name in hidden]):
        hidden.add(shown.pop(0))
    return {name: None if name in hidden else count for name, count in counts.items()}


def _is_vague(values: list[int]) -> bool:
    return len(values) > 1 and sum(values) - len(values) >= K


def suppress_table(counts: Mapping[tuple[R, C], int]) -> PublishedTable[R, C]:
    """A table of counts by row and column, with the totals of its rows, columns and the whole.

    Totals are counts like the others: they are hidden when they are small, or when another needs
    it.
    """
    grid = _with_totals(counts)
    hidden = {place for place, count in grid.items() if is_small(count)}
    while exposed := next(
        (p for p in sorted(hidden, key=str) if _width(grid, hidden, p) < K), None
    ):
        more = _cheapest_ring(grid, hidden, exposed) or _cheapest(grid, hidden, exposed)
        if not more:
            break
        hidden |= more
    return _published(grid, hidden)


Place = tuple[object, object]


def _with_totals(counts: Mapping[tuple[R, C], int]) -> dict[Place, int]:
    """Every cell, missing ones as 0, and a line of totals on both sides."""
    grid: dict[Place, int] = defaultdict(int)
    rows, columns = {row for row, _ in counts}, {column for _, column in counts}
    for row in rows:
        for column in columns:
            count = counts.get((row, column), 0)
            for place in ((row, column), (row, _TOTAL), (_TOTAL, column), (_TOTAL, _TOTAL)):
                grid[place] += count
    return dict(grid)


def _cheapest_ring(grid: dict[Place, int], hidden: set[Place], exposed: Place) -> set[Place]:
    """The counts to hide, smallest sum, so that the exposed one can grow by `K` in a closed ring.

    Growth of a count is taken from another in its row, which is made good in that one's column, and
    so on back to the exposed one's column. Empty when there is no such ring.
    """
    row, column = ("row", exposed[0]), ("column", exposed[1])
    start, goal = (column, row) if _is_negative(exposed) else (row, column)
    turn = counter()
    queue: list[tuple[int, int, Node, frozenset[Place]]] = [(0, next(turn), start, frozenset())]
    done: set[Node] = set()
    while queue:
        cost, _, node, ring = heappop(queue)
        if node == goal:
            return set(ring)
        if node in done:
            continue
        done.add(node)
        for place, following in _steps(grid, node):
            if place != exposed and grid[place] > 0 and _gives(grid, place, node) >= K:
                new = frozenset() if place in hidden else frozenset({place})
                price = sum(_price(grid, added) for added in new)
                heappush(queue, (cost + price, next(turn), following, ring | new))
    return set()


def _steps(grid: dict[Place, int], node: Node) -> list[tuple[Place, Node]]:
    """The counts in a row or column, and the line each leads to."""
    side, name = node
    if side == "row":
        return [(place, ("column", place[1])) for place in grid if place[0] == name]
    return [(place, ("row", place[0])) for place in grid if place[1] == name]


def _gives(grid: dict[Place, int], place: Place, node: Node) -> int:
    """How much can move over the count when coming from this line."""
    shrinks = (node[0] == "row") != _is_negative(place)
    return _capacity(grid, place, up=not shrinks)


def _price(grid: dict[Place, int], place: Place) -> int:
    """What hiding costs the reader: the count; a total costs more than everything else together."""
    return grid[place] + (_DEAR if _TOTAL in place else 0)


def _cheapest(grid: dict[Place, int], hidden: set[Place], exposed: Place) -> set[Place]:
    """The one count whose hiding costs least, in the same line where there is one."""

    def cost(place: Place) -> tuple[bool, int, str]:
        in_line = place[0] == exposed[0] or place[1] == exposed[1]
        return not in_line, _price(grid, place), str(place)

    found = min((p for p in grid if grid[p] > 0 and p not in hidden), key=cost, default=None)
    return set() if found is None else {found}


def _width(grid: dict[Place, int], hidden: set[Place], place: Place) -> int:
    """How far the hidden count can be moved, up and down together, with every total kept."""
    row, column = ("row", place[0]), ("column", place[1])
    is_total = _is_negative(place)
    more, less = _capacity(grid, place, up=not is_total), _capacity(grid, place, up=is_total)
    others = hidden - {place}
    up = min(more, _flow(_network(grid, others), row, column))
    down = min(less, _flow(_network(grid, others), column, row))
    return up + down


def _is_negative(place: Place) -> bool:
    """Whether the count stands with a minus: then every line of the grid sums to nothing."""
    return (place[0] is _TOTAL) != (place[1] is _TOTAL)


def _capacity(grid: dict[Place, int], place: Place, *, up: bool) -> int:
    return _UNLIMITED if up else grid[place] - 1


def _network(grid: dict[Place, int], hidden: set[Place]) -> dict[Node, dict[Node, int]]:
    """From a row to a column: what its count can give away. Back: what it can take."""
    edges: dict[Node, dict[Node, int]] = defaultdict(dict)
    for place in hidden:
        row, column = ("row", place[0]), ("column", place[1])
        gives_up = _is_negative(place)
        edges[row][column] = _capacity(grid, place, up=gives_up)
        edges[column][row] = _capacity(grid, place, up=not gives_up)
    return edges


def _flow(edges: dict[Node, dict[Node, int]], source: Node, sink: Node) -> int:
    """The largest flow (Edmonds-Karp), counted no further than `K`."""
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
    return min(total, _UNLIMITED)


def _path(
    edges: dict[Node, dict[Node, int]], source: Node, sink: Node
) -> list[tuple[Node, Node]] | None:
    """The shortest way along which something can still flow."""
    came: dict[Node, Node] = {source: source}
    queue = deque([source])
    while queue and sink not in came:
        node = queue.popleft()
        for following, capacity in edges[node].items():
            if capacity > 0 and following not in came:
                came[following] = node
                queue.append(following)
    if sink not in came:
        return None
    steps = []
    while sink != source:
        steps.append((came[sink], sink))
        sink = came[sink]
    return steps[::-1]


def _published(grid: dict[Place, int], hidden: set[Place]) -> PublishedTable[R, C]:
    shown: dict[Place, int | None] = {
        place: None if place in hidden else count for place, count in grid.items()
    }
    cells = {place: count for place, count in shown.items() if _TOTAL not in place}
    by_row = {row: shown[row, _TOTAL] for row, _ in cells}
    by_column = {column: shown[_TOTAL, column] for _, column in cells}
    return PublishedTable(cells, by_row, by_column, shown.get((_TOTAL, _TOTAL), 0))  # type: ignore[arg-type]
