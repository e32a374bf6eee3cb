"""Payouts of the card processor beside the lines of the bank."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, joinedload

from fundapp.banking.models import LineStatus, Match, Statement, StatementLine
from fundapp.db import count_rows, db
from fundapp.giving.models import ProcessorPayout
from fundapp.giving.queries import list_card_payouts
from fundapp.ledger.models import EntryKind, JournalEntry
from fundapp.paging import MOST_COUNTED

#: Days before and after the processor's day on which a line may be booked.
_BEFORE, _AFTER = timedelta(days=3), timedelta(days=21)
_MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payout in the list, and whether its line is found."""

    payout: ProcessorPayout
    is_in_bank: bool


def count_waiting_payouts() -> int:
    """How many payouts have no line in the bank yet."""
    return count_rows(_waiting().with_only_columns(ProcessorPayout.payout_id))


def list_payout_rows(*, is_waiting: bool = False) -> list[PayoutRow]:
    """The newest payouts; with ``is_waiting`` those that have no line in the bank yet."""
    if is_waiting:
        waiting = _waiting().order_by(ProcessorPayout.arrives_on, ProcessorPayout.payout_id)
        return [PayoutRow(each, False) for each in db.session.scalars(waiting.limit(MOST_COUNTED))]
    payouts = list_card_payouts()
    booked = set(
        db.session.scalars(
            _payout_entries()
            .with_only_columns(JournalEntry.source_ref)
            .where(JournalEntry.source_ref.in_([each.payout_id for each in payouts]))
        )
    )
    return [PayoutRow(each, each.payout_id in booked) for each in payouts]


def find_payout_entry(payout_id: str) -> JournalEntry | None:
    """The entry of a payout that has its line in the bank."""
    of_payout = _payout_entries().where(JournalEntry.source_ref == payout_id)
    return db.session.scalars(of_payout).one_or_none()


def find_payout_line(entry_id: int) -> StatementLine | None:
    """The line that the entry of a payout is matched to."""
    matched = (
        select(StatementLine)
        .join(Match, Match.line_id == StatementLine.id)
        .where(Match.journal_entry_id == entry_id, Match.undone_at.is_(None))
    )
    return db.session.scalars(matched).first()


def list_payout_lines(arrives_on: date, amount_satang: int) -> list[StatementLine]:
    """Lines that may be the payout: of its amount, about its day, and still open."""
    days = arrives_on - _BEFORE, arrives_on + _AFTER
    found = (
        select(StatementLine)
        .where(
            StatementLine.status.in_((LineStatus.UNMATCHED, LineStatus.HELD)),
            StatementLine.deposit_satang == amount_satang,
            StatementLine.booked_on.between(*days),
        )
        .options(joinedload(StatementLine.statement).joinedload(Statement.bank_account))
        .order_by(StatementLine.booked_on, StatementLine.id)
        .limit(_MOST_LINES)
    )
    return list(db.session.scalars(found))


def _waiting() -> Select[ProcessorPayout]:
    booked = _payout_entries().where(JournalEntry.source_ref == ProcessorPayout.payout_id)
    return select(ProcessorPayout).where(~booked.exists())


def _payout_entries() -> Select[JournalEntry]:
    """Entries of payouts that were not reversed."""
    undoing = aliased(JournalEntry)
    undone = select(undoing.id).where(undoing.reverses_entry_id == JournalEntry.id)
    return select(JournalEntry).where(
        JournalEntry.source_type == "card_payout",
        JournalEntry.kind == EntryKind.CARD_PAYOUT,
        ~undone.exists(),
    )
