"""Reading campaigns and what they raised, which the payments that count add up to."""

from collections.abc import Hashable
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from fundapp.db import db
from fundapp.db.single_reads import read_rows
from fundapp.errors import NotFoundError
from fundapp.giving.models import (
    Campaign,
    CampaignEvent,
    CampaignPledge,
    CampaignStatus,
    CashCount,
    Designation,
    Payment,
    PaymentStatus,
)

#: What no posting and no change of a campaign alters, no public page of campaigns alters.
_VERSION = "SELECT (SELECT max(id) FROM journal_entries), count(*), sum(version) FROM campaigns"
_MOST = 200


@dataclass(frozen=True, slots=True)
class Raised:
    """What a campaign came to: satang and gifts, of pledges on its page and of cash at its
    events. Only payments that count: what was reversed, returned or refunded is not in it.
    """

    pledged_satang: int = 0
    pledged_count: int = 0
    cash_satang: int = 0
    cash_count: int = 0

    @property
    def satang(self) -> int:
        """All of it."""
        return self.pledged_satang + self.cash_satang


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign with what it raised."""

    campaign: Campaign
    raised: Raised

    @property
    def percent(self) -> int:
        """How much of the goal is there; more than 100 when it was passed."""
        return self.raised.satang * 100 // self.campaign.goal_satang


def find_campaign(slug: str) -> Campaign | None:
    """The campaign of an address, if there is one."""
    return db.session.scalar(select(Campaign).where(Campaign.slug == slug))


def get_campaign(slug: str) -> Campaign:
    """The campaign of an address; NotFoundError."""
    campaign = find_campaign(slug)
    if campaign is None:
        raise NotFoundError
    return campaign


def get_campaign_row(slug: str) -> CampaignRow:
    """The same with what it raised; NotFoundError."""
    return _with_raised([get_campaign(slug)])[0]


def list_campaigns(*, only_open: bool = False) -> list[CampaignRow]:
    """The newest campaigns, those that are open first."""
    statement = select(Campaign).order_by(
        Campaign.status.desc(), Campaign.starts_on.desc(), Campaign.id.desc()
    )
    if only_open:
        statement = statement.where(Campaign.status == CampaignStatus.OPEN)
    return _with_raised(list(db.session.scalars(statement.limit(_MOST))))


def list_event_money(campaign: Campaign) -> dict[int, int]:
    """Satang in cash that counts, by id of the event."""
    rows = db.session.execute(
        _counted()
        .add_columns(CampaignEvent.id)
        .where(CampaignEvent.campaign_id == campaign.id)
        .group_by(CampaignEvent.id)
    )
    return {event_id: int(satang) for satang, _count, event_id in rows}


def find_event(public_id: str) -> CampaignEvent | None:
    """The event of a public id, if there is one."""
    statement = select(CampaignEvent).where(CampaignEvent.public_id == public_id)
    return db.session.scalar(statement)


def find_campaign_of(pledge_id: int | None) -> Campaign | None:
    """The campaign on whose page a pledge was made, if it was."""
    statement = select(Campaign).join(CampaignPledge, CampaignPledge.campaign_id == Campaign.id)
    return db.session.scalar(statement.where(CampaignPledge.pledge_id == pledge_id))


def campaigns_version() -> Hashable:
    """While it is the same, so is what public pages show of campaigns."""
    return read_rows(_VERSION)[0]


def _with_raised(campaigns: list[Campaign]) -> list[CampaignRow]:
    ids = [campaign.id for campaign in campaigns]
    pledged = _by_campaign(_pledged(), CampaignPledge.campaign_id, ids)
    cash = _by_campaign(_counted(), CampaignEvent.campaign_id, ids)
    nothing = (0, 0)
    return [
        CampaignRow(
            campaign, Raised(*pledged.get(campaign.id, nothing), *cash.get(campaign.id, nothing))
        )
        for campaign in campaigns
    ]


def _by_campaign(
    statement: Select[int, int], column: InstrumentedAttribute[int], ids: list[int]
) -> dict[int, tuple[int, int]]:
    rows = db.session.execute(statement.add_columns(column).where(column.in_(ids)).group_by(column))
    return {campaign_id: (int(satang), count) for satang, count, campaign_id in rows}


def _sums() -> Select[int, int]:
    """Satang and payments that count, of parts that go to the fund of the campaign."""
    return (
        select(func.coalesce(func.sum(Designation.amount_satang), 0), func.count(Payment.id))
        .select_from(Payment)
        .join(Designation, Designation.payment_id == Payment.id)
        .where(Payment.status == PaymentStatus.RECEIVED)
        .where(Designation.fund_code == Campaign.fund_code)
    )


def _pledged() -> Select[int, int]:
    return (
        _sums()
        .join(CampaignPledge, CampaignPledge.pledge_id == Payment.pledge_id)
        .join(Campaign, Campaign.id == CampaignPledge.campaign_id)
    )


def _counted() -> Select[int, int]:
    return (
        _sums()
        .join(CashCount, CashCount.payment_id == Payment.id)
        .join(CampaignEvent, CampaignEvent.id == CashCount.event_id)
        .join(Campaign, Campaign.id == CampaignEvent.campaign_id)
    )
