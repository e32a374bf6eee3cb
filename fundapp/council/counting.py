"""Counting coverage, waiting and shares from all files and requests. What comes out is ready to be
shown: small counts, and those that would tell them, are None.

A child with an open file is *helped* when help for it was paid in the days that are counted, and
*without* otherwise. Waiting is from the day of the request to the day of its payment, one wait for
each child of the request.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from sqlalchemy import select

from fundapp import clock
from fundapp.agencies.queries import gaps_and_overlaps
from fundapp.children.group_counts import count_groups
from fundapp.children.models import Child, ChildStatus, TargetGroup
from fundapp.children.suppression import (
    SMALLEST_SHOWN,
    TOTAL,
    Cell,
    with_totals,
    withheld_cells,
)
from fundapp.council.models import CouncilFigureKind
from fundapp.db import db
from fundapp.disbursements.models import (
    DisbursementRequest,
    Need,
    Payout,
    RequestLine,
    RequestStatus,
)
from fundapp.disbursements.queries import is_payment_of_request, is_share_out

GROUPS = tuple(group.value for group in TargetGroup)
NEEDS = tuple(need.value for need in Need)
#: Requests for which a child still waits.
_OPEN = (RequestStatus.SUBMITTED, RequestStatus.RETURNED, RequestStatus.APPROVED)

#: Kind, district, column and value.
Figure = tuple[CouncilFigureKind, str, str, int | None]


@dataclass(frozen=True, slots=True)
class _Help:
    """A line of help that was paid."""

    child_id: int
    district: str
    need: str
    satang: int
    days: int


def count_figures(districts: Sequence[str], first: date, last: date) -> Iterator[Figure]:
    """Every figure of these districts by the help paid from ``first`` to ``last``. Raises
    KeyringError.
    """
    lines = _paid_lines(first, last)
    is_open = Child.status == ChildStatus.ACTIVE
    files = db.session.execute(select(Child.id, Child.district_code).where(is_open))
    of_child = {row.id: row.district_code for row in files}
    shown = _coverage(of_child, {line.child_id for line in lines}, districts)
    for kind, table in shown.items():
        yield from ((kind, *cell, value) for cell, value in table.items())
    helped = {(line.district, line.need, line.child_id) for line in lines}
    yield from _needs(CouncilFigureKind.HELPED_NEED, helped, districts)
    yield from _needs(CouncilFigureKind.WAITING_NEED, _waiting_children(), districts)
    yield from _waits(lines, districts)
    yield from _shares(lines, of_child, shown, districts)
    report = gaps_and_overlaps(last)
    for kind, cells in (
        (CouncilFigureKind.GAP, report.gaps),
        (CouncilFigureKind.OVERLAP, report.overlaps),
    ):
        yield from ((kind, *cell, value) for cell, value in cells.items())


def _paid_lines(first: date, last: date) -> list[_Help]:
    statement = (
        select(
            RequestLine.child_id,
            DisbursementRequest.district_code,
            DisbursementRequest.need,
            RequestLine.amount_satang,
            DisbursementRequest.requested_at,
            Payout.paid_on,
        )
        .join(DisbursementRequest, DisbursementRequest.id == RequestLine.request_id)
        .join(Payout, is_payment_of_request())
        .where(Payout.paid_on.between(first, last), is_share_out())
    )
    return [
        _Help(
            child_id,
            district,
            need.value,
            satang,
            max(0, (paid_on - clock.local_day(requested_at)).days),
        )
        for child_id, district, need, satang, requested_at, paid_on in db.session.execute(statement)
    ]


def _waiting_children() -> set[tuple[str, str, int]]:
    statement = (
        select(DisbursementRequest.district_code, DisbursementRequest.need, RequestLine.child_id)
        .join(RequestLine, RequestLine.request_id == DisbursementRequest.id)
        .where(DisbursementRequest.status.in_(_OPEN))
    )
    rows = db.session.execute(statement)
    return {(district, need.value, child_id) for district, need, child_id in rows}


def _coverage(
    of_child: Mapping[int, str], helped_ids: Collection[int], districts: Sequence[str]
) -> dict[CouncilFigureKind, dict[Cell, int | None]]:
    """Children with an open file, those who were helped, those who were not; by district and group
    with totals. The three add up, so they withhold the same cells.
    """
    cells = {
        child_id: [(district, child_id in helped_ids)] for child_id, district in of_child.items()
    }
    tables: dict[bool, Counter[Cell]] = {True: Counter(), False: Counter()}
    for ((district, is_helped), group), count in count_groups(cells).items():
        tables[is_helped][district, group.value] = count
    three = {
        CouncilFigureKind.KNOWN: tables[True] + tables[False],
        CouncilFigureKind.HELPED: tables[True],
        CouncilFigureKind.WITHOUT: tables[False],
    }
    hidden = withheld_cells(list(three.values()), districts, GROUPS)
    return {
        kind: {
            cell: None if cell in hidden else count
            for cell, count in with_totals(table, districts, GROUPS).items()
        }
        for kind, table in three.items()
    }


def _needs(
    kind: CouncilFigureKind, children: Iterable[tuple[str, str, int]], districts: Sequence[str]
) -> Iterator[Figure]:
    """Children by district and need, without totals: a child can have several needs."""
    table = Counter((district, need) for district, need, _child in children)
    hidden = withheld_cells([table], districts, NEEDS)
    for cell in ((district, need) for district in districts for need in NEEDS):
        yield kind, *cell, None if cell in hidden else table[cell]


def _waits(lines: Sequence[_Help], districts: Sequence[str]) -> Iterator[Figure]:
    """Days by need, by district and of all; withheld where few children are behind them."""
    days: dict[Cell, list[int]] = defaultdict(list)
    children: dict[Cell, set[int]] = defaultdict(set)
    for line in lines:
        for cell in ((TOTAL, TOTAL), (TOTAL, line.need), (line.district, TOTAL)):
            days[cell].append(line.days)
            children[cell].add(line.child_id)
    cells = [(TOTAL, TOTAL), *((TOTAL, need) for need in NEEDS), *((c, TOTAL) for c in districts)]
    for cell in cells:
        is_told = len(children[cell]) >= SMALLEST_SHOWN
        waits = sorted(days[cell])
        for kind, part in (
            (CouncilFigureKind.MEDIAN_DAYS, 0.5),
            (CouncilFigureKind.NINETY_DAYS, 0.9),
        ):
            yield kind, *cell, waits[ceil(part * len(waits)) - 1] if is_told else None


def _shares(
    lines: Sequence[_Help],
    of_child: Mapping[int, str],
    shown: Mapping[CouncilFigureKind, Mapping[Cell, int | None]],
    districts: Sequence[str],
) -> Iterator[Figure]:
    """Satang that went to children with an open file, by their district; withheld with how many
    were helped.
    """
    paid: Counter[str] = Counter()
    for line in lines:
        district = of_child.get(line.child_id)
        if district is not None:
            paid[district] += line.satang
            paid[TOTAL] += line.satang
    for district in (*districts, TOTAL):
        is_told = shown[CouncilFigureKind.HELPED][district, TOTAL] is not None
        yield CouncilFigureKind.HELP_SATANG, district, TOTAL, paid[district] if is_told else None
