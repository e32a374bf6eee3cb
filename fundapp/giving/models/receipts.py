"""Receipts and their numbers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Day, UtcDateTime
from fundapp.giving.models.payments import Payment
from fundapp.giving.models.pledges import Method
from fundapp.ids import new_id, new_public_id
from fundapp.ledger.models import Fund


class ReceiptCounter(Base):
    """The last receipt number of a fiscal year. Its row is locked while a number is taken, so that
    numbers have no gap.
    """

    __tablename__ = "receipt_counters"

    fiscal_year: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    last_number: Mapped[int] = mapped_column(BigInt)


class Receipt(Base):
    """A receipt, numbered without a gap per Thai fiscal year; its content is frozen when it is
    issued.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("fiscal_year", "number", name="uq_receipts_year_number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="void_has_reason"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    code: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    fiscal_year: Mapped[int] = mapped_column(BigInt, comment="B.E.")
    number: Mapped[int] = mapped_column(BigInt)
    payment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payments.id"), unique=True)
    issued_on: Mapped[date] = mapped_column(Day)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    donor_name: Mapped[str] = mapped_column(Text, comment="empty when the gift is anonymous")
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    method: Mapped[Method] = mapped_column(Choice(Method))
    amount_satang: Mapped[int] = mapped_column(BigInt)
    received_on: Mapped[date] = mapped_column(Day)
    tax_wording_number: Mapped[int] = mapped_column(
        BigInt,
        default=1,
        server_default="1",
        comment="which of the fund's wordings it says about tax",
    )
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[str] = mapped_column(Text, default="")

    payment: Mapped[Payment] = relationship(lazy="joined")
    fund: Mapped[Fund] = relationship(lazy="joined")

    @property
    def label(self) -> str:
        """The number as printed: B.E. fiscal year and six digits."""
        return f"{self.fiscal_year}-{self.number:06d}"
