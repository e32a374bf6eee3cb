"""Tables of the committee. Who voted, who declared an interest and what was resolved is
append-only, and no vote counts without a quorum: triggers in ``fundapp/committee/sql``.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, Day, Flag, UtcDateTime, one_of
from fundapp.disbursements.models import DisbursementRequest, Interest
from fundapp.documents.models import Document
from fundapp.identity.models import User
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: The seat of the chair; the others follow.
CHAIR = 1
FEWEST_SEATS = 3
MOST_SEATS = 9


class MeetingKind(LabelledEnum):
    """How the members decide."""

    IN_ROOM = "in_room", N_("Meeting")
    CIRCULAR = "circular", N_("Circular resolution, between meetings")


class MeetingStatus(LabelledEnum):
    """How far a meeting is."""

    PLANNED = "planned", N_("Planned"), "info"
    OPEN = "open", N_("In session"), "warn"
    CLOSED = "closed", N_("Closed"), "good"
    CANCELLED = "cancelled", N_("Cancelled")


class Ballot(LabelledEnum):
    """What a member says on an item."""

    FOR = "for", N_("In favour"), "good"
    AGAINST = "against", N_("Against"), "bad"
    ABSTAIN = "abstain", N_("Abstains")


class Outcome(LabelledEnum):
    """What the committee resolved on a request."""

    APPROVE = "approve", N_("Approve"), "good"
    REJECT = "reject", N_("Do not approve"), "bad"
    POSTPONE = "postpone", N_("Postpone"), "warn"


class CommitteeOrder(Base):
    """An order that appoints the members for a term, as two people confirmed it."""

    __tablename__ = "committee_orders"
    __table_args__ = (
        CheckConstraint("length(number) BETWEEN 1 AND 40", name="number_length"),
        CheckConstraint("ends_on >= starts_on", name="ends_later"),
        CheckConstraint("seat_count BETWEEN 3 AND 9", name="seats_in_range"),
        CheckConstraint("quorum * 2 > seat_count AND quorum <= seat_count", name="quorum_half"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    number: Mapped[str] = mapped_column(Text, unique=True, comment="of the paper")
    starts_on: Mapped[date] = mapped_column(
        Day, unique=True, comment="from this day it replaces the order before"
    )
    ends_on: Mapped[date] = mapped_column(Day, comment="the last day of the term")
    seat_count: Mapped[int] = mapped_column(BigInt)
    quorum: Mapped[int] = mapped_column(BigInt, comment="members who must attend")
    document_id: Mapped[int] = mapped_column(BigInt, ForeignKey("documents.id"))
    confirmed_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    document: Mapped[Document] = relationship()
    seats: Mapped[list["CommitteeSeat"]] = relationship(
        lazy="selectin", order_by="CommitteeSeat.seat", back_populates="order"
    )


class CommitteeSeat(Base):
    """A member named by an order, and who attends in the member's place; seat 1 is the chair's."""

    __tablename__ = "committee_seats"
    __table_args__ = (
        CheckConstraint("seat BETWEEN 1 AND 9", name="seat_in_range"),
        CheckConstraint(
            "substitute_id IS NULL OR substitute_id <> member_id", name="substitute_is_another"
        ),
        UniqueConstraint("order_id", "member_id", name="uq_committee_seats_member"),
        UniqueConstraint("order_id", "substitute_id", name="uq_committee_seats_substitute"),
    )

    order_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("committee_orders.id"), primary_key=True
    )
    seat: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    substitute_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))

    order: Mapped[CommitteeOrder] = relationship(back_populates="seats")
    member: Mapped[User] = relationship(lazy="joined", foreign_keys=[member_id])
    substitute: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[substitute_id])


class CommitteeMeeting(Base):
    """A meeting of the committee, or a circular that its members answer."""

    __tablename__ = "committee_meetings"
    __table_args__ = (
        one_of("kind", MeetingKind),
        one_of("status", MeetingStatus),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("length(place) BETWEEN 1 AND 120", name="place_length"),
        CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)"
            " AND (closed_at IS NULL) = (closed_by_id IS NULL)",
            name="closed_by_somebody",
        ),
        CheckConstraint(
            "(log_number IS NULL) = (log_size IS NULL)"
            " AND (log_number IS NULL OR status = 'closed')",
            name="checkpoint_whole",
        ),
        ForeignKeyConstraint(
            ["log_number", "log_size"],
            ["log_checkpoints.number", "log_checkpoints.size"],
            name="fk_committee_meetings_checkpoint",
        ),
        UniqueConstraint("fiscal_year", "number", name="uq_committee_meetings_number"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    order_id: Mapped[int] = mapped_column(BigInt, ForeignKey("committee_orders.id"))
    fiscal_year: Mapped[int] = mapped_column(BigInt, comment="B.E., of held_on")
    number: Mapped[int] = mapped_column(BigInt, comment="in the fiscal year, without a gap")
    kind: Mapped[MeetingKind] = mapped_column(Choice(MeetingKind))
    held_on: Mapped[date] = mapped_column(Day)
    place: Mapped[str] = mapped_column(Text)
    status: Mapped[MeetingStatus] = mapped_column(
        Choice(MeetingStatus), default=MeetingStatus.PLANNED
    )
    planned_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    closed_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    log_number: Mapped[int | None] = mapped_column(BigInt, comment="the checkpoint of its minutes")
    log_size: Mapped[int | None] = mapped_column(BigInt)

    order: Mapped[CommitteeOrder] = relationship()
    planned_by: Mapped[User] = relationship(foreign_keys=[planned_by_id])
    items: Mapped[list["CommitteeItem"]] = relationship(
        lazy="selectin", order_by="CommitteeItem.position", back_populates="meeting"
    )
    attendances: Mapped[list["CommitteeAttendance"]] = relationship(
        lazy="selectin", order_by="CommitteeAttendance.seat"
    )

    @property
    def label(self) -> str:
        """Its number in the fiscal year, as minutes have it: 3/2570."""
        return f"{self.number}/{self.fiscal_year}"


class CommitteeItem(Base):
    """A request on an agenda, in the version that is voted on."""

    __tablename__ = "committee_items"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position", name="uq_committee_items_position"),
        UniqueConstraint("meeting_id", "request_id", name="uq_committee_items_request"),
        UniqueConstraint("id", "meeting_id", name="uq_committee_items_meeting"),
        CheckConstraint("position >= 1", name="position_from_one"),
        CheckConstraint("length(facts_sha256) = 32", name="facts_hashed"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    meeting_id: Mapped[int] = mapped_column(BigInt, ForeignKey("committee_meetings.id"))
    position: Mapped[int] = mapped_column(BigInt)
    request_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("disbursement_requests.id"), index=True
    )
    request_version: Mapped[int] = mapped_column(BigInt)
    facts_sha256: Mapped[bytes] = mapped_column(Bytes, comment="of what is voted on")

    meeting: Mapped[CommitteeMeeting] = relationship(back_populates="items")
    request: Mapped[DisbursementRequest] = relationship()
    recusals: Mapped[list["CommitteeRecusal"]] = relationship(lazy="selectin")
    votes: Mapped[list["CommitteeVote"]] = relationship(
        lazy="selectin", order_by="CommitteeVote.cast_at"
    )
    resolution: Mapped["CommitteeResolution | None"] = relationship(
        lazy="selectin", back_populates="item"
    )


class CommitteeAttendance(Base):
    """Who sat on a seat in a meeting: its member, or the substitute."""

    __tablename__ = "committee_attendances"
    __table_args__ = (
        UniqueConstraint("meeting_id", "user_id", name="uq_committee_attendances_user"),
    )

    meeting_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("committee_meetings.id"), primary_key=True
    )
    seat: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    is_substitute: Mapped[bool] = mapped_column(Flag)

    user: Mapped[User] = relationship(lazy="joined")


class CommitteeRecusal(Base):
    """A member declared an interest in an item, and does not vote on it."""

    __tablename__ = "committee_recusals"
    __table_args__ = (
        one_of("interest", Interest),
        ForeignKeyConstraint(
            ["item_id", "meeting_id"],
            ["committee_items.id", "committee_items.meeting_id"],
            name="fk_committee_recusals_item",
        ),
        ForeignKeyConstraint(
            ["meeting_id", "user_id"],
            ["committee_attendances.meeting_id", "committee_attendances.user_id"],
            name="fk_committee_recusals_attendance",
        ),
    )

    item_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    meeting_id: Mapped[int] = mapped_column(BigInt)
    interest: Mapped[Interest] = mapped_column(Choice(Interest))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="joined")


class CommitteeVote(Base):
    """One member's vote on one item; each has one."""

    __tablename__ = "committee_votes"
    __table_args__ = (
        one_of("ballot", Ballot),
        ForeignKeyConstraint(
            ["item_id", "meeting_id"],
            ["committee_items.id", "committee_items.meeting_id"],
            name="fk_committee_votes_item",
        ),
        ForeignKeyConstraint(
            ["meeting_id", "user_id"],
            ["committee_attendances.meeting_id", "committee_attendances.user_id"],
            name="fk_committee_votes_attendance",
        ),
    )

    item_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    meeting_id: Mapped[int] = mapped_column(BigInt)
    ballot: Mapped[Ballot] = mapped_column(Choice(Ballot))
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="joined")


