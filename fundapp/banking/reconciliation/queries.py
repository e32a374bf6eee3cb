"""Bank reconciliation: the bank's balance, the books' balance of an account, and each difference.

A reconciliation covers the month of the day asked for, so its cost does not grow with the journal:
the difference at the beginning of the month is one item, which the reconciliation of the day before
explains. From then on

    bank − books = brought forward + lines without entry − entries without line + days not covered

where a line and an entry belong together when they are matched and both are within the days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CTE, CompoundSelect, Select, case, func, select, union_all
from sqlalchemy.orm import aliased

from fundapp.banking.models import BankAccount, LineStatus, Match, Statement, StatementLine
from fundapp.banking.statement_files.queries import find_bank_balance, find_last_day
from fundapp.db import db
from fundapp.disbursements.models import Payout
from fundapp.giving.models import Payment
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import REVERSING, Fund, JournalEntry, Posting
from fundapp.ledger.periods import month_start
from fundapp.ledger.queries import balances_as_of, is_of_kinds

_DAY = timedelta(days=1)
_Pairs = Select[int, date, int, int, date]
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


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """An account at the end of ``day``. Amounts are satang, money in positive."""

    account: BankAccount
    day: date
    from_on: date
    bank_satang: int
    book_satang: int
    brought_forward_satang: int
    lines: Differences
    entries: Differences

    @property
    def difference_satang(self) -> int:
        """Bank less books."""
        return self.bank_satang - self.book_satang

    @property
    def unexplained_satang(self) -> int:
        """What no item explains: movements on days that no statement covers. Normally 0."""
        explained = (
            self.brought_forward_satang + self.lines.total_satang - self.entries.total_satang
        )
        return self.difference_satang - explained


def reconcile(account: BankAccount, day: date) -> Reconciliation | None:
    """The reconciliation of ``day``, or of the last day before it that a statement covers.

    None when every statement of the account begins later.
    """
    last_day = find_last_day(account.code, day)
    bank_satang = find_bank_balance(account.code, last_day) if last_day else None
    if last_day is None or bank_satang is None:
        return None
    from_on, opening = _start(account.code, last_day)
    matched = _matched_pairs(account, from_on, last_day)
    return Reconciliation(
        account=account,
        day=last_day,
        from_on=from_on,
        bank_satang=bank_satang,
        book_satang=_book_balance(account, last_day),
        brought_forward_satang=opening - _book_balance(account, from_on - _DAY),
        lines=_lines_without_entry(account, from_on, last_day, matched),
        entries=_entries_without_line(account, from_on, last_day, matched),
    )


def find_unexplained(account: BankAccount, day: date) -> tuple[date, int] | None:
    """The day of the reconciliation of ``day`` and what it does not explain, without its items.

    The balances of the books are not read: what the entries moved stands on both sides, but for
    those that are settled.
    """
    last_day = find_last_day(account.code, day)
    bank_satang = find_bank_balance(account.code, last_day) if last_day else None
    if last_day is None or bank_satang is None:
        return None
    from_on, opening = _start(account.code, last_day)
    matched = _matched_pairs(account, from_on, last_day)
    _count, lines = _sum_lines(_lines_left(account, from_on, last_day, matched))
    settled = _settled(from_on, last_day, matched)
    code = account.account_code
    moved = case((Posting.debit_account_code == code, Posting.amount_satang), else_=0) - case(
        (Posting.credit_account_code == code, Posting.amount_satang), else_=0
    )
    of_settled = select(func.sum(moved)).where(Posting.entry_id.in_(select(settled.c.entry_id)))
    entries = db.session.scalar(of_settled) or 0
    return last_day, bank_satang - opening - lines - int(entries)


def _start(account_code: str, day: date) -> tuple[date, int]:
    """The first day of the reconciliation and the bank's balance before it."""
    month = month_start(day)
    before = find_bank_balance(account_code, month - _DAY)
    if before is not None:
        return month, before
    first = (
        select(Statement.from_on, Statement.opening_satang)
        .where(
            Statement.bank_account_code == account_code,
            Statement.undone_at.is_(None),
            Statement.to_on >= month,
            Statement.from_on <= day,
        )
        .order_by(Statement.from_on, Statement.to_on.desc(), Statement.id.desc())
        .limit(1)
    )
    from_on, opening = db.session.execute(first).one()
    return from_on, opening


def _book_balance(account: BankAccount, day: date) -> int:
    """Debits less credits of the account in the books at the end of ``day``."""
    moved = balances_as_of(day, account_codes=[account.account_code])
    return sum(each.balance_satang for each in moved.values())


def _all_pairs(account: BankAccount) -> _Pairs:
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
        .where(Match.undone_at.is_(None), Match.bank_account_code == account.code)
    )


def _matched_pairs(account: BankAccount, from_on: date, day: date) -> CTE:
    """Those whose line and entry are both within the days; a statement that asks for them several
    times finds them once.
    """
    within = _all_pairs(account).where(
        # The line's account as well, so that the lines of some days are one range of an index.
        StatementLine.bank_account_code == account.code,
        StatementLine.booked_on.between(from_on, day),
        JournalEntry.entry_on.between(from_on, day),
    )
    return within.add_columns(_MOVED.label("moved_satang")).cte("matched")


def _days_of_entries(account: BankAccount, line_ids: Sequence[int]) -> dict[int, date]:
    """The days of the entries that lines are matched to, by the id of the line."""
    pairs = _all_pairs(account).where(Match.line_id.in_(line_ids))
    return {line_id: entry_on for line_id, _, _, _, entry_on in db.session.execute(pairs)}


