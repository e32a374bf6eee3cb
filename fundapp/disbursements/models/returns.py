"""Payments that came back, and children's shares of one. Rules:
``fundapp/disbursements/sql/*/keep_payout_returns.sql``, ``keep_share_returns.sql``.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.identity.models import User
from fundapp.ids import new_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class ReturnCause(LabelledEnum):
    """How the money of a payout is with the fund again."""

    BANK = "bank", N_("Sent back by the bank"), "warn"
    PAYEE = "payee", N_("Given back by the payee"), "warn"


class PayoutReturn(Base):
    """The whole money of a payout is back where it was paid from; once, and append-only by trigger.
    The request is open again. The words are a remark on the request.
    """

    __tablename__ = "payout_returns"
    __table_args__ = (
        one_of("cause", ReturnCause),
        CheckConstraint("length(reason_digest) = 32", name="reason_hashed"),
        Index("ix_payout_returns_returned_on", "returned_on", "journal_entry_id"),
    )

    payout_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("payouts.id"), primary_key=True, autoincrement=False
    )
    cause: Mapped[ReturnCause] = mapped_column(Choice(ReturnCause))
    returned_on: Mapped[date] = mapped_column(Day)
    journal_entry_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("journal_entries.id"), unique=True, comment="undoes that of the payout"
    )
    reason_digest: Mapped[bytes] = mapped_column(Bytes, comment="of the words, which are a remark")
    recorded_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    recorded_by: Mapped[User] = relationship(lazy="joined")


class ShareReturn(Base):
    """The shares of some children of a payout are back where it was paid from; append-only by
    trigger. The rest of the request stays paid. Its lines are written before it, so that none joins
    later. The words are a remark on the request.
    """

    __tablename__ = "share_returns"
    __table_args__ = (
        one_of("cause", ReturnCause),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("length(reason_digest) = 32", name="reason_hashed"),
        Index("ix_share_returns_payout_id", "payout_id"),
        Index("ix_share_returns_returned_on", "returned_on", "journal_entry_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    payout_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payouts.id"))
    cause: Mapped[ReturnCause] = mapped_column(Choice(ReturnCause))
    returned_on: Mapped[date] = mapped_column(Day)
    amount_satang: Mapped[int] = mapped_column(BigInt, comment="sum of its lines")
    journal_entry_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("journal_entries.id"), unique=True, comment="takes it back to the fund"
    )
    reason_digest: Mapped[bytes] = mapped_column(Bytes, comment="of the words, which are a remark")
    recorded_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    recorded_by: Mapped[User] = relationship(lazy="joined")
    lines: Mapped[list["ShareReturnLine"]] = relationship(
        viewonly=True, lazy="selectin", order_by="ShareReturnLine.line_id"
    )


class ShareReturnLine(Base):
    """One child's share of a request that came back: whole, and once."""

    __tablename__ = "share_return_lines"
    __table_args__ = (
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        Index("ix_share_return_lines_return_id", "return_id"),
    )

    line_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("request_lines.id"), primary_key=True, autoincrement=False
    )
    return_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("share_returns.id", deferrable=True, initially="DEFERRED")
    )
    amount_satang: Mapped[int] = mapped_column(BigInt)
