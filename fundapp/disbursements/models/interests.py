"""Interests that approvers declare in a request; ``sql/*/keep_interests.sql`` keeps them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, UtcDateTime, one_of
from fundapp.identity.models import User
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class Interest(LabelledEnum):
    """Why somebody does not decide on a request."""

    RELATIVE = "relative", N_("A relative or friend is concerned")
    WORK = "work", N_("Works for the school or agency concerned")
    PAYEE = "payee", N_("Gets money by it, or gave an opinion on it before")
    OTHER = "other", N_("Another interest")


class RequestInterest(Base):
    """An approver has an interest in a request and decides nothing about it from then on."""

    __tablename__ = "request_interests"
    __table_args__ = (
        one_of("interest", Interest),
        ForeignKeyConstraint(
            ["request_id", "requested_by_id"],
            ["disbursement_requests.id", "disbursement_requests.requested_by_id"],
            name="fk_request_interests_asker",
        ),
        CheckConstraint("user_id <> requested_by_id", name="two_people"),
    )

    request_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    requested_by_id: Mapped[int] = mapped_column(BigInt)
    interest: Mapped[Interest] = mapped_column(Choice(Interest))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="joined")
