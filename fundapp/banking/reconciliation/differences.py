"""Lines of a bank that have no entry in the books within some days, and entries without a line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    CompoundSelect,
    Select,
    Text,
    bindparam,
    case,
    func,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from fundapp.banking.models import BankAccount, LineStatus, Match, StatementLine
from fundapp.db import Day, db
from fundapp.disbursements.models import Payout
from fundapp.giving.models import Payment
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import REVERSING, Fund, JournalEntry, Posting
from fundapp.ledger.queries import is_of_kinds

_Pairs = Select[int, date, int, int, date]
#: What statements are asked with: the account at the bank and in the books, the days, the funds.
_BANK, _BOOK = bindparam("bank", type_=Text), bindparam("book", type_=Text)
_FROM_ON, _TO_ON = bindparam("from_on", type_=Day), bindparam("to_on", type_=Day)
_FUNDS: BindParameter[Any] = bindparam("funds", expanding=True)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_MOVED = StatementLine.deposit_satang + StatementLine.withdrawal_satang
#: Differences that a page shows; sums and counts cover all of them.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class DifferenceItem:
    """One difference: a line, or an entry with its number and memo.

    ``counterpart_on`` is the day of what it is matched to, when that is outside the days: of the
    entry of a line that was booked in another month, of the line of such an entry.
    """

    day: date
    satang: int
    line: StatementLine | None = None
    entry_number: str | None = None
    memo: str = ""
    counterpart_on: date | None = None


@dataclass(frozen=True, slots=True)
class Differences:
    """Differences of one kind: count and sum of all, and the first ones in detail."""

    count: int
    total_satang: int
    shown: Sequence[DifferenceItem]


def ask_for(account: BankAccount, from_on: date, day: date) -> dict[str, Any]:
    """What each statement here is asked with. They are put together once: that takes longer than
    to ask them.
    """
    return {
        "bank": account.code,
        "book": account.account_code,
        "from_on": from_on,
        "to_on": day,
        # Naming the few funds lets each be one range of the index (account, fund, day).
        "funds": list(db.session.scalars(select(Fund.code).order_by(Fund.code))),
    }


def _all_pairs() -> _Pairs:
    """(line id, day of the line, amount, entry id, day of the entry) of the matches of an account.

    A line that is split has a row for each part.
    """
    entry_id = func.coalesce(
        Match.journal_entry_id, Payment.journal_entry_id, Payout.journal_entry_id
    ).label("entry_id")
    return (
        select(
            Match.line_id,
            StatementLine.booked_on,
            Match.amount_satang,
            entry_id,
            JournalEntry.entry_on,
        )
        .join(StatementLine, StatementLine.id == Match.line_id)
        .outerjoin(Payment, Payment.id == Match.payment_id)
        .outerjoin(Payout, Payout.id == Match.payout_id)
        .join(JournalEntry, JournalEntry.id == entry_id)
        .where(Match.undone_at.is_(None), Match.bank_account_code == _BANK)
    )


def _matched_pairs() -> CTE:
    """(line id, amount, entry id, amount of the line) of those whose line and entry are both within
    the days; a statement that asks for them several times finds them once.
    """
    # Sought by the keys of the lines of these days: joined, PostgreSQL reads all matches and all
    # that they are with.
    payment = select(Payment.journal_entry_id).where(Payment.id == Match.payment_id)
    payout = select(Payout.journal_entry_id).where(Payout.id == Match.payout_id)
    entry_id = func.coalesce(
        Match.journal_entry_id, payment.scalar_subquery(), payout.scalar_subquery()
    )
    of_lines = (
        select(
            Match.line_id,
            Match.amount_satang,
            entry_id.label("entry_id"),
            _MOVED.label("moved_satang"),
        )
        .join(StatementLine, StatementLine.id == Match.line_id)
        .where(
            Match.undone_at.is_(None),
            Match.bank_account_code == _BANK,
            # The line's account as well, so that the lines of some days are one range of an index.
            StatementLine.bank_account_code == _BANK,
            StatementLine.booked_on.between(_FROM_ON, _TO_ON),
        )
        .cte("of_lines")
        # Each entry is sought once.
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return (
        select(*of_lines.c)
        .join(JournalEntry, JournalEntry.id == of_lines.c.entry_id)
        .where(JournalEntry.entry_on.between(_FROM_ON, _TO_ON))
        .cte("matched")
    )


@cache
def _days_of_entries() -> _Pairs:
    """The pairs of the lines with these ``ids``."""
    return _all_pairs().where(Match.line_id.in_(_IDS))


@cache
def _days_of_lines() -> CompoundSelect[int, date, int, int, date]:
    """The pairs of the entries with these ``ids``."""
    # Asked of each kind of target: else all matches of the account are read for the entry's id.
    of_entry = (
        Match.journal_entry_id.in_(_IDS),
        Match.payment_id.in_(select(Payment.id).where(Payment.journal_entry_id.in_(_IDS))),
        Match.payout_id.in_(select(Payout.id).where(Payout.journal_entry_id.in_(_IDS))),
    )
    return union_all(*(_all_pairs().where(condition) for condition in of_entry))


def sum_differences(asked: dict[str, Any]) -> tuple[Differences, Differences]:
    """How many lines and entries differ, and what they come to, in one statement."""
    row = db.session.execute(_sums_of_both(), asked).one()
    lines_count, lines_total, entries_count, entries_total = (int(each or 0) for each in row)
    return Differences(lines_count, lines_total, ()), Differences(entries_count, entries_total, ())


def lines_without_entry(asked: dict[str, Any]) -> Differences:
    """Lines within the days, or what is left of them, without an entry within the days."""
    rows = db.session.execute(_first_lines(), asked).all()
    count, total = _sum_all(rows, _sums_of_lines, asked)
    rows = rows[:SHOWN]
    pairs = db.session.execute(_days_of_entries(), {**asked, "ids": [row[0].id for row in rows]})
    booked = {line_id: entry_on for line_id, _, _, _, entry_on in pairs}
    shown = [
        DifferenceItem(
            line.booked_on,
            int(satang),
            line=line,
            counterpart_on=booked.get(line.id),
        )
        for line, satang in rows
    ]
    return Differences(count, total, shown)


@cache
def _first_lines() -> Select[StatementLine, int]:
    wanted = _lines_left(_matched_pairs())
    in_order = wanted.order_by(StatementLine.booked_on, StatementLine.day_position)
    return in_order.limit(SHOWN + 1)


def _lines_left(matched: CTE) -> Select[StatementLine, int]:
    """Lines within the days that are not matched as a whole, with what is left of each."""
    sums = (
        select(matched.c.line_id, func.sum(matched.c.amount_satang).label("satang"))
        .group_by(matched.c.line_id)
        .subquery()
    )
    # Sought by itself: PostgreSQL would compare each line with each of the sums.
    is_settled = (
        select(matched.c.line_id)
        .group_by(matched.c.line_id, matched.c.moved_satang)
        .having(func.sum(matched.c.amount_satang) == matched.c.moved_satang)
    )
    left = _MOVED - func.coalesce(sums.c.satang, 0)
    signed = case((StatementLine.deposit_satang > 0, left), else_=-left).label("satang")
    return (
        select(StatementLine, signed)
        .outerjoin(sums, sums.c.line_id == StatementLine.id)
        .where(
            StatementLine.bank_account_code == _BANK,
            StatementLine.status != LineStatus.WITHDRAWN,
            StatementLine.booked_on.between(_FROM_ON, _TO_ON),
            StatementLine.id.not_in(is_settled),
        )
    )


def entries_without_line(asked: dict[str, Any]) -> Differences:
    """Entries of the account within the days that have no line within the days.

    An entry and its reversal cancel each other out and are left out.
    """
    rows = db.session.execute(_first_entries(), asked).all()
    count, total = _sum_all(rows, _sums_of_entries, asked)
    rows = rows[:SHOWN]
    pairs = db.session.execute(_days_of_lines(), {**asked, "ids": [row[0].id for row in rows]})
    stated = {entry_id: booked_on for _, booked_on, _, entry_id, _ in pairs}
    shown = [
        DifferenceItem(
            entry.entry_on,
            int(satang),
            entry_number=entry_number(entry.id),
            memo=entry.memo,
            counterpart_on=stated.get(entry.id),
        )
        for entry, satang in rows
    ]
    return Differences(count, total, shown)


@cache
def _first_entries() -> Select[JournalEntry, int]:
    left = _entries_left(_matched_pairs())
    in_order = left.order_by(left.selected_columns.entry_on, left.selected_columns.entry_id)
    first = in_order.limit(SHOWN + 1).subquery().c
    return (
        select(JournalEntry, first.satang)
        .join(JournalEntry, JournalEntry.id == first.entry_id)
        .order_by(first.entry_on, first.entry_id)
    )


def _entries_left(matched: CTE) -> Select[date, int, int]:
    """(day, entry id, amount) of entries within the days that are not settled within them."""
    moved = _moved().subquery().c
    return (
        select(moved.entry_on, moved.entry_id, func.sum(moved.satang).label("satang"))
        .where(moved.entry_id.not_in(select(_settled(matched).c.entry_id)))
        .group_by(moved.entry_on, moved.entry_id)
        # Money that only changed the fund stayed in the account.
        .having(func.sum(moved.satang) != 0)
    )


@cache
def _sums_of_lines() -> Select[Any, Any]:
    """How many lines differ, and what they come to."""
    return _sums(_lines_left(_matched_pairs()))


@cache
def _sums_of_entries() -> Select[Any, Any]:
    """The same of entries."""
    return _sums(_entries_left(_matched_pairs()))


@cache
def _sums_of_both() -> Select[Any, Any, Any, Any]:
    """The two of lines, then those of entries."""
    matched = _matched_pairs()
    lines = _sums(_lines_left(matched)).subquery()
    entries = _sums(_entries_left(matched)).subquery()
    return select(*lines.c, *entries.c).join_from(lines, entries, true())


def _sums(rows: Select[Any, Any] | Select[Any, Any, Any]) -> Select[Any, Any]:
    left = rows.with_only_columns(rows.selected_columns.satang).subquery().c
    return select(func.count().label("count"), func.sum(left.satang).label("satang"))


def sum_lines(asked: dict[str, Any]) -> int:
    """What `lines_without_entry` come to."""
    return _count_and_sum(_sums_of_lines(), asked)[1]


def sum_settled(asked: dict[str, Any]) -> int:
    """What the settled entries moved on the account."""
    return int(db.session.scalar(_sum_of_settled(), asked) or 0)


@cache
def _sum_of_settled() -> Select[Any]:
    moved = case((Posting.debit_account_code == _BOOK, Posting.amount_satang), else_=0) - case(
        (Posting.credit_account_code == _BOOK, Posting.amount_satang), else_=0
    )
    settled = _settled(_matched_pairs())
    return select(func.sum(moved)).where(Posting.entry_id.in_(select(settled.c.entry_id)))


def _settled(matched: CTE) -> CTE:
    """Entries that have a line, or a reversal, within the days."""
    return union_all(select(matched.c.entry_id), _reversed_pairs(matched)).cte("settled")


def _moved() -> CompoundSelect[Any]:
    """(entry id, day, signed amount) of the postings to the account within the days."""
    sides = (
        select(Posting.entry_id, Posting.entry_on, amount.label("satang")).where(
            side == _BOOK, Posting.fund_code.in_(_FUNDS), Posting.entry_on.between(_FROM_ON, _TO_ON)
        )
        for side, amount in (
            (Posting.debit_account_code, Posting.amount_satang),
            (Posting.credit_account_code, -Posting.amount_satang),
        )
    )
    return union_all(*sides)


def _reversed_pairs(matched: CTE) -> Select[Any]:
    """Entries and their reversals when both are within the days and neither has a line."""
    original, reversal = aliased(JournalEntry), aliased(JournalEntry)
    with_line = select(matched.c.entry_id)
    pairs = (
        select(original.id.label("original_id"), reversal.id.label("reversal_id"))
        .join(original, reversal.reverses_entry_id == original.id)
        .where(
            # The few reversals come first: each knows its original.
            is_of_kinds(*REVERSING, entry=reversal),
            reversal.entry_on.between(_FROM_ON, _TO_ON),
            original.entry_on.between(_FROM_ON, _TO_ON),
            original.id.not_in(with_line),
            reversal.id.not_in(with_line),
        )
        .subquery()
        .c
    )
    both = union_all(select(pairs.original_id.label("id")), select(pairs.reversal_id)).subquery()
    return select(both.c.id)


def _sum_all(
    rows: Sequence[Any], sums: Callable[[], Select[Any, Any]], asked: dict[str, Any]
) -> tuple[int, int]:
    """How many there are and what they come to: of these rows, if they are all."""
    if len(rows) > SHOWN:
        return _count_and_sum(sums(), asked)
    return len(rows), sum(int(satang) for _row, satang in rows)


def _count_and_sum(statement: Select[Any, Any], asked: dict[str, Any]) -> tuple[int, int]:
    count, total = db.session.execute(statement, asked).one()
    return int(count), int(total or 0)
