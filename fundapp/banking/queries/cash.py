"""Cash that the books have on its way between the cash box and an account at the bank."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from fundapp.banking import candidates
from fundapp.banking.candidates import Candidate
from fundapp.banking.models import Match, StatementLine
from fundapp.db import db
from fundapp.ledger.chart import CASH_ON_HAND
from fundapp.ledger.models import EntryKind, JournalEntry, Posting

_MOST = 400


def list_cash_moves(lines: Sequence[StatementLine]) -> dict[int, list[Candidate]]:
    """Entries that move cash between the cash box and the same account, and no line is matched
    to.
    """
    if not lines:
        return {}
    around = timedelta(days=candidates.RECORDED_DAYS)
    days = [line.booked_on for line in lines]
    taken = select(Match.id).where(
        Match.journal_entry_id == JournalEntry.id, Match.undone_at.is_(None)
    )
    reversal = aliased(JournalEntry)
    undone = select(reversal.id).where(reversal.reverses_entry_id == JournalEntry.id)
    statement = (
        select(JournalEntry, Posting.debit_account_code, Posting.credit_account_code)
        .join(Posting, Posting.entry_id == JournalEntry.id)
        .where(
            JournalEntry.kind == EntryKind.TRANSFER,
            JournalEntry.posting_count == 1,
            JournalEntry.entry_on.between(min(days) - around, max(days) + around),
            JournalEntry.total_satang.in_({line.moved_satang for line in lines}),
            ~taken.exists(),
            ~undone.exists(),
        )
        .order_by(JournalEntry.entry_on, JournalEntry.id)
        .limit(_MOST)
    )
    rows = db.session.execute(statement).all()
    found: dict[int, list[Candidate]] = {}
    for line in lines:
        for entry, *sides in rows:
            near = abs(entry.entry_on - line.booked_on) <= around
            same = entry.total_satang == line.moved_satang and tuple(sides) == cash_sides(line)
            if near and same:
                found.setdefault(line.id, []).append(candidates.cash_moved(line, entry))
    return found


def cash_sides(line: StatementLine) -> tuple[str, str]:
    """Debit and credit account when the line is cash paid in or drawn."""
    bank = line.statement.bank_account.account_code
    return (bank, CASH_ON_HAND) if line.deposit_satang else (CASH_ON_HAND, bank)
