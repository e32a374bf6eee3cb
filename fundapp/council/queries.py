"""The newest figures of the council. They were counted before, so a page costs the same however
many children there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.models import Child
from fundapp.children.suppression import TOTAL, Cell
from fundapp.council.models import CouncilFigure, CouncilFigureKind, CouncilReport
from fundapp.council.policy import may_see_council
from fundapp.db import db


@dataclass(frozen=True, slots=True)
class CouncilView:
    """A report with its figures, by kind, district and column; None where one is withheld or was
    not counted.
    """

    report: CouncilReport
    figures: Mapping[CouncilFigureKind, Mapping[Cell, int | None]]

    def of(self, kind: str, district: str = TOTAL, column: str = TOTAL) -> int | None:
        """One figure."""
        return self.figures[CouncilFigureKind(kind)].get((district, column))

    def per_child(self, district: str = TOTAL) -> int | None:
        """Help in satang for each child with an open file."""
        satang, known = self.of("help_satang", district), self.of("known", district)
        return satang // known if satang is not None and known else None

    def share(self, kind: str, district: str) -> float | None:
        """Per cent of the whole province."""
        part, whole = self.of(kind, district), self.of(kind)
        return 100 * part / whole if part is not None and whole else None


def find_newest_report() -> CouncilReport | None:
    """What was counted last; nothing that a clock which was ahead has counted for a later day."""
    statement = select(CouncilReport).where(CouncilReport.day <= clock.today())
    return db.session.scalar(statement.order_by(CouncilReport.day.desc()).limit(1))


def has_files() -> bool:
    """Whether there is a file of a child, so that there is something to count."""
    return db.session.scalar(select(Child.id).limit(1)) is not None


def read_newest(*, actor: Actor) -> CouncilView | None:
    """The newest figures; None before the first ones are counted. Raises ForbiddenError."""
    require(may_see_council(actor))
    report = find_newest_report()
    if report is None:
        return None
    figures: dict[CouncilFigureKind, dict[Cell, int | None]] = {
        kind: {} for kind in CouncilFigureKind
    }
    columns = CouncilFigure.kind, CouncilFigure.district_code, CouncilFigure.column
    rows = db.session.execute(
        select(*columns, CouncilFigure.value).where(CouncilFigure.report_id == report.id)
    )
    for kind, district, column, value in rows:
        figures[kind][district, column] = value
    return CouncilView(report, figures)
