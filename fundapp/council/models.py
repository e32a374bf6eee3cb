"""Tables of the figures of the council, as they were counted; triggers keep them
(``fundapp/council/sql/*/append_only.sql``), a CHECK lets no small count in.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.children.suppression import SMALLEST_SHOWN
from fundapp.db import Base, BigInt, Choice, Day, UtcDateTime, one_of
from fundapp.ids import new_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class CouncilFigureKind(LabelledEnum):
    """What a figure counts. Rows are districts, columns groups or needs; '' is all of them."""

    KNOWN = "known", N_("Children with an open file")
    HELPED = "helped", N_("Helped in twelve months")
    WITHOUT = "without", N_("Without help in twelve months")
    HELPED_NEED = "helped_need", N_("Helped with this need in twelve months")
    WAITING_NEED = "waiting_need", N_("Waiting for help with this need")
    MEDIAN_DAYS = "median_days", N_("Half waited at most so many days")
    NINETY_DAYS = "ninety_days", N_("Nine of ten waited at most so many days")
    GAP = "gap", N_("With a need that nobody met in twelve months")
    OVERLAP = "overlap", N_("With a need that two sides met in twelve months")
    HELP_SATANG = "help_satang", N_("Help paid to them, in satang")


#: Figures that are no counts of children.
NO_COUNTS = ("median_days", "ninety_days", "help_satang")


class CouncilReport(Base):
    """The figures of one day."""

    __tablename__ = "council_reports"
    __table_args__ = (CheckConstraint("starts_on < day", name="days_in_order"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    starts_on: Mapped[date] = mapped_column(Day, comment="the first day of help that counts")
    day: Mapped[date] = mapped_column(Day, unique=True, comment="the last one")
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CouncilFigure(Base):
    """A figure; NULL where it is withheld."""

    __tablename__ = "council_figures"
    __table_args__ = (
        one_of("kind", CouncilFigureKind),
        CheckConstraint(
            f"kind IN {NO_COUNTS!r} OR value = 0 OR value >= {SMALLEST_SHOWN}", name="not_small"
        ),
    )

    report_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("council_reports.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[CouncilFigureKind] = mapped_column(Choice(CouncilFigureKind), primary_key=True)
    district_code: Mapped[str] = mapped_column(Text, primary_key=True, comment="'': all")
    column: Mapped[str] = mapped_column(
        "column_name", Text, primary_key=True, comment="a group or a need; '': all"
    )
    value: Mapped[int | None] = mapped_column(BigInt)
