"""Batches: many gifts that arrived together, recorded at once against a control total."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.giving.models.donors import Donor
from fundapp.giving.models.payments import Payment
from fundapp.giving.models.pledges import Method
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.markers import N_


class BatchStatus(LabelledEnum):
    """How far a batch is."""

    OPEN = "open", N_("Being recorded"), "warn"
    POSTED = "posted", N_("Posted"), "good"
    CANCELLED = "cancelled", N_("Cancelled")


class GiftBatch(Base):
    """Gifts of one day and one way of paying. It is posted as a whole, once, and only when its rows
    are as many and come to as much as was expected (``sql/*/keep_gift_batches.sql``).
    """

    __tablename__ = "gift_batches"
    __table_args__ = (
        one_of("method", Method),
        one_of("status", BatchStatus),
        CheckConstraint("method IN ('cash', 'cheque', 'transfer')", name="method_of_office"),
        CheckConstraint("expected_count BETWEEN 1 AND 500", name="count_in_range"),
        CheckConstraint("expected_satang > 0", name="sum_positive"),
        CheckConstraint("(status = 'posted') = (posted_at IS NOT NULL)", name="posted_at_when"),
        Index("ix_gift_batches_received_on", "received_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    method: Mapped[Method] = mapped_column(Choice(Method))
    fund_code: Mapped[str] = mapped_column(
        Text, ForeignKey("funds.code"), comment="of gifts without a pledge"
    )
    account_code: Mapped[str] = mapped_column(Text, ForeignKey("accounts.code"))
    received_on: Mapped[date] = mapped_column(Day)
    expected_count: Mapped[int] = mapped_column(BigInt)
    expected_satang: Mapped[int] = mapped_column(BigInt)
    sender_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("donors.id"), comment="the agency, school or company that collected it"
    )
    status: Mapped[BatchStatus] = mapped_column(Choice(BatchStatus), default=BatchStatus.OPEN)
    made_by: Mapped[str] = mapped_column(Text, comment="public id of a user")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    idempotency_key: Mapped[str] = mapped_column(
        Text, unique=True, comment="the form it was sent with"
    )

    fund: Mapped[Fund] = relationship(lazy="joined")
    sender: Mapped[Donor | None] = relationship()
    rows: Mapped[list["GiftBatchRow"]] = relationship(
        order_by="GiftBatchRow.position", lazy="selectin", back_populates="batch"
    )

    @property
    def total_satang(self) -> int:
        """What its rows come to."""
        return sum(row.amount_satang for row in self.rows)

    @property
    def agrees(self) -> bool:
        """Whether its rows are as many and come to as much as was expected."""
        counts = len(self.rows) == self.expected_count
        return counts and self.total_satang == self.expected_satang


class GiftBatchRow(Base):
    """One gift of a batch. Until it is posted it holds, encrypted, who gives it, as JSON: ``name``,
    ``email``, ``tax_id``, and the ``form`` that it was sent with; then the payment says that, and
    the words are gone.
    """

    __tablename__ = "gift_batch_rows"
    __table_args__ = (
        UniqueConstraint("batch_id", "position", name="uq_gift_batch_rows_position"),
        CheckConstraint("position >= 1", name="position_from_one"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("(payment_id IS NULL) = (giver_encrypted IS NOT NULL)", name="words_gone"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    batch_id: Mapped[int] = mapped_column(BigInt, ForeignKey("gift_batches.id"))
    position: Mapped[int] = mapped_column(BigInt)
    amount_satang: Mapped[int] = mapped_column(BigInt)
    donor_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("donors.id"), comment="a known donor"
    )
    reference: Mapped[str | None] = mapped_column(Text, comment="of an instalment that it pays")
    giver_encrypted: Mapped[bytes | None] = mapped_column(Bytes)
    payment_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("payments.id"), unique=True)

    batch: Mapped[GiftBatch] = relationship(back_populates="rows")
    donor: Mapped[Donor | None] = relationship()
    payment: Mapped[Payment | None] = relationship()
