"""Phases, and how many children they reached. Small counts are withheld.

A child is *reached* by a phase when help for it was paid on a day of the phase, in a district of
the phase. It counts once in a phase, in the district where it was helped first, and in the group
that its file names now.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.group_counts import count_groups
from fundapp.children.models import TargetGroup
from fundapp.children.suppression import TOTAL, Cell, with_totals, withheld_cells
from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, Payout, RequestLine
from fundapp.disbursements.queries import is_payment_of_request, is_share_out
from fundapp.errors import NotFoundError
from fundapp.programmes.models import PhaseTarget, PhaseVersion, ProgrammePhase
from fundapp.programmes.policy import may_see_programmes

_DAY = itemgetter(2)
GROUPS = tuple(group.value for group in TargetGroup)


@dataclass(frozen=True, slots=True)
class PhaseReport:
    """A phase and whom it reached. ``reached`` counts children by district and group, with totals
    under `TOTAL`; None where a count is withheld. ``paid_satang`` is None with the total. A phase
    that ended before the first help on record is not ``is_recorded``: that nobody is counted says
    nothing of it.
    """

    phase: ProgrammePhase
    version: PhaseVersion
    reached: Mapping[Cell, int | None]
    paid_satang: int | None
    is_recorded: bool = True

    @property
    def total(self) -> int | None:
        """All children reached."""
        return self.reached[TOTAL, TOTAL]

    def reached_of(self, target: PhaseTarget) -> int | None:
        """How many children count for a target; None where one of its parts is withheld: the sum
        would tell it.
        """
        parts = [self.reached[target.district_code or TOTAL, group] for group in target.groups]
        known = [count for count in parts if count is not None]
        return sum(known) if len(known) == len(parts) else None


def list_phases() -> list[ProgrammePhase]:
    """Every phase, the first to begin first."""
    phases = db.session.scalars(select(ProgrammePhase).options(selectinload("*")))
    return sorted(phases, key=lambda phase: (phase.newest.starts_on, phase.id))


def get_phase(public_id: str) -> ProgrammePhase:
    """The phase; NotFoundError."""
    statement = select(ProgrammePhase).where(ProgrammePhase.public_id == public_id)
    phase = db.session.scalar(statement)
    if phase is None:
        raise NotFoundError
    return phase


def find_version_of_key(key: str) -> PhaseVersion | None:
    """The version that the form with this id wrote."""
    return db.session.scalar(select(PhaseVersion).where(PhaseVersion.idempotency_key == key))


def report_phases(phases: Sequence[ProgrammePhase], *, actor: Actor) -> list[PhaseReport]:
    """Whom the phases reached. Raises ForbiddenError and KeyringError."""
    require(may_see_programmes(actor))
    if not phases:
        return []
    paid_lines = _paid_lines(
        min(phase.newest.starts_on for phase in phases),
        max(phase.newest.ends_on for phase in phases),
    )
    lines = _help_lines(paid_lines)
    places: dict[int, list[tuple[int, str]]] = defaultdict(list)
    paid: Counter[int] = Counter()
    for phase in phases:
        own = _lines_of(phase.newest, lines)
        paid[phase.id] = sum(satang for _child_id, _district, _day, satang in own)
        # Of a child the first line is the last that is written here.
        first_district = {child_id: district for child_id, district, _, _ in reversed(own)}
        for child_id, district in first_district.items():
            places[child_id].append((phase.id, district))
    counts = count_groups(places, among=select(RequestLine.child_id))
    first = db.session.scalar(select(func.min(Payout.paid_on)))
    return [
        replace(
            _report(phase, counts, paid[phase.id]),
            is_recorded=phase.newest.ends_on >= (first or clock.today()),
        )
        for phase in phases
    ]


def _paid_lines(first: date, last: date) -> Select[Any]:
    """The lines of help that was paid in these days."""
    return (
        select(RequestLine.id)
        .join(DisbursementRequest, DisbursementRequest.id == RequestLine.request_id)
        .join(Payout, is_payment_of_request())
        .where(Payout.paid_on.between(first, last), is_share_out())
    )


def _help_lines(paid_lines: Select[Any]) -> list[Any]:
    """Child, district, day and satang of each of these lines, oldest first."""
    statement = paid_lines.with_only_columns(
        RequestLine.child_id,
        DisbursementRequest.district_code,
        Payout.paid_on,
        RequestLine.amount_satang,
    )
    return list(db.session.execute(statement.order_by(Payout.paid_on, RequestLine.id)))


def _lines_of(
    version: PhaseVersion, lines: Sequence[tuple[int, str, date, int]]
) -> list[tuple[int, str, date, int]]:
    """The lines of a phase: of its days and districts."""
    codes = {place.district_code for place in version.places}
    begin = bisect_left(lines, version.starts_on, key=_DAY)
    end = bisect_right(lines, version.ends_on, key=_DAY)
    return [line for line in lines[begin:end] if line[1] in codes]


def _report(
    phase: ProgrammePhase,
    counts: Mapping[tuple[tuple[int, str], TargetGroup], int],
    paid_satang: int,
) -> PhaseReport:
    version = phase.newest
    rows = [place.district_code for place in version.places]
    table = {
        (district, group.value): count
        for ((phase_id, district), group), count in counts.items()
        if phase_id == phase.id
    }
    hidden = withheld_cells([table], rows, GROUPS)
    full = with_totals(table, rows, GROUPS)
    reached = {cell: None if cell in hidden else count for cell, count in full.items()}
    is_told = reached[TOTAL, TOTAL] is not None
    return PhaseReport(phase, version, reached, paid_satang if is_told else None)
