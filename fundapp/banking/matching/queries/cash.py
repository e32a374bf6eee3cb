"""Entries of the books that move cash between the cash box and a bank account."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from fundapp.banking.matching.candidates import RECORDED_DAYS, Candidate, cash_entry
from fundapp.banking.models import Match, StatementLine
from fundapp.db import db
from fundapp.ledger.chart import CASH_ON_HAND
from fundapp.ledger.models import EntryKind, JournalEntry, Posting

_MOST_ENTRIES = 400


def list_cash_entries(lines: Sequence[StatementLine]) -> dict[int, list[Candidate]]:
    """Entries, without a line, that move cash between the cash box and the line's account, by the
    id of the line.
    """
    if not lines:
        return {}
    tolerance = timedelta(days=RECORDED_DAYS)
    days = [line.booked_on for line in lines]
    has_line = select(Match.id).where(
        Match.journal_entry_id == JournalEntry.id, Match.undone_at.is_(None)
    )
    reversal = aliased(JournalEntry)
    is_reversed = select(reversal.id).where(reversal.reverses_entry_id == JournalEntry.id)
    transfers = (
        select(JournalEntry, Posting.debit_account_code, Posting.credit_account_code)
        .join(Posting, Posting.entry_id == JournalEntry.id)
        .where(
            JournalEntry.kind == EntryKind.TRANSFER,
            JournalEntry.posting_count == 1,
            JournalEntry.entry_on.between(min(days) - tolerance, max(days) + tolerance),
            JournalEntry.total_satang.in_({line.moved_satang for line in lines}),
            ~has_line.exists(),
            ~is_reversed.exists(),
        )
        .order_by(JournalEntry.entry_on, JournalEntry.id)
        .limit(_MOST_ENTRIES)
    )
    rows = db.session.execute(transfers).all()
    by_line: dict[int, list[Candidate]] = {}
    for line in lines:
        for entry, *sides in rows:
            is_near = abs(entry.entry_on - line.booked_on) <= tolerance
            is_same = entry.total_satang == line.moved_satang and tuple(sides) == cash_sides(line)
            if is_near and is_same:
                by_line.setdefault(line.id, []).append(cash_entry(line, entry))
    return by_line


def cash_sides(line: StatementLine) -> tuple[str, str]:
    """The debit and the credit account of an entry of the line as cash paid in or drawn."""
    bank = line.statement.bank_account.account_code
    return (bank, CASH_ON_HAND) if line.deposit_satang else (CASH_ON_HAND, bank)
