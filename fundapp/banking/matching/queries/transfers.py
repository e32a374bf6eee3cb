"""Money that moves between a fund's own accounts: entries that lines may belong to, and the moves
that are possible.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import permutations

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import aliased

from fundapp.banking.matching.candidates import RECORDED_DAYS, Candidate, transfer_entry
from fundapp.banking.matching.queries.returns import load_entries
from fundapp.banking.matching.workflow import OPEN_STATUSES
from fundapp.banking.models import Match, StatementLine
from fundapp.db import db
from fundapp.ledger.models import Account, EntryKind, Fund, JournalEntry, Posting
from fundapp.ledger.queries import find_holdings, is_of_kinds, list_accounts, list_open_funds

_MOST_ENTRIES = 400
_MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class OwnMove:
    """A way in which money of a fund can move: from one of its accounts to another.

    ``held_satang`` lies in the first account of the fund, ``in_all_satang`` of all funds.
    ``other_line`` is the line at the other end, if it is there already.
    """

    fund: Fund
    from_account: Account
    to_account: Account
    held_satang: int
    in_all_satang: int
    other_line: StatementLine | None = None

    @property
    def key(self) -> str:
        """What a form sends for it."""
        codes = (self.fund.code, self.from_account.code, self.to_account.code)
        return " ".join((*codes, *([self.other_line.public_id] if self.other_line else [])))


def list_own_moves() -> list[OwnMove]:
    """Every move between two accounts of the same fund, by fund."""
    accounts = {account.code: account for account in list_accounts()}
    holdings = find_holdings()
    return [
        OwnMove(
            fund,
            accounts[from_code],
            accounts[to_code],
            holdings.of_fund(fund.code, from_code),
            holdings.in_all(from_code),
        )
        for fund in list_open_funds()
        for from_code, to_code in permutations(fund.own_account_codes, 2)
    ]


def list_moves_of_line(line: StatementLine) -> list[OwnMove]:
    """The moves that a line may be, those whose other line is there already first."""
    here = line.statement.bank_account.account_code
    fitting = [
        move
        for move in list_own_moves()
        if here == (move.to_account if line.deposit_satang else move.from_account).code
    ]
    with_line = [
        OwnMove(
            move.fund,
            move.from_account,
            move.to_account,
            move.held_satang,
            move.in_all_satang,
            other,
        )
        for other in _lines_at_the_other_end(line)
        for move in fitting
        if other.statement.bank_account.account_code
        in (move.from_account.code, move.to_account.code)
    ]
    return [*with_line, *fitting]


def _lines_at_the_other_end(line: StatementLine) -> Iterator[StatementLine]:
    """Open lines of other accounts with the same amount the other way about the same day."""
    tolerance = timedelta(days=RECORDED_DAYS)
    return iter(
        db.session.scalars(
            select(StatementLine)
            .where(
                StatementLine.bank_account_code != line.bank_account_code,
                StatementLine.deposit_satang == line.withdrawal_satang,
                StatementLine.withdrawal_satang == line.deposit_satang,
                StatementLine.booked_on.between(
                    line.booked_on - tolerance, line.booked_on + tolerance
                ),
                StatementLine.status.in_(OPEN_STATUSES),
            )
            .order_by(StatementLine.booked_on, StatementLine.id)
            .limit(_MOST_LINES)
        )
    )


def list_transfer_entries(lines: Sequence[StatementLine]) -> dict[int, list[Candidate]]:
    """Entries that move money between the line's account and another, or give a gift back, and have
    no line in this account yet, by the id of the line.
    """
    if not lines:
        return {}
    tolerance = timedelta(days=RECORDED_DAYS)
    days = [line.booked_on for line in lines]
    asked = {
        "first": min(days) - tolerance,
        "last": max(days) + tolerance,
        "amounts": sorted({line.moved_satang for line in lines}),
    }
    rows = db.session.execute(_transfers(), asked).all()
    fitting = [
        (line, row.id)
        for line in (lines if rows else ())
        for row in rows
        if row.total_satang == line.moved_satang
        and abs(row.entry_on - line.booked_on) <= tolerance
        and line.statement.bank_account.account_code
        == (row.debit_account_code if line.deposit_satang else row.credit_account_code)
    ]
    entry_ids = sorted({entry_id for _line, entry_id in fitting})
    taken, entries = _entries_with_line(entry_ids), load_entries(entry_ids)
    by_line: dict[int, list[Candidate]] = {}
    for line, entry_id in fitting:
        if (entry_id, line.bank_account_code) not in taken:
            candidate = transfer_entry(line, entries[entry_id])
            by_line.setdefault(line.id, []).append(candidate)
    return by_line


@cache
def _transfers() -> Select[int, date, int, str, str]:
    """The entries of these amounts and days, with the accounts between which they move money: put
    together once, as that took longer than to ask it.
    """
    reversal, other = aliased(JournalEntry), aliased(Posting)
    # Cash of several funds is paid in at once: all postings move between the same two accounts.
    moves_otherwise = select(other.entry_id).where(
        other.entry_id == Posting.entry_id,
        or_(
            other.debit_account_code != Posting.debit_account_code,
            other.credit_account_code != Posting.credit_account_code,
        ),
    )
    is_reversed = select(reversal.id).where(reversal.reverses_entry_id == JournalEntry.id)
    return (
        select(
            JournalEntry.id,
            JournalEntry.entry_on,
            JournalEntry.total_satang,
            Posting.debit_account_code,
            Posting.credit_account_code,
        )
        .join(Posting, (Posting.entry_id == JournalEntry.id) & (Posting.position == 1))
        .where(
            is_of_kinds(EntryKind.TRANSFER, EntryKind.REFUND_PAID, EntryKind.REVERSAL),
            ~moves_otherwise.exists() | (JournalEntry.source_type == "refund"),
            (JournalEntry.kind != EntryKind.REVERSAL) | (JournalEntry.source_type == "refund"),
            JournalEntry.entry_on.between(bindparam("first"), bindparam("last")),
            JournalEntry.total_satang.in_(bindparam("amounts", expanding=True)),
            # What the bank sent back did leave first.
            ~is_reversed.exists() | (JournalEntry.source_type == "refund"),
        )
        .order_by(JournalEntry.entry_on, JournalEntry.id)
        .limit(_MOST_ENTRIES)
    )


def _entries_with_line(entry_ids: Sequence[int]) -> set[tuple[int, str]]:
    """(entry id, bank account code) of the entries that have a line on the account."""
    if not entry_ids:
        return set()
    active = select(Match.journal_entry_id, Match.bank_account_code).where(
        Match.journal_entry_id.in_(entry_ids), Match.undone_at.is_(None)
    )
    return {(entry_id, code) for entry_id, code in db.session.execute(active) if entry_id}