def _days_of_lines(account: BankAccount, entry_ids: Sequence[int]) -> dict[int, date]:
    """The days of the lines that entries are matched to, by the id of the entry."""
    # Asked of each kind of target: else all matches of the account are read for the entry's id.
    of_entry = (
        Match.journal_entry_id.in_(entry_ids),
        Match.payment_id.in_(select(Payment.id).where(Payment.journal_entry_id.in_(entry_ids))),
        Match.payout_id.in_(select(Payout.id).where(Payout.journal_entry_id.in_(entry_ids))),
    )
    pairs = union_all(*(_all_pairs(account).where(condition) for condition in of_entry))
    return {entry_id: booked_on for _, booked_on, _, entry_id, _ in db.session.execute(pairs)}


def _lines_without_entry(
    account: BankAccount, from_on: date, day: date, matched: CTE
) -> Differences:
    """Lines within the days, or what is left of them, without an entry within the days."""
    wanted = _lines_left(account, from_on, day, matched)
    in_order = wanted.order_by(StatementLine.booked_on, StatementLine.day_position)
    rows = db.session.execute(in_order.limit(SHOWN + 1)).all()
    if len(rows) > SHOWN:
        count, total = _sum_lines(wanted)
    else:
        count, total = len(rows), sum(int(satang) for _line, satang in rows)
    rows = rows[:SHOWN]
    booked = _days_of_entries(account, [line.id for line, _ in rows])
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


def _lines_left(
    account: BankAccount, from_on: date, day: date, matched: CTE
) -> Select[StatementLine, int]:
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
            StatementLine.bank_account_code == account.code,
            StatementLine.status != LineStatus.WITHDRAWN,
            StatementLine.booked_on.between(from_on, day),
            StatementLine.id.not_in(is_settled),
        )
    )


def _sum_lines(lines: Select[StatementLine, int]) -> tuple[int, int]:
    left = lines.with_only_columns(lines.selected_columns.satang).subquery().c
    return _count_and_sum(select(func.count(), func.sum(left.satang)))


def _entries_without_line(
    account: BankAccount, from_on: date, day: date, matched: CTE
) -> Differences:
    """Entries of the account within the days that have no line within the days.

    An entry and its reversal cancel each other out and are left out.
    """
    moved = _moved_on(account, from_on, day).subquery().c
    settled = _settled(from_on, day, matched)
    grouped = (
        select(moved.entry_on, moved.entry_id, func.sum(moved.satang).label("satang"))
        .where(moved.entry_id.not_in(select(settled.c.entry_id)))
        .group_by(moved.entry_on, moved.entry_id)
        # Money that only changed the fund stayed in the account.
        .having(func.sum(moved.satang) != 0)
    )
    first = grouped.order_by(moved.entry_on, moved.entry_id).limit(SHOWN + 1).subquery().c
    rows = db.session.execute(
        select(JournalEntry, first.satang)
        .join(JournalEntry, JournalEntry.id == first.entry_id)
        .order_by(first.entry_on, first.entry_id)
    ).all()
    if len(rows) > SHOWN:
        every = grouped.subquery().c
        count, total = _count_and_sum(select(func.count(), func.sum(every.satang)))
    else:
        count, total = len(rows), sum(int(satang) for _entry, satang in rows)
    rows = rows[:SHOWN]
    stated = _days_of_lines(account, [entry.id for entry, _ in rows])
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


def _settled(from_on: date, day: date, matched: CTE) -> CTE:
    """Entries that have a line, or a reversal, within the days."""
    pairs = _reversed_pairs(from_on, day, matched)
    return union_all(select(matched.c.entry_id), pairs).cte("settled")


def _moved_on(account: BankAccount, from_on: date, day: date) -> CompoundSelect[Any]:
    """(entry id, day, signed amount) of the postings to the account within the days."""
    funds = list(db.session.scalars(select(Fund.code)))
    sides = (
        select(Posting.entry_id, Posting.entry_on, amount.label("satang")).where(
            # Naming the few funds lets each be one range of the index (account, fund, day).
            side == account.account_code,
            Posting.fund_code.in_(funds),
            Posting.entry_on.between(from_on, day),
        )
        for side, amount in (
            (Posting.debit_account_code, Posting.amount_satang),
            (Posting.credit_account_code, -Posting.amount_satang),
        )
    )
    return union_all(*sides)


def _reversed_pairs(from_on: date, day: date, matched: CTE) -> Select[Any]:
    """Entries and their reversals when both are within the days and neither has a line."""
    original, reversal = aliased(JournalEntry), aliased(JournalEntry)
    with_line = select(matched.c.entry_id)
    pairs = (
        select(original.id.label("original_id"), reversal.id.label("reversal_id"))
        .join(original, reversal.reverses_entry_id == original.id)
        .where(
            # The few reversals come first: each knows its original.
            is_of_kinds(*REVERSING, entry=reversal),
            reversal.entry_on.between(from_on, day),
            original.entry_on.between(from_on, day),
            original.id.not_in(with_line),
            reversal.id.not_in(with_line),
        )
        .subquery()
        .c
    )
    both = union_all(select(pairs.original_id.label("id")), select(pairs.reversal_id)).subquery()
    return select(both.c.id)


def _count_and_sum(statement: Select[Any, Any]) -> tuple[int, int]:
    count, total = db.session.execute(statement).one()
    return int(count), int(total or 0)
