"""Refunds that the office pays itself: asked for by a donor, confirmed by two people, paid into an
account that another person verified, or in cash. Triggers keep the rows (``keep_refunds.sql``).
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.giving.models.card_payments import RefundOrder
from fundapp.giving.models.payments import Payment
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class RefundWay(LabelledEnum):
    """How the office gives money back."""

    TRANSFER = "transfer", N_("Transfer to the giver's bank account")
    CASH = "cash", N_("Cash at the office")


class RefundRequestStatus(LabelledEnum):
    """What became of a donor's wish to have a gift back."""

    OPEN = "open", N_("Asked for"), "warn"
    TAKEN_UP = "taken_up", N_("Taken up by the office"), "info"
    REFUSED = "refused", N_("Refused"), "bad"
    WITHDRAWN = "withdrawn", N_("Withdrawn by the giver"), "neutral"


class RefundRefusal(LabelledEnum):
    """Why a gift is not given back."""

    USED = "used", N_("The gift has been passed on to children already")
    NOT_GIVER = "not_giver", N_("We could not find that the gift came from who asked")
    NO_ACCOUNT = "no_account", N_("No account of the giver could be verified")
    CHANGED_MIND = "changed_mind", N_("The giver wants the fund to keep it")
    MISTAKE = "mistake", N_("It was asked for by mistake")
    TAKEN_BACK = "taken_back", N_("The bank took the gift back from the fund")


class RefundRequest(Base):
    """A donor asks on the page of the receipt to have a gift back; the office takes it up, as a
    proposal that another person confirms, or refuses it with a reason.
    """

    __tablename__ = "refund_requests"
    __table_args__ = (
        one_of("way", RefundWay),
        one_of("status", RefundRequestStatus),
        one_of("refusal", RefundRefusal),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint("(status = 'refused') = (refusal IS NOT NULL)", name="refused_with_reason"),
        Index("ix_refund_requests_payment_id", "payment_id"),
        Index("ix_refund_requests_status", "status", "id"),
        Index(
            "uq_refund_requests_open",
            "payment_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    payment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payments.id"))
    amount_satang: Mapped[int] = mapped_column(BigInt)
    way: Mapped[RefundWay] = mapped_column(Choice(RefundWay))
    status: Mapped[RefundRequestStatus] = mapped_column(
        Choice(RefundRequestStatus), default=RefundRequestStatus.OPEN
    )
    refusal: Mapped[RefundRefusal | None] = mapped_column(Choice(RefundRefusal))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(Text, comment="public id of a user, or public")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    payment: Mapped[Payment] = relationship()


class OfficeRefund(Base):
    """What an order adds that the office itself pays: how, and the two people."""

    __tablename__ = "office_refunds"
    __table_args__ = (
        one_of("way", RefundWay),
        one_of("cancelled_for", RefundRefusal),
        CheckConstraint("asked_by <> approved_by", name="two_people"),
        CheckConstraint(
            "(cancelled_for IS NULL) = (given_again_id IS NULL)", name="cancelled_is_given_again"
        ),
        UniqueConstraint("order_id", "approved_by", name="uq_office_refunds_approver"),
    )

    order_id: Mapped[int] = mapped_column(BigInt, ForeignKey("refund_orders.id"), primary_key=True)
    way: Mapped[RefundWay] = mapped_column(Choice(RefundWay))
    asked_by: Mapped[str] = mapped_column(Text, comment="public id of who proposed it")
    approved_by: Mapped[str] = mapped_column(Text, comment="public id of who confirmed it")
    kept_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("payments.id"), comment="the payment of what is kept; NULL: nothing"
    )
    cancelled_for: Mapped[RefundRefusal | None] = mapped_column(Choice(RefundRefusal))
    given_again_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("payments.id"), comment="the gift it became again"
    )

    order: Mapped[RefundOrder] = relationship()


class RefundAccount(Base):
    """An account into which a refund is paid, as the giver or the office wrote it; the newest one
    of an order counts.
    """

    __tablename__ = "refund_accounts"
    __table_args__ = (
        CheckConstraint("(verified_by IS NULL) = (verified_at IS NULL)", name="verified_when"),
        CheckConstraint("verified_by <> entered_by", name="verified_by_another"),
        UniqueConstraint("id", "order_id", "verified_by", name="uq_refund_accounts_verified"),
        Index("ix_refund_accounts_order_id", "order_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    order_id: Mapped[int] = mapped_column(BigInt, ForeignKey("office_refunds.order_id"))
    account_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="bank and number")
    holder_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="in whose name it is")
    entered_by: Mapped[str] = mapped_column(Text, comment="public id of a user, or public")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verified_by: Mapped[str | None] = mapped_column(Text, comment="public id of a user")
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RefundPayment(Base):
    """The money of a refund leaving a bank account or cash box; one counts at a time. What the bank
    sent back is undone in the books, and the refund waits for another account.
    """

    __tablename__ = "refund_payments"
    __table_args__ = (
        one_of("way", RefundWay),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint(
            "(way = 'transfer') = (account_id IS NOT NULL AND verified_by IS NOT NULL)",
            name="account_verified",
        ),
        CheckConstraint(
            "paid_by <> approved_by AND (verified_by IS NULL OR paid_by <> verified_by)",
            name="paid_by_another",
        ),
        ForeignKeyConstraint(
            ["account_id", "order_id", "verified_by"],
            ["refund_accounts.id", "refund_accounts.order_id", "refund_accounts.verified_by"],
            name="fk_refund_payments_account",
        ),
        ForeignKeyConstraint(
            ["order_id", "approved_by"],
            ["office_refunds.order_id", "office_refunds.approved_by"],
            name="fk_refund_payments_approval",
        ),
        Index(
            "uq_refund_payments_counts",
            "order_id",
            unique=True,
            sqlite_where=text("undone_entry_id IS NULL"),
            postgresql_where=text("undone_entry_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    voucher: Mapped[str] = mapped_column(Text, unique=True, comment="readable: RF…")
    order_id: Mapped[int] = mapped_column(BigInt)
    way: Mapped[RefundWay] = mapped_column(Choice(RefundWay))
    account_id: Mapped[int | None] = mapped_column(BigInt)
    verified_by: Mapped[str | None] = mapped_column(Text, comment="copied from the account")
    approved_by: Mapped[str] = mapped_column(Text, comment="copied from the refund")
    paid_by: Mapped[str] = mapped_column(Text, comment="public id of a user")
    amount_satang: Mapped[int] = mapped_column(BigInt)
    account_code: Mapped[str] = mapped_column(Text, ForeignKey("accounts.code"))
    paid_on: Mapped[date] = mapped_column(Day)
    journal_entry_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("journal_entries.id"), unique=True
    )
    undone_entry_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("journal_entries.id"), unique=True, comment="the bank sent it back"
    )
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
