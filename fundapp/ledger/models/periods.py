"""Months of the books, and when a closed one was opened again. Their triggers are in
``fundapp/ledger/sql/*/keep_periods.sql`` and ``require_month_over.sql``.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Day, UtcDateTime, one_of
from fundapp.ids import new_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: The month that ends a fiscal year: September.
LAST_MONTH = 9


class PeriodStatus(StrEnum):
    """Whether postings into a month of the books are possible."""

    OPEN = "open"
    CLOSED = "closed"


class ReopenReason(LabelledEnum):
    """Why a closed month takes entries again."""

    LATE_PAPER = "late_paper", N_("A paper of that month came late")
    MISTAKE = "mistake", N_("A mistake was found in that month")
    AUDIT = "audit", N_("The auditor asked for a correction")


class Period(Base):
    """A calendar month of the books; the fiscal year runs 1 October – 30 September, named in
    B.E.
    """

    __tablename__ = "periods"
    __table_args__ = (
        one_of("status", PeriodStatus),
        CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at_when_closed"
        ),
    )

    starts_on: Mapped[date] = mapped_column(Day, primary_key=True, comment="first day of the month")
    ends_on: Mapped[date] = mapped_column(Day)
    fiscal_year: Mapped[int] = mapped_column(
        BigInt, index=True, comment="B.E. year in which it ends"
    )
    status: Mapped[PeriodStatus] = mapped_column(Choice(PeriodStatus), default=PeriodStatus.OPEN)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(Text)

    @property
    def is_open(self) -> bool:
        """Whether it takes entries."""
        return self.status is PeriodStatus.OPEN

    @property
    def ends_year(self) -> bool:
        """Whether the fiscal year ends with it."""
        return self.ends_on.month == LAST_MONTH


class PeriodReopening(Base):
    """A closed month was opened again, as one person proposed and another confirmed."""

    __tablename__ = "period_reopenings"
    __table_args__ = (
        one_of("reason", ReopenReason),
        UniqueConstraint("proposal_id", name="uq_period_reopenings_proposal_id"),
        UniqueConstraint("starts_on", "closed_at", name="uq_period_reopenings_closing"),
        CheckConstraint("reopened_at >= closed_at", name="reopened_after_closed"),
        CheckConstraint("closed_by <> ''", name="closed_by_somebody"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    starts_on: Mapped[date] = mapped_column(
        Day, ForeignKey("periods.starts_on"), comment="the month"
    )
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="the closing that it undoes")
    closed_by: Mapped[str] = mapped_column(Text, comment="who had closed it")
    reason: Mapped[ReopenReason] = mapped_column(Choice(ReopenReason))
    proposal_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("proposals.id"), comment="confirmed by another person than its proposer"
    )
    reopened_at: Mapped[datetime] = mapped_column(UtcDateTime)

    # Proposals are of a package of its own.
    proposal: Mapped[Any] = relationship("Proposal", lazy="joined")
