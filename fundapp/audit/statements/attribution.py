"""Which district an entry of help is of, and which campaign a gift: told by the source of the
entry, so that the journal needs no further column and no row of it changes.

An entry that undoes another has the same source, so it is of the same district or campaign. All
amounts are satang.
"""

from collections.abc import Iterable

from sqlalchemy import Select, Text, case, func, select, text, union_all

from fundapp.db import BigInt, db
from fundapp.disbursements.models import DisbursementRequest
from fundapp.errors import NotFoundError
from fundapp.giving.models import Campaign
from fundapp.ledger.models import Fund, JournalEntry, Posting
from fundapp.ledger.queries import LedgerSpan, Movement, SpanPart
from fundapp.places.models import District

#: In place of the code of a district, or the address of a campaign: what is of none.
NONE = "none"

#: Of a district: the entries of its requests.
_OF_A_REQUEST = (
    "EXISTS (SELECT 1 FROM journal_entries AS own"
    " JOIN disbursement_requests AS request ON request.public_id = own.source_ref"
    " WHERE own.id = postings.entry_id AND own.source_type = 'disbursement_request'{only})"
)
#: Each gift of a campaign once: of the campaign on whose page it was pledged, else of the event at
#: which it was counted. ``CROSS JOIN`` makes SQLite begin with these few, not with all payments.
_GIFTS = (
    "SELECT pledged.campaign_id, payment.public_id FROM campaign_pledges AS pledged"
    " CROSS JOIN payments AS payment WHERE payment.pledge_id = pledged.pledge_id"
    " UNION ALL SELECT event.campaign_id, payment.public_id FROM cash_counts AS counted"
    " CROSS JOIN campaign_events AS event CROSS JOIN payments AS payment"
    " WHERE event.id = counted.event_id AND payment.id = counted.payment_id"
    " AND NOT EXISTS (SELECT 1 FROM campaign_pledges AS pledged"
    " WHERE pledged.pledge_id = payment.pledge_id)"
)
#: Their entries, with the fund of the campaign: what went to other funds is of no campaign.
_OF_CAMPAIGNS = (
    "SELECT own.id AS entry_id, campaign.fund_code, campaign.slug"  # noqa: S608 - constants
    f" FROM ({_GIFTS}) AS gift CROSS JOIN campaigns AS campaign CROSS JOIN journal_entries AS own"
    " WHERE campaign.id = gift.campaign_id"
    " AND own.source_type = 'payment' AND own.source_ref = gift.public_id"
)


#: The campaign of a payment, told by the payment.
_CAMPAIGN_OF = (
    "coalesce((SELECT pledged.campaign_id FROM campaign_pledges AS pledged"
    " WHERE pledged.pledge_id = payment.pledge_id),"
    " (SELECT event.campaign_id FROM cash_counts AS counted"
    " JOIN campaign_events AS event ON event.id = counted.event_id"
    " WHERE counted.payment_id = payment.id))"
)
#: The same as `_OF_CAMPAIGNS`, asked of a posting.
_OF_A_CAMPAIGN = (
    "EXISTS (SELECT 1 FROM journal_entries AS own"  # noqa: S608 - constants
    " JOIN payments AS payment ON payment.public_id = own.source_ref"
    f" JOIN campaigns AS campaign ON campaign.id = {_CAMPAIGN_OF}"
    " WHERE own.id = postings.entry_id AND own.source_type = 'payment'"
    " AND campaign.fund_code = postings.fund_code{only})"
)
#: And of every posting of a span: the campaign, with what each side moved.
_SUMS_OF_DAYS = (
    "SELECT campaign.slug, sum(moved.debit_satang), sum(moved.credit_satang)"  # noqa: S608
    " FROM moved JOIN journal_entries AS own ON own.id = moved.entry_id"
    " JOIN payments AS payment ON payment.public_id = own.source_ref"
    f" JOIN campaigns AS campaign ON campaign.id = {_CAMPAIGN_OF}"
    " WHERE own.source_type = 'payment' AND campaign.fund_code = moved.fund_code"
    " GROUP BY campaign.slug"
)


def part_of_district(code: str) -> SpanPart:
    """The postings of a district's help, or of none; NotFoundError."""
    if code == NONE:
        return SpanPart(_OF_A_REQUEST.format(only=""), {}, is_rest=True)
    if db.session.get(District, code) is None:
        raise NotFoundError
    return SpanPart(_OF_A_REQUEST.format(only=" AND request.district_code = :part"), {"part": code})


