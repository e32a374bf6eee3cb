"""Gifts in kind: goods and services with the value that the giver declared. They are no money."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Day, Flag, UtcDateTime, one_of
from fundapp.giving.models.donors import Donor
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class InKindStatus(LabelledEnum):
    """Whether a gift in kind counts."""

    RECEIVED = "received", N_("Received"), "good"
    WITHDRAWN = "withdrawn", N_("Recorded by mistake"), "bad"


class GiftInKind(Base):
    """Something that was given; no entry of the books, and in no sum of money. Its facts stay; a
    mistake is withdrawn and recorded again (``sql/*/keep_gifts_in_kind.sql``).
    """

    __tablename__ = "gifts_in_kind"
    __table_args__ = (
        one_of("status", InKindStatus),
        CheckConstraint("declared_satang > 0", name="value_positive"),
        CheckConstraint("description <> ''", name="has_description"),
        Index("ix_gifts_in_kind_received_on", "received_on", "id"),
        Index("ix_gifts_in_kind_donor", "donor_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    donor_id: Mapped[int] = mapped_column(BigInt, ForeignKey("donors.id"))
    description: Mapped[str] = mapped_column(Text, comment="what it is; names nobody")
    declared_satang: Mapped[int] = mapped_column(BigInt, comment="its value as the giver says")
    received_on: Mapped[date] = mapped_column(Day)
    is_anonymous: Mapped[bool] = mapped_column(Flag, default=False)
    status: Mapped[InKindStatus] = mapped_column(
        Choice(InKindStatus), default=InKindStatus.RECEIVED
    )
    recorded_by: Mapped[str] = mapped_column(Text, comment="public id of a user")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idempotency_key: Mapped[str] = mapped_column(
        Text, unique=True, comment="the form it was sent with"
    )
    form_digest: Mapped[str] = mapped_column(Text, comment="keyed hash of what the form said")

    donor: Mapped[Donor] = relationship(lazy="joined")
