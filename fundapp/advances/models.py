"""Advances and how they were cleared; both append-only. Triggers: ``fundapp/advances/sql``."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Day, UtcDateTime, one_of
from fundapp.documents.models import Document
from fundapp.identity.models import User
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.markers import N_

#: The most that one person holds as one advance, in satang: 20,000 baht.
MOST_SATANG = 2_000_000


class AdvanceKind(LabelledEnum):
    """What the cash is held for."""

    PETTY_CASH = "petty_cash", N_("Petty cash for small costs")
    ADVANCE = "advance", N_("Advance for one errand")


class AdvancePurpose(LabelledEnum):
    """What it is spent on; each has an account of its own (`EXPENSE_OF`, steps.py)."""

    OFFICE = "office", N_("Costs of the office")
    TRAVEL = "travel", N_("Travel of staff and volunteers")
    EVENTS = "events", N_("Events and campaigns")


class Advance(Base):
    """Cash of a fund that somebody was given, as two people decided."""

    __tablename__ = "advances"
    __table_args__ = (
        one_of("kind", AdvanceKind),
        one_of("purpose", AdvancePurpose),
        CheckConstraint("amount_satang BETWEEN 1 AND 2000000", name="amount_in_range"),
        CheckConstraint("due_on >= issued_on", name="due_later"),
        CheckConstraint("holder_id <> confirmed_by_id", name="confirmed_by_another"),
        Index("ix_advances_due_on", "due_on", "id"),
        Index("ix_advances_holder", "holder_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    kind: Mapped[AdvanceKind] = mapped_column(Choice(AdvanceKind))
    purpose: Mapped[AdvancePurpose] = mapped_column(Choice(AdvancePurpose))
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    account_code: Mapped[str] = mapped_column(
        Text, ForeignKey("accounts.code"), comment="the cash box that it came out of"
    )
    holder_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    amount_satang: Mapped[int] = mapped_column(BigInt)
    issued_on: Mapped[date] = mapped_column(Day)
    due_on: Mapped[date] = mapped_column(Day, comment="cleared by the end of this day")
    confirmed_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)
    journal_entry_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("journal_entries.id"), unique=True
    )
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    fund: Mapped[Fund] = relationship()
    holder: Mapped[User] = relationship(foreign_keys=[holder_id])
    clearing: Mapped["AdvanceClearing | None"] = relationship(back_populates="advance")


class AdvanceClearing(Base):
    """What became of an advance: so much was spent, as papers show, and the rest paid back."""

    __tablename__ = "advance_clearings"
    __table_args__ = (
        CheckConstraint(
            "spent_satang >= 0 AND returned_satang >= 0 AND spent_satang + returned_satang > 0",
            name="amounts_in_range",
        ),
        CheckConstraint(
            "(spent_satang > 0) = (document_id IS NOT NULL)", name="paper_of_what_was_spent"
        ),
    )

    advance_id: Mapped[int] = mapped_column(BigInt, ForeignKey("advances.id"), primary_key=True)
    spent_satang: Mapped[int] = mapped_column(BigInt)
    returned_satang: Mapped[int] = mapped_column(BigInt)
    cleared_on: Mapped[date] = mapped_column(Day)
    document_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("documents.id"))
    confirmed_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)
    journal_entry_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("journal_entries.id"), unique=True
    )
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    advance: Mapped[Advance] = relationship(back_populates="clearing")
    document: Mapped[Document | None] = relationship()
