"""Payments that came back. Rules: ``fundapp/disbursements/sql/*/keep_payout_returns.sql``."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.identity.models import User
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