class CommitteeResolution(Base):
    """What the committee resolved on an item, under a number of the fiscal year without a gap."""

    __tablename__ = "committee_resolutions"
    __table_args__ = (
        one_of("outcome", Outcome),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint(
            "for_count >= 0 AND against_count >= 0 AND abstain_count >= 0", name="counted"
        ),
        UniqueConstraint("fiscal_year", "number", name="uq_committee_resolutions_number"),
    )

    item_id: Mapped[int] = mapped_column(BigInt, ForeignKey("committee_items.id"), primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(BigInt, comment="B.E., of decided_on")
    number: Mapped[int] = mapped_column(BigInt)
    outcome: Mapped[Outcome] = mapped_column(Choice(Outcome))
    for_count: Mapped[int] = mapped_column(BigInt)
    against_count: Mapped[int] = mapped_column(BigInt)
    abstain_count: Mapped[int] = mapped_column(BigInt)
    decided_on: Mapped[date] = mapped_column(Day)
    counted_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    item: Mapped[CommitteeItem] = relationship(back_populates="resolution")

    @property
    def label(self) -> str:
        """As papers cite it: 3/2570."""
        return f"{self.number}/{self.fiscal_year}"


class CommitteeRule(Base):
    """From which amount on a request needs a resolution, from a day on until the next rule."""

    __tablename__ = "committee_rules"
    __table_args__ = (
        CheckConstraint("from_satang BETWEEN 1 AND 100000000000000", name="amount_in_range"),
    )

    starts_on: Mapped[date] = mapped_column(Day, primary_key=True)
    from_satang: Mapped[int] = mapped_column(BigInt)
    confirmed_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ResolutionCitation(Base):
    """The resolution that an approval rests on, which the payment cites."""

    __tablename__ = "resolution_citations"

    approval_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("approvals.id"), primary_key=True, autoincrement=False
    )
    item_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("committee_resolutions.item_id"), index=True
    )
