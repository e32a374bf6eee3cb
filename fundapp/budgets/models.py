"""Budgets of funds, and transfers between funds. Triggers: ``fundapp/budgets/sql``."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Flag, UtcDateTime, one_of
from fundapp.documents.models import Document
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: The largest amount of a budget line or a grant, in satang: a thousand million baht.
MOST_SATANG = 100_000_000_000


class TransferReason(LabelledEnum):
    """Why money moves between funds; the paper says it in words."""

    RESOLUTION = "resolution", N_("Resolution of the committee")
    COVER = "cover", N_("Covering what another fund lacks")
    WRONG_FUND = "wrong_fund", N_("It was booked to the wrong fund")


class BudgetLine(Base):
    """What a fund may spend on one kind of expense in one fiscal year, as two people decided."""

    __tablename__ = "budget_lines"
    __table_args__ = (
        CheckConstraint("amount_satang >= 0", name="amount_not_negative"),
        CheckConstraint("account_code LIKE '5%'", name="expense_account"),
        CheckConstraint("fiscal_year BETWEEN 2500 AND 2700", name="fiscal_year_in_range"),
    )

    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(
        BigInt, primary_key=True, autoincrement=False, comment="B.E. year in which it ends"
    )
    account_code: Mapped[str] = mapped_column(Text, ForeignKey("accounts.code"), primary_key=True)
    amount_satang: Mapped[int] = mapped_column(BigInt)
    proposal_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("proposals.id"), comment="by which two people decided it"
    )


class TransferRule(Base):
    """Whether a fund gives money to other funds and takes some; a fund without a row does neither.

    Only an unrestricted fund gives, and a fund of zakat takes nothing: a trigger keeps that.
    """

    __tablename__ = "transfer_rules"

    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"), primary_key=True)
    gives: Mapped[bool] = mapped_column(Flag)
    takes: Mapped[bool] = mapped_column(Flag)
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"))


class FundTransfer(Base):
    """Money that one fund gave another, in the account where it lies; append-only by trigger."""

    __tablename__ = "fund_transfers"
    __table_args__ = (
        one_of("reason", TransferReason),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("from_fund_code <> to_fund_code", name="two_funds"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    from_fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    to_fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    account_code: Mapped[str] = mapped_column(
        Text, ForeignKey("accounts.code"), comment="where the money lies, before and after"
    )
    amount_satang: Mapped[int] = mapped_column(BigInt)
    reason: Mapped[TransferReason] = mapped_column(Choice(TransferReason))
    document_id: Mapped[int] = mapped_column(BigInt, ForeignKey("documents.id"))
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)
    journal_entry_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("journal_entries.id"), unique=True
    )
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    document: Mapped[Document] = relationship(lazy="joined")