def part_of_campaign(slug: str) -> SpanPart:
    """The postings of a campaign's gifts, or of none; NotFoundError."""
    every = f"SELECT entry_id, fund_code FROM ({_OF_CAMPAIGNS}) AS own"  # noqa: S608
    if slug == NONE:
        return SpanPart(_OF_A_CAMPAIGN.replace("{only}", ""), {}, entries=every, is_rest=True)
    if db.session.scalar(select(Campaign.id).where(Campaign.slug == slug)) is None:
        raise NotFoundError
    condition = _OF_A_CAMPAIGN.replace("{only}", " AND campaign.slug = :part")
    return SpanPart(condition, {"part": slug}, entries=f"{every} WHERE own.slug = :part")


def sums_by_district(span: LedgerSpan) -> dict[tuple[str, str], Movement]:
    """What moved of the span by (district, account). The postings of the accounts in these days
    are read, and the request of each.
    """
    sides = union_all(*(_side(span, side) for side in ("debit", "credit"))).subquery().c
    statement = (
        select(
            DisbursementRequest.district_code,
            sides.account_code,
            func.sum(sides.debit_satang),
            func.sum(sides.credit_satang),
        )
        .join(JournalEntry, JournalEntry.id == sides.entry_id)
        .join(DisbursementRequest, DisbursementRequest.public_id == JournalEntry.source_ref)
        .where(JournalEntry.source_type == "disbursement_request")
        .group_by(DisbursementRequest.district_code, sides.account_code)
    )
    return {
        (district, account): Movement(int(debit), int(credit))
        for district, account, debit, credit in db.session.execute(statement)
    }


def _side(span: LedgerSpan, side: str) -> Select[str, int, str, int, int]:
    account = Posting.debit_account_code if side == "debit" else Posting.credit_account_code
    funds = [span.fund_code] if span.fund_code else list(db.session.scalars(select(Fund.code)))
    amount, nothing = Posting.amount_satang, Posting.amount_satang * 0
    return select(
        account.label("account_code"),
        Posting.entry_id,
        Posting.fund_code,
        (amount if side == "debit" else nothing).label("debit_satang"),
        (nothing if side == "debit" else amount).label("credit_satang"),
    ).where(
        account.in_(span.codes),
        Posting.fund_code.in_(funds),
        Posting.entry_on.between(span.from_on, span.to_on),
    )


def sums_by_campaign(span: LedgerSpan) -> dict[str, Movement]:
    """What moved of the span by the address of the campaign. Of a short span its postings are read,
    with the payment of each; of a longer one the gifts of campaigns, of all days, and no others.
    """
    if span.is_short:
        return _sums_of_days(span)
    own = text(_OF_CAMPAIGNS).columns(entry_id=BigInt, fund_code=Text, slug=Text).subquery("own").c
    debited, credited = (
        side.in_(span.codes) for side in (Posting.debit_account_code, Posting.credit_account_code)
    )
    statement = (
        select(
            own.slug,
            func.sum(case((debited, Posting.amount_satang), else_=0)),
            func.sum(case((credited, Posting.amount_satang), else_=0)),
        )
        .where(
            Posting.entry_id == own.entry_id,
            Posting.fund_code.concat("") == own.fund_code,
            Posting.entry_on.between(span.from_on, span.to_on),
            debited | credited,
        )
        .group_by(own.slug)
    )
    if span.fund_code:
        statement = statement.where(own.fund_code == span.fund_code)
    return {
        slug: Movement(int(debit), int(credit))
        for slug, debit, credit in db.session.execute(statement)
    }


def _sums_of_days(span: LedgerSpan) -> dict[str, Movement]:
    moved = union_all(*(_side(span, side) for side in ("debit", "credit"))).cte("moved")
    statement = (
        text(_SUMS_OF_DAYS)
        .columns(slug=Text, debit_satang=BigInt, credit_satang=BigInt)
        .add_cte(moved)
    )
    return {
        slug: Movement(int(debit), int(credit))
        for slug, debit, credit in db.session.execute(statement)
    }


def find_campaigns(slugs: Iterable[str]) -> list[Campaign]:
    """Campaigns of these addresses, the newest first."""
    statement = select(Campaign).where(Campaign.slug.in_(list(slugs)))
    return list(
        db.session.scalars(statement.order_by(Campaign.starts_on.desc(), Campaign.id.desc()))
    )
