"""Plans of aid in instalments, the conditions of each need, what shows that they hold, and waivers.

Each instalment is a request for help, which is asked for, approved and paid as every other one.
Triggers (``fundapp/aid_plans/sql/*/keep_aid_plans.sql``) refuse to pay an instalment before its
day, and while a condition is neither met nor waived.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, Day, Flag, UtcDateTime, one_of
from fundapp.disbursements.models import DisbursementRequest, Need
from fundapp.identity.models import User
from fundapp.ids import new_id, new_public_id, readable
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: How many instalments a plan can have.
MOST_INSTALMENTS = 12


class AidTermKind(LabelledEnum):
    """What has to hold before the second and each further instalment is paid."""

    ATTENDANCE = "attendance", N_("Attendance at school")
    REGISTER = "register", N_("On the register of the school for this term")
    VISIT = "visit", N_("Home visit after the instalment before")
    PROOF = "proof", N_("Receipt of the instalment before confirmed")


class AidRules(Base):
    """The conditions of a need from a day on, until others begin."""

    __tablename__ = "aid_rules"
    __table_args__ = (
        one_of("need", Need),
        UniqueConstraint("need", "starts_on", name="uq_aid_rules_day"),
        CheckConstraint("term_count BETWEEN 0 AND 4", name="terms_in_range"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    need: Mapped[Need] = mapped_column(Choice(Need))
    starts_on: Mapped[date] = mapped_column(
        Day, comment="plans made from this day on have these conditions"
    )
    term_count: Mapped[int] = mapped_column(BigInt)
    confirmed_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    confirmed_by: Mapped[User] = relationship(lazy="joined")
    terms: Mapped[list["AidTerm"]] = relationship(lazy="selectin", order_by="AidTerm.kind")


class AidTerm(Base):
    """One condition."""

    __tablename__ = "aid_terms"
    __table_args__ = (
        one_of("kind", AidTermKind),
        CheckConstraint(
            "(kind = 'attendance') = (percent IS NOT NULL)", name="percent_of_attendance"
        ),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_in_range"),
    )

    rules_id: Mapped[int] = mapped_column(BigInt, ForeignKey("aid_rules.id"), primary_key=True)
    kind: Mapped[AidTermKind] = mapped_column(Choice(AidTermKind), primary_key=True)
    percent: Mapped[int | None] = mapped_column(BigInt, comment="of attendance, at least")


class AidPlan(Base):
    """Requests that are the instalments of one aid, with the conditions of the day on which it was
    made; without any where none were in force.
    """

    __tablename__ = "aid_plans"
    __table_args__ = (Index("ix_aid_plans_asked_by_id", "asked_by_id", "id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    rules_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("aid_rules.id"))
    asked_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    rules: Mapped[AidRules | None] = relationship(lazy="joined")
    instalments: Mapped[list["AidInstalment"]] = relationship(
        lazy="selectin", order_by="AidInstalment.number"
    )

    @property
    def number(self) -> str:
        """The number by which it is named: AP and 13 characters."""
        return readable(self.id, "AP")


class AidInstalment(Base):
    """A request that is an instalment, paid on its day at the earliest."""

    __tablename__ = "aid_instalments"
    __table_args__ = (
        UniqueConstraint("plan_id", "number", name="uq_aid_instalments_number"),
        CheckConstraint("number BETWEEN 1 AND 12", name="number_in_range"),
        Index("ix_aid_instalments_due_on", "due_on", "request_id"),
    )

    request_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("disbursement_requests.id"), primary_key=True, autoincrement=False
    )
    plan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("aid_plans.id"))
    number: Mapped[int] = mapped_column(BigInt)
    due_on: Mapped[date] = mapped_column(Day)

    plan: Mapped[AidPlan] = relationship(lazy="joined", overlaps="instalments")
    request: Mapped[DisbursementRequest] = relationship(lazy="joined")
    facts: Mapped[list["AidFact"]] = relationship(lazy="selectin", order_by="AidFact.id")
    waivers: Mapped[list["AidWaiver"]] = relationship(lazy="selectin", order_by="AidWaiver.kind")


class AidFact(Base):
    """What shows that a condition holds, and that another person than who asked and who recorded it
    accepted it or not.
    """

    __tablename__ = "aid_facts"
    __table_args__ = (
        one_of("kind", AidTermKind),
        CheckConstraint("kind <> 'proof'", name="not_of_proof"),
        CheckConstraint(
            "(kind = 'attendance') = (percent IS NOT NULL)", name="percent_of_attendance"
        ),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_in_range"),
        CheckConstraint("kind = 'visit' OR document_id IS NOT NULL", name="shown_by_paper"),
        CheckConstraint(
            "(decided_by_id IS NULL) = (decided_at IS NULL)"
            " AND (decided_at IS NULL) = (is_accepted IS NULL)",
            name="decided_whole",
        ),
        CheckConstraint("decided_by_id <> recorded_by_id", name="two_people"),
        Index("ix_aid_facts_request_id", "request_id", "kind"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    request_id: Mapped[int] = mapped_column(BigInt, ForeignKey("aid_instalments.request_id"))
    kind: Mapped[AidTermKind] = mapped_column(Choice(AidTermKind))
    percent: Mapped[int | None] = mapped_column(BigInt, comment="of attendance")
    document_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("documents.id"))
    recorded_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_accepted: Mapped[bool | None] = mapped_column(Flag)

    recorded_by: Mapped[User] = relationship(lazy="joined", foreign_keys=[recorded_by_id])
    decided_by: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[decided_by_id])


class AidWaiver(Base):
    """An approver lets an instalment be paid without a condition, with a reason, which is a remark
    on the request; it counts when a second approver agreed.
    """

    __tablename__ = "aid_waivers"
    __table_args__ = (
        one_of("kind", AidTermKind),
        CheckConstraint("length(reason_digest) = 32", name="reason_hashed"),
        CheckConstraint("(second_by_id IS NULL) = (second_at IS NULL)", name="agreed_whole"),
        CheckConstraint("second_by_id <> first_by_id", name="two_people"),
    )

    request_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("aid_instalments.request_id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[AidTermKind] = mapped_column(Choice(AidTermKind), primary_key=True)
    reason_digest: Mapped[bytes] = mapped_column(Bytes, comment="of the words, which are a remark")
    first_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    second_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))
    second_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    first_by: Mapped[User] = relationship(lazy="joined", foreign_keys=[first_by_id])
    second_by: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[second_by_id])
