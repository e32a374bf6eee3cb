"""Campaigns, boxes, counts, batches and gifts in kind, committed at once by their operations."""

import itertools
from datetime import timedelta
from typing import Any

from fundapp import clock
from fundapp.db import unit_of_work
from fundapp.giving.campaigns import operations as campaigns
from fundapp.giving.campaigns.drafts import CampaignDraft
from fundapp.giving.cash import operations as cash
from fundapp.giving.cash.drafts import CountDraft
from fundapp.giving.gift_batches import operations as batches
from fundapp.giving.gift_batches.drafts import BatchDraft, Giver, RowDraft
from fundapp.giving.in_kind import operations as in_kind
from fundapp.giving.in_kind.drafts import InKindDraft
from fundapp.giving.models import (
    Campaign,
    CampaignEvent,
    CashCount,
    CountKind,
    DonationBox,
    GiftBatch,
    GiftInKind,
    Method,
)
from fundapp.ledger import chart
from tests.factories.actors import OFFICER

_numbers = itertools.count(1)


def campaign_draft(**overrides: Any) -> CampaignDraft:
    """10,000 baht from today on, for 60 days."""
    values: dict[str, Any] = {
        "names": ("รองเท้าคู่ใหม่", "New shoes", "Kasut baharu"),
        "stories": ("เด็กเดินไปโรงเรียน", "They walk to school.", "Mereka berjalan kaki."),
        "goal_satang": 1_000_000,
        "starts_on": clock.today(),
        "ends_on": clock.today() + timedelta(days=60),
        **overrides,
    }
    return CampaignDraft(**values)


def make_campaign(slug: str = "new-shoes", fund: str = "GENERAL", **overrides: Any) -> Campaign:
    """An open campaign."""
    draft = campaign_draft(**overrides)
    return unit_of_work(campaigns.open_campaign, slug, fund, draft, actor=OFFICER)


def make_event(campaign: Campaign, **overrides: Any) -> CampaignEvent:
    """An event of today."""
    values: dict[str, Any] = {
        "name": "ตลาดนัดการกุศล",
        "place": "ศาลากลางจังหวัด",
        "held_on": clock.today(),
        "key": f"event-{next(_numbers)}",
        **overrides,
    }
    return unit_of_work(campaigns.add_event, campaign.slug, **values, actor=OFFICER)


def make_box(number: int = 7, fund: str = "GENERAL") -> DonationBox:
    """A box in a shop."""
    values: dict[str, Any] = {"place": "ร้านน้ำชา", "keeper": "ร้านกะยะ", "fund_code": fund}
    return unit_of_work(cash.put_out_box, number, **values, actor=OFFICER)


def make_count(actor: Any, **overrides: Any) -> CashCount:
    """A count of box 7 with 1,620 baht, which ``actor`` made today."""
    values: dict[str, Any] = {
        "kind": CountKind.BOX,
        "subject": "7",
        "counted_on": clock.today(),
        "total_satang": 162_000,
        "pieces": {100_000: 1, 10_000: 6, 1_000: 2},
        "bag_number": f"BAG-{next(_numbers)}",
        **overrides,
    }
    key = f"count-{next(_numbers)}"
    return unit_of_work(cash.count_cash, CountDraft(**values), key=key, actor=actor)


def confirm(count: CashCount, actor: Any) -> CashCount:
    """The count, confirmed by ``actor``."""
    return unit_of_work(
        cash.confirm_count, count.public_id, total_satang=count.total_satang, actor=actor
    )


def make_batch(*givers: Giver, **overrides: Any) -> GiftBatch:
    """A batch of cash for the fund GENERAL with these gifts, expected to be what they are."""
    values: dict[str, Any] = {
        "method": Method.CASH,
        "fund_code": "GENERAL",
        "account_code": chart.CASH_ON_HAND,
        "received_on": clock.today(),
        "expected_count": len(givers),
        "expected_satang": sum(giver.amount_satang for giver in givers),
        **overrides,
    }
    draft, key = BatchDraft(**values), f"batch-{next(_numbers)}"
    batch = unit_of_work(batches.begin_batch, draft, key=key, actor=OFFICER)
    rows = [RowDraft(giver) for giver in givers]
    return unit_of_work(batches.add_rows, batch.public_id, rows, actor=OFFICER)


def make_gift_in_kind(**overrides: Any) -> GiftInKind:
    """Rice of somebody."""
    values: dict[str, Any] = {
        "description": "ข้าวสาร 20 ถุง",
        "declared_satang": 500_000,
        "received_on": clock.today(),
        "name": "ร้านข้าวบ้านนา",
        **overrides,
    }
    key = f"in-kind-{next(_numbers)}"
    return unit_of_work(in_kind.record_gift_in_kind, InKindDraft(**values), key=key, actor=OFFICER)
