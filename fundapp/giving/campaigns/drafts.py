"""Campaigns before they are written: plain values."""

from dataclasses import dataclass
from datetime import date

from fundapp.ledger.drafts import Texts


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """What a campaign says, its goal in satang, and its first and last day."""

    names: Texts
    stories: Texts
    goal_satang: int
    starts_on: date
    ends_on: date
