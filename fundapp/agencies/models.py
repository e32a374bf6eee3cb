"""Tables of partner agencies and of referrals. What a referral says of a child is encrypted for
its row; triggers keep the rest (``fundapp/agencies/sql/*/keep_agencies.sql``).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.children.models import Child
from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.disbursements.models import Need
from fundapp.documents.models import Document
from fundapp.identity.models import User
from fundapp.ids import new_id, readable
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: What the number of a referral begins with.
NUMBER_PREFIX = "RF"
#: The largest amount (satang) and quantity that a referral tells of.
MOST_GIVEN = 100_000_000_00


class AgencyKind(LabelledEnum):
    """What sort of agency it is."""

    GOVERNMENT = "government", N_("Government office")
    LOCAL = "local", N_("Local administration")
    SCHOOL = "school", N_("School or education office")
    HEALTH = "health", N_("Hospital or health office")
    RELIGIOUS = "religious", N_("Religious body")
    FOUNDATION = "foundation", N_("Foundation or association")
    COMPANY = "company", N_("Company")


class SharedFact(LabelledEnum):
    """What a case manager can let an agency see of a child; the need is always told."""

    FIRST_NAME = "first_name", N_("First name")
    AGE = "age", N_("Age")
    DISTRICT = "district", N_("District")
    GUARDIAN_PHONE = "guardian_phone", N_("Telephone of the guardian")


class ReferralStatus(LabelledEnum):
    """How far a referral is."""

    SENT = "sent", N_("Waits for an answer"), "warn"
    ACCEPTED = "accepted", N_("Accepted by the agency"), "info"
    DONE = "done", N_("Done"), "good"
    DECLINED = "declined", N_("Declined")
    WITHDRAWN = "withdrawn", N_("Taken back by the case manager")


class ReferralAction(LabelledEnum):
    """What is done with a referral."""

    ACCEPT = "accept", N_("Accept")
    DECLINE = "decline", N_("Decline")
    FINISH = "finish", N_("Tell what was given")
    WITHDRAW = "withdraw", N_("Take back")


class GivenKind(LabelledEnum):
    """What an agency gave."""

    MONEY = "money", N_("Money, in cash or by transfer")
    GOODS = "goods", N_("Goods")
    SERVICE = "service", N_("Service or treatment")
    PLACE = "place", N_("A place at a school or in a programme")


class Agency(Base):
    """A partner agency and its agreement, as two people agreed last; what it was before is in
    their proposals.
    """

    __tablename__ = "agencies"
    __table_args__ = (
        one_of("kind", AgencyKind),
        CheckConstraint("starts_on <= ends_on", name="days_in_order"),
        CheckConstraint("name <> '' AND districts <> ''", name="named_and_placed"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[AgencyKind] = mapped_column(Choice(AgencyKind))
    districts: Mapped[str] = mapped_column(Text, comment="codes in order, between spaces")
    email: Mapped[str] = mapped_column(Text, comment="of the office")
    phone: Mapped[str] = mapped_column(Text, comment="of the office; empty: not known")
    document_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("documents.id"), comment="the signed agreement"
    )
    starts_on: Mapped[date] = mapped_column(Day, comment="of the agreement")
    ends_on: Mapped[date] = mapped_column(Day, comment="the last day of the agreement")
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)

    document: Mapped[Document] = relationship()

    @property
    def district_codes(self) -> list[str]:
        """The districts in which it works."""
        return self.districts.split()

    def is_agreed_on(self, day: date) -> bool:
        """Whether the agreement holds on the day."""
        return self.starts_on <= day <= self.ends_on


class AgencyAccess(Base):
    """For which agency a person of the role signs in, and until when; as two people agreed."""

    __tablename__ = "agency_accesses"
    __table_args__ = (Index("ix_agency_accesses_agency_id", "agency_id"),)

    user_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    agency_id: Mapped[int] = mapped_column(BigInt, ForeignKey("agencies.id"))
    ends_on: Mapped[date] = mapped_column(Day, comment="the last day")
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)

    agency: Mapped[Agency] = relationship(lazy="joined")
    user: Mapped[User] = relationship()


class Referral(Base):
    """A need of a child, told to one agency with what it needs to know, until a day."""

    __tablename__ = "referrals"
    __table_args__ = (
        one_of("need", Need),
        one_of("status", ReferralStatus),
        one_of("given_kind", GivenKind),
        CheckConstraint("sent_on <= ends_on", name="ends_later"),
        CheckConstraint("version >= 1", name="version_counted"),
        CheckConstraint(
            "(accepted_by_id IS NULL) = (accepted_at IS NULL)"
            " AND (closed_by_id IS NULL) = (closed_at IS NULL)",
            name="answered_by_somebody",
        ),
        CheckConstraint(
            "(status IN ('sent', 'accepted')) = (closed_at IS NULL)"
            " AND (status <> 'sent' OR accepted_at IS NULL)"
            " AND (status NOT IN ('accepted', 'done') OR accepted_at IS NOT NULL)",
            name="answered_in_order",
        ),
        CheckConstraint(
            "(status = 'declined') = (reason_encrypted IS NOT NULL)", name="declined_with_reason"
        ),
        CheckConstraint(
            "(status = 'done') = (given_kind IS NOT NULL)"
            " AND (status = 'done') = (given_on IS NOT NULL)"
            " AND (given_kind IS NULL) = (given_count IS NULL) AND given_count > 0",
            name="done_with_what_was_given",
        ),
        CheckConstraint("status <> 'done' OR closed_by_id = accepted_by_id", name="done_by_same"),
        CheckConstraint("accepted_by_id <> sent_by_id", name="two_people"),
        Index("ix_referrals_child_id", "child_id", "id"),
        Index("ix_referrals_agency_id", "agency_id", "status", "id"),
        Index("ix_referrals_sent_on", "sent_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    child_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"))
    agency_id: Mapped[int] = mapped_column(BigInt, ForeignKey("agencies.id"))
    need: Mapped[Need] = mapped_column(Choice(Need))
    facts: Mapped[str] = mapped_column(Text, comment="of SharedFact, between spaces")
    words_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="what the agency should know")
    status: Mapped[ReferralStatus] = mapped_column(Choice(ReferralStatus))
    version: Mapped[int] = mapped_column(BigInt, default=1)
    sent_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date] = mapped_column(Day, comment="the last day on which the agency sees it")
    accepted_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason_encrypted: Mapped[bytes | None] = mapped_column(Bytes, comment="why it was declined")
    given_kind: Mapped[GivenKind | None] = mapped_column(Choice(GivenKind))
    given_count: Mapped[int | None] = mapped_column(
        BigInt, comment="satang of money; else pieces, visits or places"
    )
    given_on: Mapped[date | None] = mapped_column(Day)
    given_words_encrypted: Mapped[bytes | None] = mapped_column(Bytes)
    idempotency_key: Mapped[str] = mapped_column(Text, unique=True, comment="of the form")

    child: Mapped[Child] = relationship()
    agency: Mapped[Agency] = relationship(lazy="joined")
    sent_by: Mapped[User] = relationship(foreign_keys=[sent_by_id])
    accepted_by: Mapped[User | None] = relationship(foreign_keys=[accepted_by_id])
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])

    @property
    def number(self) -> str:
        """The number by which it is named: RF and 13 characters."""
        return readable(self.id, NUMBER_PREFIX)

    @property
    def shared_facts(self) -> list[SharedFact]:
        """What the agency sees of the child, beside the need."""
        return [fact for fact in SharedFact if fact.value in self.facts.split()]
