"""Campaigns are opened, changed and closed; events are added; pledges are made on their pages."""

import re
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.name_guard import require_no_child_named
from fundapp.db import db, lock
from fundapp.errors import FormUsedError, NotFoundError, StaleError
from fundapp.giving import operations
from fundapp.giving.campaigns.drafts import CampaignDraft
from fundapp.giving.campaigns.errors import CampaignClosedError, CampaignError, SlugTakenError
from fundapp.giving.campaigns.policy import may_keep_campaigns, takes_pledges
from fundapp.giving.drafts import PledgeTerms
from fundapp.giving.errors import FundClosedToGiftsError
from fundapp.giving.models import (
    Campaign,
    CampaignEvent,
    CampaignPledge,
    CampaignStatus,
    Pledge,
)
from fundapp.ledger.models import Fund
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.trail.operations import record_event

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 60


def open_campaign(slug: str, fund_code: str, draft: CampaignDraft, *, actor: Actor) -> Campaign:
    """Open a campaign for a fund that takes gifts, under the address ``slug``.

    Raises ForbiddenError, CampaignError, SlugTakenError, FundClosedToGiftsError and
    ChildNamedError.
    """
    require(may_keep_campaigns(actor))
    if _SLUG.fullmatch(slug) is None or len(slug) > LONGEST_SLUG:
        raise CampaignError(
            N_(
                "An address is small letters a to z, digits and hyphens between them, at most "
                "60 signs."
            ),
            field="slug",
        )
    _check(draft)
    fund = lock(select(Fund).where(Fund.code == fund_code))
    if fund is None or not fund.is_open or not fund.accepts_gifts:
        raise FundClosedToGiftsError(field="fund")
    if db.session.scalar(select(Campaign.id).where(Campaign.slug == slug)) is not None:
        raise SlugTakenError(field="slug")
    campaign = Campaign(
        slug=slug, fund=fund, created_at=clock.now(), version=1, status=CampaignStatus.OPEN
    )
    _set(campaign, draft)
    db.session.add(campaign)
    _record("open", campaign, actor)
    db.session.flush()
    return campaign


def change_campaign(slug: str, draft: CampaignDraft, *, version: int, actor: Actor) -> Campaign:
    """Change what an open campaign says; ``version`` is what the actor saw.

    Raises ForbiddenError, NotFoundError, CampaignClosedError, StaleError, CampaignError and
    ChildNamedError.
    """
    require(may_keep_campaigns(actor))
    campaign = _lock_open(slug)
    if campaign.version != version:
        raise StaleError
    _check(draft)
    before = _told(campaign)
    _set(campaign, draft)
    campaign.version += 1
    after = _told(campaign)
    changes = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    _record("change", campaign, actor, changes)
    db.session.flush()
    return campaign


def close_campaign(slug: str, *, actor: Actor) -> Campaign:
    """Close a campaign for good: its page shows what it came to. Raises ForbiddenError,
    NotFoundError and CampaignClosedError.
    """
    require(may_keep_campaigns(actor))
    campaign = _lock_open(slug)
    campaign.status, campaign.closed_at = CampaignStatus.CLOSED, clock.now()
    campaign.version += 1
    _record("close", campaign, actor)
    db.session.flush()
    return campaign


def add_event(
    slug: str, *, name: str, place: str, held_on: date, key: str, actor: Actor
) -> CampaignEvent:
    """Add an event to an open campaign; the same form (``key``) twice is the same event.

    Raises ForbiddenError, NotFoundError, CampaignClosedError, FormUsedError, CampaignError and
    ChildNamedError.
    """
    require(may_keep_campaigns(actor))
    campaign = _lock_open(slug)
    known = select(CampaignEvent).where(CampaignEvent.idempotency_key == key)
    event = db.session.scalar(known)
    if event is not None:
        said = (event.campaign_id, event.name, event.place, event.held_on)
        if said != (campaign.id, name, place, held_on):
            raise FormUsedError
        return event
    for field, text in (("name", name), ("place", place)):
        if not text:
            raise CampaignError(N_("Write the name of the event, and where it is."), field=field)
        require_no_child_named(text, field=field)
    event = CampaignEvent(
        campaign=campaign, name=name, place=place, held_on=held_on, idempotency_key=key
    )
    db.session.add(event)
    campaign.version += 1
    _record("add-event", campaign, actor)
    db.session.flush()
    return event


def make_campaign_pledge(terms: PledgeTerms, slug: str, *, actor: Actor) -> str:
    """Make a pledge as `make_pledge` does, and keep that it was made for the campaign ``slug``.

    A campaign that is over, or another fund than the campaign's, is no reason to refuse a gift: it
    is then a gift to the fund alone. Raises what `make_pledge` raises.
    """
    token = operations.make_pledge(terms, actor=actor)
    campaign = db.session.scalar(select(Campaign).where(Campaign.slug == slug)) if slug else None
    if campaign is None or not takes_pledges(campaign, terms.fund_code, clock.today()):
        return token
    pledge_id = db.session.scalars(select(Pledge.id).where(Pledge.token == token)).one()
    if db.session.get(CampaignPledge, pledge_id) is None:
        db.session.add(CampaignPledge(pledge_id=pledge_id, campaign_id=campaign.id))
        db.session.flush()
    return token


def _lock_open(slug: str) -> Campaign:
    campaign = lock(select(Campaign).where(Campaign.slug == slug).options(lazyload(Campaign.fund)))
    if campaign is None:
        raise NotFoundError
    if campaign.status is CampaignStatus.CLOSED:
        raise CampaignClosedError
    return campaign


def _check(draft: CampaignDraft) -> None:
    languages = ("th", "en", "ms")
    for language, name, story in zip(languages, draft.names, draft.stories, strict=True):
        if not name:
            raise CampaignError(field=f"name_{language}")
        require_no_child_named(name, field=f"name_{language}")
        require_no_child_named(story, field=f"story_{language}")
    if draft.goal_satang <= 0:
        raise CampaignError(N_("The goal must be more than zero."), field="goal")
    if draft.ends_on < draft.starts_on:
        raise CampaignError(N_("A campaign does not end before it begins."), field="ends_on")


def _set(campaign: Campaign, draft: CampaignDraft) -> None:
    campaign.name_th, campaign.name_en, campaign.name_ms = draft.names
    campaign.story_th, campaign.story_en, campaign.story_ms = draft.stories
    campaign.goal_satang = draft.goal_satang
    campaign.starts_on, campaign.ends_on = draft.starts_on, draft.ends_on


def _told(campaign: Campaign) -> dict[str, object]:
    """What the trail keeps of a change: the stories are public and long."""
    return {
        "name": campaign.name_th,
        "goal": format_baht(campaign.goal_satang),
        "starts_on": campaign.starts_on,
        "ends_on": campaign.ends_on,
    }


def _record(
    verb: str,
    campaign: Campaign,
    actor: Actor,
    changes: dict[str, tuple[object, object]] | None = None,
) -> None:
    record_event(
        f"giving:campaign:{verb}",
        actor=actor,
        subject_type="campaign",
        subject_ref=campaign.slug,
        changes=changes,
    )
