"""Which counts of children a table withholds, so that no small group can be told from it. Pure.

A count of 1 to 4 is withheld (*small*). Totals stand in the table too, so further counts are
withheld until no withheld one follows from those that are shown: not in its row, not in its column,
and not from several of them together. What is withheld of a row or column together is not small
either, where its total is shown.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction

#: The smallest count that is shown, but for none at all.
SMALLEST_SHOWN = 5
#: The name of the row and the column of totals.
TOTAL = ""

#: A row's name and a column's.
Cell = tuple[str, str]
Table = Mapping[Cell, int]
Line = Sequence[Cell]


def is_small(count: int) -> bool:
    """Whether a count is withheld by itself."""
    return 0 < count < SMALLEST_SHOWN


def with_totals(table: Table, rows: Sequence[str], columns: Sequence[str]) -> dict[Cell, int]:
    """The table with its totals; a cell that is not in it counts nobody."""
    full = {(row, column): table.get((row, column), 0) for row in rows for column in columns}
    for row in rows:
        full[row, TOTAL] = sum(full[row, column] for column in columns)
    for column in (*columns, TOTAL):
        full[TOTAL, column] = sum(full[row, column] for row in rows)
    return full


def withheld_cells(
    tables: Sequence[Table], rows: Sequence[str], columns: Sequence[str]
) -> frozenset[Cell]:
    """The cells, totals among them, that tables of the same shape withhold. Several tables that add
    up (helped, not helped, all) are given together: each withholds the same cells.
    """
    full = [with_totals(table, rows, columns) for table in tables]
    lines = [[(row, column) for column in (*columns, TOTAL)] for row in (*rows, TOTAL)]
    lines += [[(row, column) for row in (*rows, TOTAL)] for column in (*columns, TOTAL)]
    hidden = {cell for table in full for cell, count in table.items() if is_small(count)}
    while (cell := _next_cell(lines, hidden, full)) is not None:
        hidden.add(cell)
    return frozenset(hidden)


def _next_cell(
    lines: Sequence[Line], hidden: Collection[Cell], tables: Sequence[Table]
) -> Cell | None:
    """A cell that has to be withheld too, or None."""
    for line in lines:
        if _tells(line, hidden, tables) and (cell := _smallest_shown(line, hidden, tables)):
            return cell
    for known in _followed(lines, hidden):
        for line in lines:
            if known in line and (cell := _smallest_shown(line, hidden, tables)):
                return cell
    return None


def _tells(line: Line, hidden: Collection[Cell], tables: Sequence[Table]) -> bool:
    """Whether a line by itself tells what is withheld in it, or that it is little."""
    *parts, total = line
    inside = [cell for cell in parts if cell in hidden]
    if total in hidden:
        return not inside
    return bool(inside) and (
        len(inside) == 1 or any(is_small(sum(table[cell] for cell in inside)) for table in tables)
    )


def _smallest_shown(line: Line, hidden: Collection[Cell], tables: Sequence[Table]) -> Cell | None:
    """The cell of the line that costs least: a part before the total, with children before one
    without, few before many.
    """
    shown = [cell for cell in line if cell not in hidden]

    def cost(cell: Cell) -> tuple[bool, bool, int]:
        most = max(table[cell] for table in tables)
        return TOTAL in cell, most == 0, most

    return min(shown, key=cost, default=None)


def _followed(lines: Sequence[Line], hidden: Collection[Cell]) -> Iterator[Cell]:
    """Withheld cells that follow from all lines together: those that stand alone in the reduced
    form of the equations "parts − total = what is shown".
    """
    unknown = sorted(hidden)
    matrix = []
    for line in lines:
        sign = {cell: Fraction(1) for cell in line[:-1]} | {line[-1]: Fraction(-1)}
        row = [sign.get(cell, Fraction(0)) for cell in unknown]
        if any(row):
            matrix.append(row)
    for row in _reduced(matrix, len(unknown)):
        used = [index for index, factor in enumerate(row) if factor]
        if len(used) == 1:
            yield unknown[used[0]]


def _reduced(matrix: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    """The reduced row echelon form."""
    top = 0
    for column in range(width):
        pivot = next((row for row in range(top, len(matrix)) if matrix[row][column]), None)
        if pivot is None:
            continue
        matrix[top], matrix[pivot] = matrix[pivot], matrix[top]
        factor = matrix[top][column]
        matrix[top] = [value / factor for value in matrix[top]]
        for row in range(len(matrix)):
            if row != top and (factor := matrix[row][column]):
                pairs = zip(matrix[row], matrix[top], strict=True)
                matrix[row] = [value - factor * above for value, above in pairs]
        top += 1
    return matrix[:top]
