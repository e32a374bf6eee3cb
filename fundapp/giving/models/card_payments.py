"""What is known of the card processor: what it was asked for, what it told, what it moved and paid
out. No row holds anything about a person.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Day, Flag, UtcDateTime, one_of
from fundapp.giving.models.payments import Payment
from fundapp.giving.models.pledges import Pledge
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class CheckoutStatus(LabelledEnum):
    """What became of a page of the processor on which a donor was to pay."""

    OPEN = "open", N_("Open"), "info"
    PAID = "paid", N_("Paid"), "good"
    FAILED = "failed", N_("Failed"), "bad"
    EXPIRED = "expired", N_("Expired")


class MovementKind(LabelledEnum):
    """Why the fund's balance at the processor moved."""

    CHARGE = "charge", N_("Gift"), "good"
    REFUND = "refund", N_("Refund"), "warn"
    REFUND_FAILED = "refund_failed", N_("Refund that failed"), "info"
    DISPUTE = "dispute", N_("Dispute: taken back"), "bad"
    DISPUTE_WON = "dispute_won", N_("Dispute won"), "good"
    FEE = "fee", N_("Fee"), "neutral"


class RefundStatus(LabelledEnum):
    """How far a refund is that two people ordered."""

    ORDERED = "ordered", N_("Confirmed, on its way to the card processor"), "info"
    WAITING = "waiting", N_("Waits for the giver's bank account"), "warn"
    PAID = "paid", N_("Refunded"), "good"
    FAILED = "failed", N_("The refund failed; the gift counts again"), "bad"
    REFUSED = "refused", N_("Refused by the card processor"), "bad"


