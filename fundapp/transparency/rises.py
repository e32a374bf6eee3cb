"""Which published figures about children may rise, and by how much. Pure.

A figure is never computed anew. From one month to the next it rises by a *batch*, or stays as it
was. A batch is all that was recorded for the figure since it last rose; it needs more than `K`
children, none of whom has more than half of the money. Each recorded line of help enters one batch,
and the table that is published is made of batches alone. So whatever somebody adds up or subtracts,
over all tables and months, is a sum of whole batches: it never comes down to `K` children or fewer.

What waits for a figure is 0 to `K` children, also for somebody who knows this rule: that is why
`K` itself is not enough for a rise. docs/decisions/0022-publication.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

#: How many children a figure may hide at most; with so many or fewer behind it, it does not rise.
K = 10
#: In place of a district: help that is shown for its fund only.
NO_DISTRICT = ""
#: What waited so long for more children of its district is shown for its fund only.
MONTHS_OF_WAITING = 6
_MONTHS_OF_YEAR = 12

#: A fund's code and a district's.
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class HelpLine:
    """What was paid for one child, and the month (its first day) in which that was recorded."""

    fund_code: str
    district_code: str
    child_id: int
    satang: int
    month: date


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure and the month in which it last rose; None, None: it never did."""

    value: int | None = None
    rose_in: date | None = None

    def rise(self, by: int, month: date) -> "Figure":
        """The figure after a batch."""
        return Figure((self.value or 0) + by, month)


Figures = Mapping[Cell, Figure]


def is_batch(lines: Iterable[HelpLine]) -> bool:
    """Whether the lines are a batch: more than `K` children, and nobody has most of the money."""
    by_child: dict[int, int] = defaultdict(int)
    for line in lines:
        by_child[line.child_id] += line.satang
    return len(by_child) > K and 2 * max(by_child.values()) <= sum(by_child.values())


def next_help(
    earlier: Figures, lines: Sequence[HelpLine], month: date, districts: Sequence[str]
) -> dict[Cell, Figure]:
    """Help paid in satang by fund and district, after the batches of ``month``.

    ``earlier`` has the figure of each cell before, those of `NO_DISTRICT` too; ``lines`` is all
    that was recorded by the end of the month.
    """
    figures = dict(earlier)
    waiting = waiting_lines(earlier, lines)
    for fund_code in {fund_code for fund_code, _district in earlier}:
        of_fund = {district: waiting.get((fund_code, district), []) for district in districts}
        shown = {district for district in districts if is_batch(of_fund[district])}
        batches = {(fund_code, district): of_fund.pop(district) for district in shown}
        if _is_shown_without_districts(of_fund, month):
            rest = [line for lines_of in of_fund.values() for line in lines_of]
            batches[fund_code, NO_DISTRICT] = rest
        for cell, batch in batches.items():
            figures[cell] = figures[cell].rise(sum(line.satang for line in batch), month)
    return figures


def waiting_lines(earlier: Figures, lines: Iterable[HelpLine]) -> dict[Cell, list[HelpLine]]:
    """The lines that are in no batch, by fund and district."""
    waiting: dict[Cell, list[HelpLine]] = defaultdict(list)
    for line in lines:
        cell = (line.fund_code, line.district_code)
        seen = (earlier[cell].rose_in, earlier[line.fund_code, NO_DISTRICT].rose_in)
        if all(month is None or month < line.month for month in seen):
            waiting[cell].append(line)
    return waiting


def _is_shown_without_districts(waiting: Mapping[str, Sequence[HelpLine]], month: date) -> bool:
    """Whether what waits of a fund, by district, is a batch without its districts.

    Some of it must have waited long enough. And there must be so few children that any district
    may have none: whoever counts them could otherwise tell that a district has some.
    """
    lines = [line for of_district in waiting.values() for line in of_district]
    if not lines or _months(min(line.month for line in lines), month) < MONTHS_OF_WAITING:
        return False
    children = sum(len({line.child_id for line in each}) for each in waiting.values())
    return is_batch(lines) and children <= K * (len(waiting) - 1)


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * _MONTHS_OF_YEAR + last.month - first.month


def next_counts(
    earlier: Mapping[str, Figure], lines: Iterable[HelpLine], month: date
) -> dict[str, Figure]:
    """Children helped by district after ``month``: each child once, when it was helped first."""
    first: dict[tuple[str, int], date] = {}
    for line in lines:
        child = (line.district_code, line.child_id)
        first[child] = min(line.month, first.get(child, line.month))
    waiting: dict[str, int] = defaultdict(int)
    for (district, _child), helped_in in first.items():
        rose_in = earlier[district].rose_in
        waiting[district] += rose_in is None or rose_in < helped_in
    return {
        district: figure.rise(waiting[district], month) if waiting[district] > K else figure
        for district, figure in earlier.items()
    }


def next_fees(
    earlier: Mapping[str, Figure], totals: Mapping[str, int], help_paid: Figures, month: date
) -> dict[str, Figure]:
    """Bank fees by fund: their total, when help of the fund has risen in ``month``.

    A payment by transfer costs a fee, so fees alone would show a single payment.
    """
    risen = {fund for (fund, _district), figure in help_paid.items() if figure.rose_in == month}
    return {
        fund: Figure(totals.get(fund, 0), month) if fund in risen else figure
        for fund, figure in earlier.items()
    }
