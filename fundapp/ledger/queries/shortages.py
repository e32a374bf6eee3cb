"""What funds lack since the bank took back gifts that were spent, and what covers it.

The rows are written where balances are kept (``sql/sqlite/seal_journal_entry.sql``,
``sql/postgresql/fold_fund_balance.sql``); on PostgreSQL income that waits to be folded is added
here, so that a reader sees it at once. A shortage is covered in the order in which its parts were
made, by what comes in, in the order in which it comes. Amounts are satang.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from fundapp.db import db
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import (
    BalanceDelta,
    EntryKind,
    FundBalance,
    JournalEntry,
    ShortageChange,
)


@dataclass(frozen=True, slots=True)
class ShortageStep:
    """An entry that made, raised or covered a part of a fund's shortage. ``change_satang`` is below
    zero where it covered some, ``shortage_satang`` is what the fund lacked after it.
    """

    number: str
    kind: EntryKind
    entry_on: date
    change_satang: int
    shortage_satang: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a fund lacks now, and each step since it lacked nothing, oldest first."""

    fund_code: str
    satang: int
    steps: Sequence[ShortageStep]

    @property
    def since_on(self) -> date:
        """The day in the books of what made it."""
        return self.steps[0].entry_on


@dataclass(frozen=True, slots=True)
class SpentGift:
    """The part of a gift, taken back by the bank, that its fund had spent; and what covered it."""

    fund_code: str
    satang: int
    covered_by: Sequence[ShortageStep]

    @property
    def open_satang(self) -> int:
        """What nothing has covered yet."""
        return self.satang + sum(step.change_satang for step in self.covered_by)


def list_shortages() -> dict[str, Shortage]:
    """The funds that lack money now, by code."""
    short = select(FundBalance.fund_code).where(FundBalance.shortage_satang > 0)
    found = (_shortage(code) for code in db.session.scalars(short.order_by(FundBalance.fund_code)))
    return {shortage.fund_code: shortage for shortage in found if shortage.satang}


def list_spent_of(entry_id: int) -> list[SpentGift]:
    """What was spent of the gift that this entry says was taken back, by fund; often nothing."""
    changes = select(ShortageChange).where(
        ShortageChange.entry_id == entry_id, ShortageChange.change_satang > 0
    )
    return [_spent(change) for change in db.session.scalars(changes.order_by("fund_code"))]


def _shortage(fund_code: str) -> Shortage:
    last_zero = (
        select(func.coalesce(func.max(ShortageChange.number), 0))
        .where(ShortageChange.fund_code == fund_code, ShortageChange.shortage_satang == 0)
        .scalar_subquery()
    )
    steps = list(_steps(fund_code, last_zero))
    return Shortage(fund_code, steps[-1].shortage_satang, steps)


def _spent(change: ShortageChange) -> SpentGift:
    """Older parts of the shortage are covered before this one."""
    older, own = change.shortage_satang - change.change_satang, change.change_satang
    covered_by = []
    for step in _steps(change.fund_code, change.number):
        covers = max(-step.change_satang, 0)
        taken_by_older = min(covers, older)
        older -= taken_by_older
        satang = min(covers - taken_by_older, own)
        if satang:
            own -= satang
            covered_by.append(replace(step, change_satang=-satang))
        if not own:
            break
    return SpentGift(change.fund_code, change.change_satang, covered_by)


def _steps(fund_code: str, after: object) -> Iterator[ShortageStep]:
    """The fund's steps after the one of this number, with those that wait to be folded."""
    columns = (JournalEntry.id, JournalEntry.kind, JournalEntry.entry_on)
    kept = (
        select(*columns, ShortageChange.change_satang, ShortageChange.shortage_satang)
        .join(ShortageChange, ShortageChange.entry_id == JournalEntry.id)
        .where(ShortageChange.fund_code == fund_code, ShortageChange.number > after)
        .order_by(ShortageChange.number)
    )
    for entry_id, kind, entry_on, change, left in db.session.execute(kept):
        yield ShortageStep(entry_number(entry_id), kind, entry_on, change, left)
    balance = select(FundBalance.shortage_satang).where(FundBalance.fund_code == fund_code)
    lacking = db.session.scalars(balance).one()
    waiting = (
        select(*columns, BalanceDelta.available_satang)
        .join(BalanceDelta, BalanceDelta.entry_id == JournalEntry.id)
        .where(BalanceDelta.fund_code == fund_code, BalanceDelta.available_satang > 0)
        .order_by(JournalEntry.id)
    )
    for entry_id, kind, entry_on, satang in db.session.execute(waiting) if lacking else ():
        covers = min(satang, lacking)
        lacking -= covers
        if covers:
            yield ShortageStep(entry_number(entry_id), kind, entry_on, -covers, lacking)
