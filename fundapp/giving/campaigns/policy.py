"""Who keeps campaigns, and when one takes pledges."""

from datetime import date

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.giving.models import Campaign, CampaignStatus


def may_keep_campaigns(actor: Actor) -> bool:
    """Whether the actor may open, change and close campaigns and add events."""
    return actor.can(Permission.PAYMENT_RECORD)


def is_running(campaign: Campaign, today: date) -> bool:
    """Whether gifts on its page count for it today."""
    is_open = campaign.status is CampaignStatus.OPEN
    return is_open and campaign.starts_on <= today <= campaign.ends_on


def takes_pledges(campaign: Campaign, fund_code: str, today: date) -> bool:
    """Whether a pledge to the fund ``fund_code`` counts for it today."""
    return is_running(campaign, today) and campaign.fund_code == fund_code
