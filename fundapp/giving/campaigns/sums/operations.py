"""Folding sealed entries into the sums of campaigns."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, select, text

from fundapp.access.actors import Actor, require
from fundapp.db import BigInt, Day, connection_of_work, db
from fundapp.db.many_rows import write_rows
from fundapp.giving.campaigns.sums.sources import OF_LEAVES
from fundapp.giving.models import CampaignFolding, CampaignMonth, CampaignPosting
from fundapp.ledger.folding.steps import fold_again, fold_next
from fundapp.ledger.periods import month_start
from fundapp.ledger.policy import may_fold_balances

_ADD_MONTH = text(
    "INSERT INTO campaign_months (month_on, campaign_id, account_code, debit_satang,"
    " credit_satang) VALUES (:month_on, :campaign_id, :account_code, :debit, :credit)"
    " ON CONFLICT (month_on, campaign_id, account_code) DO UPDATE SET"
    " debit_satang = campaign_months.debit_satang + excluded.debit_satang,"
    " credit_satang = campaign_months.credit_satang + excluded.credit_satang"
).bindparams(bindparam("month_on", type_=Day))
_NO_OBJECTS = {"synchronize_session": False}


def fold_campaigns(*, is_alone: bool = False, actor: Actor) -> int:
    """Fold the next sealed entries into the sums of campaigns; gives how many, and 0 when
    nothing is left to do.

    It changes no sum that anybody reads, so it leaves no trail. ``is_alone``: nobody else posts, so
    no entry is under way whose id is smaller than those that are there. Raises ForbiddenError.
    """
    require(may_fold_balances(actor))
    return fold_next(_lock_folding(), _fold, is_alone=is_alone)


def forget_campaign_sums(*, actor: Actor) -> None:
    """Let the sums be made anew from the first entry; ForbiddenError."""
    require(may_fold_balances(actor))
    folding = _lock_folding()
    for table in (CampaignMonth, CampaignPosting):
        db.session.execute(delete(table), execution_options=_NO_OBJECTS)
    fold_again(folding)


def _lock_folding() -> CampaignFolding:
    return db.session.scalars(select(CampaignFolding).with_for_update()).one()


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
