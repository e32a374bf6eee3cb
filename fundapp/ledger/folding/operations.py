"""Folding sealed entries into the sums of each day."""

from sqlalchemy import delete, select, text

from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.ledger.folding.steps import fold_again, fold_next
from fundapp.ledger.models import DayFolding, DaySum
from fundapp.ledger.policy import may_fold_balances

#: ``WHERE true`` tells SQLite that no join goes on at ``ON``. ``CROSS JOIN`` makes it begin with
#: the places of the log.
_ADD_DAYS = text(
    "INSERT INTO account_days (day_on, fund_code, account_code, debit_satang, credit_satang)"
    " SELECT entry_on, fund_code, account_code, sum(debit), sum(credit) FROM ("
    " SELECT moved.entry_on, moved.fund_code, moved.debit_account_code AS account_code,"
    " moved.amount_satang AS debit, 0 AS credit"
    " FROM log_leaves AS leaf CROSS JOIN postings AS moved"
    " WHERE leaf.leaf_index >= :first AND leaf.leaf_index < :last"
    " AND moved.entry_id = leaf.entry_id"
    " UNION ALL"
    " SELECT moved.entry_on, moved.fund_code, moved.credit_account_code, 0, moved.amount_satang"
    " FROM log_leaves AS leaf CROSS JOIN postings AS moved"
    " WHERE leaf.leaf_index >= :first AND leaf.leaf_index < :last"
    " AND moved.entry_id = leaf.entry_id"
    ") AS folded WHERE true GROUP BY entry_on, fund_code, account_code"
    " ON CONFLICT (day_on, fund_code, account_code) DO UPDATE SET"
    " debit_satang = account_days.debit_satang + excluded.debit_satang,"
    " credit_satang = account_days.credit_satang + excluded.credit_satang"
)


def fold_days(*, is_alone: bool = False, actor: Actor) -> int:
    """Fold the next sealed entries into the sums of each day; gives how many, and 0 when nothing is
    left to do.

    It changes no sum that anybody reads, so it leaves no trail. ``is_alone``: nobody else posts.
    Raises ForbiddenError.
    """
    require(may_fold_balances(actor))
    return fold_next(_lock_folding(), _fold, is_alone=is_alone)


def forget_days(*, actor: Actor) -> None:
    """Let the sums be made anew from the first entry; ForbiddenError."""
    require(may_fold_balances(actor))
    folding = _lock_folding()
    db.session.execute(delete(DaySum), execution_options={"synchronize_session": False})
    fold_again(folding)


def _lock_folding() -> DayFolding:
    return db.session.scalars(select(DayFolding).with_for_update()).one()


def _fold(first: int, last: int) -> None:
    db.session.execute(_ADD_DAYS, {"first": first, "last": last})
