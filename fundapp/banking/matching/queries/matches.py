"""Reading what lines are matched to."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import lazyload
from sqlalchemy.orm.interfaces import ORMOption

from fundapp.banking.models import Match, StatementLine
from fundapp.banking.sentences import Sentence, from_json
from fundapp.banking.statement_files.queries import get_line
from fundapp.db import db
from fundapp.disbursements.models import Payout
from fundapp.giving.models import Payment
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import JournalEntry

T = TypeVar("T", Payment, Payout)


@dataclass(frozen=True, slots=True)
class MatchDetail:
    """A match with its payment or payout; a match to an entry of the books has neither.

    ``entry_number`` is the public number of the entry in each case, and ``booked_on`` its day in
    the books, later than the line's when its month was closed.
    """

    match: Match
    payment: Payment | None
    payout: Payout | None
    booked_on: date | None
    entry_number: str | None

    @property
    def reasons(self) -> list[Sentence]:
        """Why the line belongs to it."""
        return from_json(self.match.reason)


@dataclass(frozen=True, slots=True)
class LineHistory:
    """A line with all of its matches, the newest first."""

    line: StatementLine
    matches: Sequence[MatchDetail]

    @property
    def parts(self) -> list[MatchDetail]:
        """The matches that have not been undone, in the order of the parts of the line."""
        return [each for each in reversed(self.matches) if each.match.undone_at is None]

    @property
    def active(self) -> MatchDetail | None:
        """The first of them, which is the only one of a line that is not split."""
        return next(iter(self.parts), None)


def get_line_history(public_id: str) -> LineHistory:
    """The line with its matches; NotFoundError."""
    line = get_line(public_id)
    newest_first = select(Match).where(Match.line_id == line.id).order_by(Match.id.desc())
    return LineHistory(line, _with_details(list(db.session.scalars(newest_first))))


def find_active_matches(line_id: int) -> list[Match]:
    """The matches of a line that have not been undone."""
    active = select(Match).where(Match.line_id == line_id, Match.undone_at.is_(None))
    return list(db.session.scalars(active.order_by(Match.id)))


def find_line_of_payment(payment_public_id: str) -> str | None:
    """The public id of the line that a payment is matched with, if there is one."""
    return db.session.scalar(
        select(StatementLine.public_id)
        .join(Match, Match.line_id == StatementLine.id)
        .join(Payment, Payment.id == Match.payment_id)
        .where(Payment.public_id == payment_public_id, Match.undone_at.is_(None))
    )


def find_matched_payments(public_ids: Collection[str]) -> set[str]:
    """Which of the payments with these public ids are matched with a line."""
    matched = (
        select(Payment.public_id)
        .join(Match, Match.payment_id == Payment.id)
        .where(Payment.public_id.in_(public_ids), Match.undone_at.is_(None))
    )
    return set(db.session.scalars(matched))


def list_active_matches(lines: Iterable[StatementLine]) -> dict[int, list[MatchDetail]]:
    """What lines, or parts of them, are matched to, by the id of the line."""
    ids = [line.id for line in lines if line.matched_satang]
    if not ids:
        return {}
    active = select(Match).where(Match.line_id.in_(ids), Match.undone_at.is_(None))
    by_line: dict[int, list[MatchDetail]] = {}
    for detail in _with_details(list(db.session.scalars(active.order_by(Match.id)))):
        by_line.setdefault(detail.match.line_id, []).append(detail)
    return by_line


def _with_details(matches: Sequence[Match]) -> list[MatchDetail]:
    # What a payment paid, and into which funds, is shown on its own page.
    parts = lazyload(Payment.allocations), lazyload(Payment.designations)
    payments = _by_id(Payment, [match.payment_id for match in matches], *parts)
    payouts = _by_id(Payout, [match.payout_id for match in matches])
    booked = {
        match.id: payments.get(match.payment_id or 0) or payouts.get(match.payout_id or 0)
        for match in matches
    }
    entry_ids = {
        match.id: target.journal_entry_id
        if (target := booked[match.id])
        else match.journal_entry_id
        for match in matches
    }
    days = _entry_days(entry_ids.values())
    return [
        MatchDetail(
            match,
            payments.get(match.payment_id or 0),
            payouts.get(match.payout_id or 0),
            days.get(entry_ids[match.id] or 0),
            None if (booked_by := entry_ids[match.id]) is None else entry_number(booked_by),
        )
        for match in matches
    ]


def _entry_days(entry_ids: Iterable[int | None]) -> dict[int, date]:
    wanted = [entry_id for entry_id in entry_ids if entry_id is not None]
    if not wanted:
        return {}
    days = select(JournalEntry.id, JournalEntry.entry_on).where(JournalEntry.id.in_(wanted))
    return {row.id: row.entry_on for row in db.session.execute(days)}


def _by_id(kind: type[T], ids: Iterable[int | None], *options: ORMOption) -> dict[int, T]:
    wanted = [row_id for row_id in ids if row_id is not None]
    if not wanted:
        return {}
    rows = db.session.scalars(select(kind).where(kind.id.in_(wanted)).options(*options))
    return {row.id: row for row in rows}


def find_day_of_entry(entry_id: int) -> date | None:
    """The day of the line of the bank that an entry is matched with; None without one."""
    found = (
        select(StatementLine.booked_on)
        .join(Match, Match.line_id == StatementLine.id)
        .where(Match.journal_entry_id == entry_id, Match.undone_at.is_(None))
    )
    return db.session.scalars(found.limit(1)).first()
