"""Which district an entry of help is of, and which campaign a gift: told by the source of the
entry, so that the journal needs no further column and no row of it changes.

An entry that undoes another has the same source, so it is of the same district or campaign. All
amounts are satang.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fundapp.db import db
from fundapp.disbursements.help_sums.queries import help_sums
from fundapp.errors import NotFoundError
from fundapp.giving.campaigns.sums.queries import campaign_keys, campaign_sums
from fundapp.giving.campaigns.sums.sources import IS_OF_CAMPAIGN
from fundapp.giving.models import Campaign
from fundapp.ledger.queries import LedgerSpan, Movement, PageKey, SpanPart
from fundapp.places.models import District

#: In place of the code of a district, or the address of a campaign: what is of none.
NONE = "none"

#: Of a district: the entries of its requests.
_OF_A_REQUEST = (
    "EXISTS (SELECT 1 FROM journal_entries AS own"
    " JOIN disbursement_requests AS request ON request.public_id = own.source_ref"
    " WHERE own.id = postings.entry_id AND own.source_type = 'disbursement_request'{only})"
)
#: The entries of a district's requests.
_ENTRIES = (
    "SELECT own.id FROM disbursement_requests AS request"
    " CROSS JOIN journal_entries AS own WHERE own.source_type = 'disbursement_request'"
    " AND own.source_ref = request.public_id{only}"
)


@dataclass(frozen=True, slots=True)
class _KeptCampaign:
    """What is kept of a campaign, or of all of them."""

    campaign_id: int | None

    def moved(self, span: LedgerSpan, until: PageKey | None) -> Movement:
        """What it moved in the accounts of a span, up to and including a key."""
        return sum(campaign_sums(span, self.campaign_id, until).values(), Movement())

    def keys(self, span: LedgerSpan, start: PageKey, limit: int) -> Iterable[tuple[date, int, int]]:
        """Its first postings after a key."""
        return campaign_keys(span, self.campaign_id, start, limit)


def part_of_district(code: str) -> SpanPart:
    """The postings of a district's help, or of none; NotFoundError."""
    if code == NONE:
        every = _ENTRIES.format(only="")
        of_a_request = _OF_A_REQUEST.format(only="")
        return SpanPart(of_a_request, {}, is_rest=True, entries=every, whole=_help_of(None))
    if db.session.get(District, code) is None:
        raise NotFoundError
    only = " AND request.district_code = :part"
    condition, entries = _OF_A_REQUEST.format(only=only), _ENTRIES.format(only=only)
    return SpanPart(condition, {"part": code}, entries=entries, whole=_help_of(code))


def _help_of(code: str | None) -> Callable[[LedgerSpan], Movement]:
    """The sum of the help of a district, or of all of them."""

    def moved(span: LedgerSpan) -> Movement:
        own = (each for (district, _), each in help_sums(span).items() if code in (None, district))
        return sum(own, Movement())

    return moved


def part_of_campaign(slug: str) -> SpanPart:
    """The postings of a campaign's gifts, or of none; NotFoundError."""
    if slug == NONE:
        return SpanPart(IS_OF_CAMPAIGN, {}, is_rest=True, kept=_KeptCampaign(None))
    campaign_id = db.session.scalar(select(Campaign.id).where(Campaign.slug == slug))
    if campaign_id is None:
        raise NotFoundError
    return SpanPart(IS_OF_CAMPAIGN, {}, kept=_KeptCampaign(campaign_id))


def sums_by_campaign(span: LedgerSpan) -> dict[str, Movement]:
    """What moved of the span by the address of the campaign."""
    rows = db.session.execute(select(Campaign.id, Campaign.slug))
    slugs = {campaign_id: slug for campaign_id, slug in rows}  # noqa: C416 - typed
    sums: dict[str, Movement] = defaultdict(Movement)
    for (campaign_id, _account), moved in campaign_sums(span).items():
        sums[slugs[campaign_id]] += moved
    return dict(sums)


def find_campaigns(slugs: Iterable[str]) -> list[Campaign]:
    """Campaigns of these addresses, the newest first."""
    statement = select(Campaign).where(Campaign.slug.in_(list(slugs)))
    return list(
        db.session.scalars(statement.order_by(Campaign.starts_on.desc(), Campaign.id.desc()))
    )
