"""What stops a payment after its approval, and what was found when the bank had paid."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Choice, UtcDateTime, one_of
from fundapp.ids import new_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class StopReason(LabelledEnum):
    """What happened since the approval."""

    DIED = "died", N_("The child died"), "bad"
    CLOSED = "closed", N_("The child's file was closed"), "warn"
    CONSENT = "consent", N_("A consent was withdrawn or has run out"), "warn"
    GUARDIAN = "guardian", N_("The payee is not the guardian, school or vendor on file now"), "warn"
    CHANGED = "changed", N_("The request is not what was approved"), "bad"


class PaidStop(Base):
    """The bank paid although this had happened since the approval; append-only by trigger. An
    approver has looked at it once a `PaymentRelease` of the request is newer.
    """

    __tablename__ = "paid_stops"
    __table_args__ = (
        one_of("reason", StopReason),
        ForeignKeyConstraint(
            ["request_id", "attempt"],
            ["payouts.request_id", "payouts.attempt"],
            name="fk_paid_stops_request_id",
        ),
        UniqueConstraint("request_id", "reason", "attempt", name="uq_paid_stops_reason"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    request_id: Mapped[int] = mapped_column(BigInt)
    reason: Mapped[StopReason] = mapped_column(Choice(StopReason))
    noticed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempt: Mapped[int] = mapped_column(
        BigInt, default=1, server_default="1", comment="of the payout"
    )
