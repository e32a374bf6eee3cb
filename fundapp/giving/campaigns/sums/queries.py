"""Reading what the books say of campaigns: whole months from their sums, parts of a month from the
listed postings of campaigns alone, and what is not folded yet from its entries. Amounts are satang.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select, text, tuple_

from fundapp.db import BigInt, Day, db
from fundapp.giving.campaigns.sums.sources import OF_UNFOLDED
from fundapp.giving.models import Campaign, CampaignFolding, CampaignMonth, CampaignPosting
from fundapp.ledger.models import Posting
from fundapp.ledger.queries import LedgerSpan, Movement, PageKey
from fundapp.ledger.queries.month_parts import are_inside, parts_of_months

_DAY = timedelta(days=1)

#: By (id of the campaign, account code).
CampaignSums = dict[tuple[int, str], Movement]
#: Id of the campaign, the accounts debited and credited, satang.
_Moved = tuple[int, str, str, int]


def campaign_sums(
    span: LedgerSpan, campaign_id: int | None = None, until: PageKey | None = None
) -> CampaignSums:
    """What moved of the span by campaign and account, up to and including the key ``until``; of one
    campaign if named. Only postings of the campaign's own fund are of it.
    """
    own = _campaigns(span, campaign_id)
    if not own:
        return {}
    last = until.entry_on - _DAY if until else span.to_on
    sums: CampaignSums = defaultdict(Movement)
    if span.from_on <= last:
        _add_months(sums, own, span.from_on, last)
        for days in parts_of_months(span.from_on, last):
            _add(sums, _listed(own, days.from_on, days.to_on), days.sign)
    if until:
        _add(sums, _listed(own, until.entry_on, until.entry_on, until), 1)
    _add(sums, _unfolded(own, span, until), 1)
    wanted = set(span.codes)
    return {key: moved for key, moved in sums.items() if key[1] in wanted and moved != Movement()}


def campaign_keys(
    span: LedgerSpan, campaign_id: int | None, start: PageKey, limit: int
) -> Iterator[tuple[date, int, int]]:
    """The first postings of a campaign after the key ``start``, on each side that counts: at most
    ``limit`` of those that are listed, and all that are not folded yet.
    """
    if not _campaigns(span, campaign_id):
        return
    columns = CampaignPosting.entry_on, CampaignPosting.entry_id, CampaignPosting.position
    statement = (
        select(*columns)
        .join(Posting, _IS_LISTED)
        .where(
            CampaignPosting.campaign_id == campaign_id,
            CampaignPosting.entry_on.between(start.entry_on, span.to_on),
            tuple_(*columns) > _values(start),
            # Written so that no index of accounts is used: the list is in the order of the page.
            or_(*(side.concat("").in_(span.codes) for side in _sides(span))),
        )
        .order_by(*columns)
        .limit(limit)
    )
    yield from db.session.execute(statement)
    for row in _unfolded_rows():
        sides = [
            code
            for code, is_shown in (
                (row.debit_account_code, span.sum.shows_debits),
                (row.credit_account_code, span.sum.shows_credits),
            )
            if is_shown
        ]
        key = PageKey(row.entry_on, row.entry_id, row.position)
        is_own = row.campaign_id == campaign_id and not set(sides).isdisjoint(span.codes)
        if is_own and key > start and key.entry_on <= span.to_on:
            yield key.entry_on, key.entry_id, key.position


_IS_LISTED: ColumnElement[bool] = (Posting.entry_id == CampaignPosting.entry_id) & (
    Posting.position == CampaignPosting.position
)


def _campaigns(span: LedgerSpan, campaign_id: int | None) -> list[int]:
    statement = select(Campaign.id)
    if campaign_id is not None:
        statement = statement.where(Campaign.id == campaign_id)
    if span.fund_code:
        statement = statement.where(Campaign.fund_code == span.fund_code)
    return list(db.session.scalars(statement))


def _add_months(sums: CampaignSums, own: Sequence[int], from_on: date, to_on: date) -> None:
    """The whole months, and one that has more of its days inside than outside."""
    statement = (
        select(
            CampaignMonth.campaign_id,
            CampaignMonth.account_code,
            func.sum(CampaignMonth.debit_satang),
            func.sum(CampaignMonth.credit_satang),
        )
        .where(
            CampaignMonth.campaign_id.in_(own), *are_inside(CampaignMonth.month_on, from_on, to_on)
        )
        .group_by(CampaignMonth.campaign_id, CampaignMonth.account_code)
    )
    for campaign_id, account, debit, credit in db.session.execute(statement):
        sums[campaign_id, account] += Movement(int(debit), int(credit))


def _listed(
    own: Sequence[int], from_on: date, to_on: date, until: PageKey | None = None
) -> Iterator[_Moved]:
    statement = (
        select(
            CampaignPosting.campaign_id,
            Posting.debit_account_code,
            Posting.credit_account_code,
            func.sum(Posting.amount_satang),
        )
        .join(Posting, _IS_LISTED)
        .where(
            CampaignPosting.campaign_id.in_(own),
            CampaignPosting.entry_on.between(from_on, to_on),
        )
        .group_by(
            CampaignPosting.campaign_id, Posting.debit_account_code, Posting.credit_account_code
        )
    )
    if until:
        columns = CampaignPosting.entry_on, CampaignPosting.entry_id, CampaignPosting.position
        statement = statement.where(tuple_(*columns) <= _values(until))
    for campaign_id, debited, credited, satang in db.session.execute(statement):
        yield campaign_id, debited, credited, int(satang)


def _unfolded(own: Sequence[int], span: LedgerSpan, until: PageKey | None) -> Iterator[_Moved]:
    last = until or PageKey(span.to_on, _LAST, _LAST)
    for row in _unfolded_rows():
        key = PageKey(row.entry_on, row.entry_id, row.position)
        if row.campaign_id in own and span.from_on <= key.entry_on and key <= last:
            yield (
                row.campaign_id,
                row.debit_account_code,
                row.credit_account_code,
                row.amount_satang,
            )


#: No entry has a larger id, and none so many postings.
_LAST = 2**63 - 1


def _unfolded_rows() -> Sequence[Any]:
    """The postings of campaigns that are not folded yet."""
    folding = db.session.execute(
        select(CampaignFolding.leaf_count, CampaignFolding.settled_entry_id)
    ).one()
    statement = text(OF_UNFOLDED).columns(
        campaign_id=BigInt, entry_on=Day, entry_id=BigInt, position=BigInt, amount_satang=BigInt
    )
    values = {"first": folding.leaf_count, "settled": folding.settled_entry_id}
    return db.session.execute(statement, values).all()


def _add(sums: CampaignSums, moved: Iterable[_Moved], sign: int) -> None:
    for campaign_id, debited, credited, satang in moved:
        sums[campaign_id, debited] += Movement(debit_satang=sign * int(satang))
        sums[campaign_id, credited] += Movement(credit_satang=sign * int(satang))


def _sides(span: LedgerSpan) -> Iterator[Any]:
    if span.sum.shows_debits:
        yield Posting.debit_account_code
    if span.sum.shows_credits:
        yield Posting.credit_account_code


def _values(key: PageKey) -> Any:
    return tuple_(
        literal(key.entry_on, Day), literal(key.entry_id, BigInt), literal(key.position, BigInt)
    )
