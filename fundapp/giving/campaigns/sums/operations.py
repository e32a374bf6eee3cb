"""Folding sealed entries into the sums of campaigns."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select, text

from fundapp.access.actors import Actor, require
from fundapp.db import BigInt, Day, connection_of_work, db
from fundapp.db.many_rows import write_rows
from fundapp.giving.campaigns.sums.sources import OF_LEAVES
from fundapp.giving.models import CampaignFolding, CampaignMonth, CampaignPosting
from fundapp.ids import earlier_id, new_id
from fundapp.ledger.log.operations import LOOKED_BACK
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.models.log import LogLeaf
from fundapp.ledger.periods import month_start
from fundapp.ledger.policy import may_fold_balances

#: How many entries one unit of work folds, and looks at for one without a place in the log.
MOST_AT_ONCE = 20_000
#: Of how much time entries are found to be folded at once; most rounds so write nothing.
SETTLED_EVERY = timedelta(minutes=1)

_ADD_MONTH = text(
    "INSERT INTO campaign_months (month_on, campaign_id, account_code, debit_satang,"
    " credit_satang) VALUES (:month_on, :campaign_id, :account_code, :debit, :credit)"
    " ON CONFLICT (month_on, campaign_id, account_code) DO UPDATE SET"
    " debit_satang = campaign_months.debit_satang + excluded.debit_satang,"
    " credit_satang = campaign_months.credit_satang + excluded.credit_satang"
).bindparams(bindparam("month_on", type_=Day))
_NO_OBJECTS = {"synchronize_session": False}


def fold_campaigns(*, is_alone: bool = False, actor: Actor) -> int:
    """Fold the next sealed entries into the sums of campaigns; gives how many, at most
    `MOST_AT_ONCE`, and 0 when nothing is left to do.

    It changes no sum that anybody reads, so it leaves no trail. ``is_alone``: nobody else posts, so
    no entry is under way whose id is smaller than those that are there. Raises ForbiddenError.
    """
    require(may_fold_balances(actor))
    folding = db.session.scalars(select(CampaignFolding).with_for_update()).one()
    first = folding.leaf_count
    newest = db.session.scalar(select(func.max(LogLeaf.leaf_index)))
    last = min(first + MOST_AT_ONCE, 0 if newest is None else newest + 1)
    if last > first:
        _fold(first, last)
        folding.leaf_count = last
        db.session.flush()
        return last - first
    before = folding.settled_entry_id
    folding.settled_entry_id = _find_settled(before, is_alone=is_alone)
    db.session.flush()
    return int(folding.settled_entry_id > before)


def forget_campaign_sums(*, actor: Actor) -> None:
    """Let the sums be made anew from the first entry; ForbiddenError."""
    require(may_fold_balances(actor))
    folding = db.session.scalars(select(CampaignFolding).with_for_update()).one()
    for table in (CampaignMonth, CampaignPosting):
        db.session.execute(delete(table), execution_options=_NO_OBJECTS)
    folding.leaf_count, folding.settled_entry_id = 0, -1
    db.session.flush()


def _fold(first: int, last: int) -> None:
    rows = db.session.execute(
        text(OF_LEAVES).columns(campaign_id=BigInt, entry_on=Day), {"first": first, "last": last}
    ).all()
    if not rows:
        return
    postings = [
        {
            "campaign_id": row.campaign_id,
            "entry_on": row.entry_on,
            "entry_id": row.entry_id,
            "position": row.position,
        }
        for row in rows
    ]
    table = db.metadata.tables[CampaignPosting.__tablename__]
    write_rows(connection_of_work(), table, postings)
    added = [
        {
            "month_on": month,
            "campaign_id": campaign_id,
            "account_code": account,
            "debit": debit,
            "credit": credit,
        }
        for (month, campaign_id, account), (debit, credit) in _months_of(rows).items()
    ]
    db.session.execute(_ADD_MONTH, added)


def _months_of(rows: Iterable[Any]) -> dict[tuple[date, int, str], tuple[int, int]]:
    """Debits and credits of postings of campaigns by (first day of month, campaign, account)."""
    sums: dict[tuple[date, int, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        month = month_start(row.entry_on)
        sums[month, row.campaign_id, row.debit_account_code][0] += row.amount_satang
        sums[month, row.campaign_id, row.credit_account_code][1] += row.amount_satang
    return {key: (debit, credit) for key, (debit, credit) in sums.items()}


def _find_settled(settled: int, *, is_alone: bool) -> int:
    """Up to which entry all are folded, now that every place of the log is: not up to one without a
    place, nor to those beside which others may still be under way.
    """
    newest = db.session.scalar(select(func.max(LogLeaf.entry_id)))
    if newest is None:
        return settled
    until = newest if is_alone else min(newest, earlier_id(new_id(), LOOKED_BACK))
    if until < newest and earlier_id(until, SETTLED_EVERY) <= settled:
        return settled
    looked_at = (
        select(JournalEntry.id)
        .where(JournalEntry.id > settled, JournalEntry.id <= until)
        .order_by(JournalEntry.id)
        .limit(MOST_AT_ONCE)
        .subquery()
    )
    has_place = select(LogLeaf.entry_id).where(LogLeaf.entry_id == looked_at.c.id).exists()
    without = db.session.scalar(select(func.min(looked_at.c.id)).where(~has_place))
    if without is not None:
        return max(settled, int(without) - 1)
    last = db.session.scalar(select(func.max(looked_at.c.id)))
    return settled if last is None else int(last)
