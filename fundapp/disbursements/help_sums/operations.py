"""Folding sealed entries into the sums of the help of each district."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, select, text

from fundapp.access.actors import Actor, require
from fundapp.db import Day, db
from fundapp.disbursements.help_sums.sources import OF_ALL_LEAVES, OF_LEAVES
from fundapp.disbursements.models import HelpDay, HelpFolding, HelpMonth
from fundapp.ledger.folding.steps import MOST_AT_ONCE, fold_next
from fundapp.ledger.periods import month_start
from fundapp.ledger.policy import may_fold_balances

#: By (day, district, fund, account): debits and credits.
_Sums = dict[tuple[date, str, str, str], list[int]]

_ADD = {
    table: text(
        f"INSERT INTO {table} ({day}, district_code, fund_code, account_code, debit_satang,"  # noqa: S608
        " credit_satang) VALUES (:day, :district, :fund, :account, :debit, :credit)"
        f" ON CONFLICT ({day}, district_code, fund_code, account_code) DO UPDATE SET"
        f" debit_satang = {table}.debit_satang + excluded.debit_satang,"
        f" credit_satang = {table}.credit_satang + excluded.credit_satang"
    ).bindparams(bindparam("day", type_=Day))
    for table, day in (("help_days", "day_on"), ("help_months", "month_on"))
}


def fold_help(*, is_alone: bool = False, actor: Actor) -> int:
    """Fold the next sealed entries into the sums of help; gives how many, and 0 when nothing is
    left to do. From the beginning all at once, as requests tell their entries.

    It changes no sum that anybody reads, so it leaves no trail. ``is_alone``: nobody else posts.
    Raises ForbiddenError.
    """
    require(may_fold_balances(actor))
    folding = _lock_folding()
    most = MOST_AT_ONCE if folding.leaf_count else None
    return fold_next(folding, _fold, is_alone=is_alone, most=most)


def forget_help(*, actor: Actor) -> None:
    """Let the sums be made anew from the first entry; ForbiddenError."""
    require(may_fold_balances(actor))
    _lock_folding().leaf_count = 0
    db.session.flush()


def _lock_folding() -> HelpFolding:
    return db.session.scalars(select(HelpFolding).with_for_update()).one()


def _fold(first: int, last: int) -> None:
    if first == 0:
        for table in (HelpDay, HelpMonth):
            db.session.execute(delete(table), execution_options={"synchronize_session": False})
    statement = text(OF_LEAVES if first else OF_ALL_LEAVES).columns(entry_on=Day)
    rows = db.session.execute(statement, {"first": first, "last": last}).all()
    _add("help_days", rows, lambda day: day)
    _add("help_months", rows, month_start)


def _add(table: str, rows: Iterable[Any], key_of: Any) -> None:
    sums: _Sums = defaultdict(lambda: [0, 0])
    for row in rows:
        own = key_of(row.entry_on), row.district_code, row.fund_code
        sums[*own, row.debit_account_code][0] += int(row.satang)
        sums[*own, row.credit_account_code][1] += int(row.satang)
    added = [
        {
            "day": day, "district": district, "fund": fund, "account": account,
            "debit": debit, "credit": credit,
        }
        for (day, district, fund, account), (debit, credit) in sums.items()
    ]  # fmt: skip
    if added:
        db.session.execute(_ADD[table], added)
