"""Campaigns: what is raised for a purpose in some weeks, and the events held for it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Day, UtcDateTime, one_of
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.markers import N_


class CampaignStatus(LabelledEnum):
    """Whether a campaign takes gifts; a closed one shows what it came to."""

    OPEN = "open", N_("Running"), "good"
    CLOSED = "closed", N_("Closed")


class Campaign(Base):
    """Gifts to one fund, asked for together, with a public page of its own.

    What it raised is nowhere kept: `campaigns.queries` adds up the payments that count.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        one_of("status", CampaignStatus),
        CheckConstraint(
            "slug <> '' AND slug = lower(slug) AND length(slug) <= 60", name="slug_lower_case"
        ),
        CheckConstraint("goal_satang > 0", name="goal_positive"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("name_th <> '' AND name_en <> '' AND name_ms <> ''", name="has_names"),
        CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at_when_closed"
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    slug: Mapped[str] = mapped_column(Text, unique=True, comment="its public address; stays")
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    name_th: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_ms: Mapped[str] = mapped_column(Text)
    story_th: Mapped[str] = mapped_column(Text)
    story_en: Mapped[str] = mapped_column(Text)
    story_ms: Mapped[str] = mapped_column(Text)
    goal_satang: Mapped[int] = mapped_column(BigInt)
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date] = mapped_column(Day, comment="its last day")
    status: Mapped[CampaignStatus] = mapped_column(
        Choice(CampaignStatus), default=CampaignStatus.OPEN
    )
    version: Mapped[int] = mapped_column(BigInt, default=1, comment="raised by every change")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    fund: Mapped[Fund] = relationship(lazy="joined")
    events: Mapped[list["CampaignEvent"]] = relationship(
        order_by="CampaignEvent.held_on, CampaignEvent.id"
    )


class CampaignEvent(Base):
    """A gathering for a campaign at which cash is given."""

    __tablename__ = "campaign_events"
    __table_args__ = (
        CheckConstraint("name <> '' AND place <> ''", name="has_name_and_place"),
        Index("ix_campaign_events_campaign", "campaign_id", "held_on"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    campaign_id: Mapped[int] = mapped_column(BigInt, ForeignKey("campaigns.id"))
    name: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    held_on: Mapped[date] = mapped_column(Day)
    idempotency_key: Mapped[str] = mapped_column(
        Text, unique=True, comment="the form it was sent with"
    )

    campaign: Mapped[Campaign] = relationship(lazy="joined", back_populates="events")


class CampaignPledge(Base):
    """That a pledge was made on the page of a campaign; append-only."""

    __tablename__ = "campaign_pledges"
    __table_args__ = (Index("ix_campaign_pledges_campaign", "campaign_id", "pledge_id"),)

    pledge_id: Mapped[int] = mapped_column(BigInt, ForeignKey("pledges.id"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(BigInt, ForeignKey("campaigns.id"))