class Checkout(Base):
    """A donor was sent to the processor to pay an instalment. The row, with the key of the call, is
    written before the call, so that the call can be made again and is still one.
    """

    __tablename__ = "checkouts"
    __table_args__ = (
        one_of("status", CheckoutStatus),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        Index("ix_checkouts_pledge_id", "pledge_id"),
        Index(
            "ix_checkouts_open",
            "made_at",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        # Nothing is charged twice at a time.
        Index(
            "uq_checkouts_by_itself",
            "pledge_id",
            unique=True,
            sqlite_where=text("is_by_itself AND status = 'open'"),
            postgresql_where=text("is_by_itself AND status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    pledge_id: Mapped[int] = mapped_column(BigInt, ForeignKey("pledges.id"))
    reference: Mapped[str] = mapped_column(Text, comment="of the instalment")
    amount_satang: Mapped[int] = mapped_column(BigInt)
    status: Mapped[CheckoutStatus] = mapped_column(
        Choice(CheckoutStatus), default=CheckoutStatus.OPEN
    )
    session_id: Mapped[str | None] = mapped_column(
        Text, unique=True, comment="the processor's; NULL until it answered"
    )
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    keeps_card: Mapped[bool] = mapped_column(
        Flag, default=False, comment="the donor wants the coming instalments charged to the card"
    )
    is_by_itself: Mapped[bool] = mapped_column(
        Flag, default=False, comment="charged to a saved card, without a page"
    )

    pledge: Mapped[Pledge] = relationship()

    @property
    def idempotency_key(self) -> str:
        """The key of the call that opens the page at the processor."""
        return f"checkout:{self.public_id}"


class CheckoutOrigin(Base):
    """From where a page was asked for, as a keyed hash, so that failed payments of one origin are
    counted together. Removed when the page is over.
    """

    __tablename__ = "checkout_origins"

    checkout_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("checkouts.id"), primary_key=True, autoincrement=False
    )
    origin: Mapped[str] = mapped_column(Text, comment="keyed hash of an address")


class SavedCard(Base):
    """The card to which the instalments of a pledge are charged on their due dates. The processor
    has it; only its names for it are here.
    """

    __tablename__ = "saved_cards"
    __table_args__ = (
        CheckConstraint("refusals >= 0", name="refusals_not_negative"),
        CheckConstraint(
            "next_try_on IS NULL OR (refusals > 0 AND stopped_at IS NULL)", name="tried_again"
        ),
    )

    pledge_id: Mapped[int] = mapped_column(BigInt, ForeignKey("pledges.id"), primary_key=True)
    customer_id: Mapped[str] = mapped_column(Text)
    card_id: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    refusals: Mapped[int] = mapped_column(BigInt, comment="one after the other")
    next_try_on: Mapped[date | None] = mapped_column(Day)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RefundOrder(Base):
    """A refund that one person asked for and another confirmed. The row, with the key of the call,
    is written before the processor is asked.
    """

    __tablename__ = "refund_orders"
    __table_args__ = (
        one_of("status", RefundStatus),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        Index("ix_refund_orders_intent", "intent_id"),
        # One at a time: the next one is asked for of what is left.
        Index(
            "uq_refund_orders_open",
            "intent_id",
            unique=True,
            sqlite_where=text("status IN ('ordered', 'waiting')"),
            postgresql_where=text("status IN ('ordered', 'waiting')"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    payment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payments.id"))
    intent_id: Mapped[str] = mapped_column(Text, comment="the payment at the processor")
    amount_satang: Mapped[int] = mapped_column(BigInt)
    status: Mapped[RefundStatus] = mapped_column(Choice(RefundStatus), default=RefundStatus.ORDERED)
    refund_id: Mapped[str | None] = mapped_column(
        Text, unique=True, comment="the processor's; NULL until it answered"
    )
    ordered_by: Mapped[str] = mapped_column(Text, comment="who confirmed it")
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    payment: Mapped[Payment] = relationship()

    @property
    def idempotency_key(self) -> str:
        """The key of the call that asks the processor for it."""
        return f"refund:{self.public_id}"


class ProcessorNotice(Base):
    """An event that the processor told: that something happened to ``subject``. What happened is
    asked of the processor, so the order in which notices arrive does not matter. Append-only.
    """

    __tablename__ = "processor_notices"
    __table_args__ = (Index("ix_processor_notices_received_at", "received_at", "notice_id"),)

    notice_id: Mapped[str] = mapped_column(Text, primary_key=True, comment="the processor's")
    kind: Mapped[str] = mapped_column(Text, comment="the processor's word for it")
    subject: Mapped[str] = mapped_column(
        Text, comment="id of a session, payment or payout there; empty: of no concern"
    )
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    body_sha256: Mapped[str] = mapped_column(Text, comment="of the signed bytes")


class HandledNotice(Base):
    """A notice of which everything is booked. Append-only."""

    __tablename__ = "handled_notices"

    notice_id: Mapped[str] = mapped_column(
        Text, ForeignKey("processor_notices.notice_id"), primary_key=True
    )
    handled_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProcessorPayout(Base):
    """What the processor paid into the bank: the sum of the movements that name it."""

    __tablename__ = "processor_payouts"
    __table_args__ = (CheckConstraint("amount_satang > 0", name="amount_positive"),)

    payout_id: Mapped[str] = mapped_column(Text, primary_key=True, comment="the processor's")
    amount_satang: Mapped[int] = mapped_column(BigInt)
    arrives_on: Mapped[date] = mapped_column(Day, comment="as the processor says")

    movements: Mapped[list["ProcessorMovement"]] = relationship(
        order_by="ProcessorMovement.happened_at, ProcessorMovement.movement_id"
    )


class ProcessorMovement(Base):
    """A movement of the fund's balance at the processor, booked once; it stays as it is, but for
    the payout that it becomes part of.
    """

    __tablename__ = "processor_movements"
    __table_args__ = (
        one_of("kind", MovementKind),
        CheckConstraint("(kind = 'fee') = (intent_id IS NULL)", name="fee_of_no_payment"),
        CheckConstraint(
            "CASE kind WHEN 'charge' THEN amount_satang > 0 AND payment_id IS NOT NULL"
            " WHEN 'refund_failed' THEN amount_satang > 0 WHEN 'dispute_won' THEN amount_satang > 0"
            " WHEN 'fee' THEN amount_satang = 0 ELSE amount_satang < 0 END",
            name="direction_of_kind",
        ),
        Index(
            "uq_processor_movements_charge",
            "intent_id",
            unique=True,
            sqlite_where=text("kind = 'charge'"),
            postgresql_where=text("kind = 'charge'"),
        ),
        Index("ix_processor_movements_intent", "intent_id"),
        Index("ix_processor_movements_payout", "payout_id", "fund_code"),
        Index("ix_processor_movements_payment", "payment_id"),
    )

    movement_id: Mapped[str] = mapped_column(Text, primary_key=True, comment="the processor's")
    kind: Mapped[MovementKind] = mapped_column(Choice(MovementKind))
    intent_id: Mapped[str | None] = mapped_column(Text, comment="the payment at the processor")
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    amount_satang: Mapped[int] = mapped_column(BigInt, comment="before the fee; less than 0: out")
    fee_satang: Mapped[int] = mapped_column(BigInt, comment="less than 0: given back")
    payment_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("payments.id"), comment="what counts after it; NULL: all was taken back"
    )
    fee_entry_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("journal_entries.id"))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    payout_id: Mapped[str | None] = mapped_column(Text, ForeignKey("processor_payouts.payout_id"))

    payment: Mapped[Payment | None] = relationship()

    @property
    def net_satang(self) -> int:
        """What it adds to the balance there."""
        return self.amount_satang - self.fee_satang
