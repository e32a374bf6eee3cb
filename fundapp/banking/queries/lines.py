"""Reading the lines of statements and what they are matched to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import func, literal, select, tuple_

from fundapp.banking.models import LineStatus, Match, StatementLine
from fundapp.banking.reasons import Sentence, unpack
from fundapp.db import BigInt, Day, db
from fundapp.disbursements.models import Payout
from fundapp.errors import NotFoundError
from fundapp.giving.models import Payment
from fundapp.ledger.drafts import entry_number
from fundapp.paging import Page, int_key, page_of

T = TypeVar("T", Payment, Payout)


@dataclass(frozen=True, slots=True)
class MatchedThing:
    """A match with what it ties the line to: a payment, a payout, or an entry of the books."""

    match: Match
    payment: Payment | None
    payout: Payout | None

    @property
    def entry_number(self) -> str | None:
        """The public number of the entry of a fee, of interest or of moved cash."""
        entry_id = self.match.journal_entry_id
        return None if entry_id is None else entry_number(entry_id)

    @property
    def reasons(self) -> list[Sentence]:
        """Why, in words."""
        return unpack(self.match.reason)


@dataclass(frozen=True, slots=True)
class LineFile:
    """A line with every match it ever had, the newest first."""

    line: StatementLine
    matches: Sequence[MatchedThing]

    @property
    def active(self) -> MatchedThing | None:
        """The match that counts."""
        return next((one for one in self.matches if one.match.undone_at is None), None)


def count_unmatched() -> int:
    """How many lines nobody has dealt with."""
    return _count(LineStatus.UNMATCHED)


def count_held() -> int:
    """How many lines were put aside."""
    return _count(LineStatus.HELD)


def _count(status: LineStatus) -> int:
    statement = select(func.count()).where(StatementLine.status == status)
    return db.session.scalars(statement).one()


def get_line(public_id: str) -> StatementLine:
    """The line; NotFoundError."""
    line = db.session.scalar(select(StatementLine).where(StatementLine.public_id == public_id))
    if line is None:
        raise NotFoundError
    return line


def open_line(public_id: str) -> LineFile:
    """The line with its matches; NotFoundError."""
    line = get_line(public_id)
    statement = select(Match).where(Match.line_id == line.id).order_by(Match.id.desc())
    return LineFile(line, _with_things(list(db.session.scalars(statement))))


def find_active_match(line_id: int) -> Match | None:
    """The match of a line that counts, if there is one."""
    active = (Match.line_id == line_id, Match.undone_at.is_(None))
    return db.session.scalar(select(Match).where(*active))


def matched_things(lines: Iterable[StatementLine]) -> dict[int, MatchedThing]:
    """What lines are matched to, by the id of the line."""
    ids = [line.id for line in lines if line.status is LineStatus.MATCHED]
    if not ids:
        return {}
    active = (Match.line_id.in_(ids), Match.undone_at.is_(None))
    things = _with_things(list(db.session.scalars(select(Match).where(*active))))
    return {one.match.line_id: one for one in things}


def list_statement_lines(
    statement_id: int,
    *,
    status: LineStatus | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[StatementLine]:
    """The lines that came with a statement, in the file's order; ``after`` is a row number."""
    wanted = select(StatementLine).where(StatementLine.statement_id == statement_id)
    if status is not None:
        wanted = wanted.where(StatementLine.status == status)
    key = int_key(after)
    if key is not None:
        wanted = wanted.where(StatementLine.row_number > min(key, 2**63 - 1))
    rows = list(db.session.scalars(wanted.order_by(StatementLine.row_number).limit(limit + 1)))
    return page_of(rows, limit, lambda line: line.row_number)


def list_lines(
    status: LineStatus, *, after: str | None = None, limit: int = 50
) -> Page[StatementLine]:
    """Lines of all statements in one state, the oldest day first."""
    statement = select(StatementLine).where(StatementLine.status == status)
    place = _read_key(after)
    if place is not None:
        here = tuple_(literal(place[0], Day), literal(place[1], BigInt))
        statement = statement.where(tuple_(StatementLine.booked_on, StatementLine.id) > here)
    order = (StatementLine.booked_on, StatementLine.id)
    rows = list(db.session.scalars(statement.order_by(*order).limit(limit + 1)))
    return page_of(rows, limit, lambda line: f"{line.booked_on.isoformat()}.{line.id}")


def _with_things(matches: Sequence[Match]) -> list[MatchedThing]:
    payments = _by_id(Payment, [one.payment_id for one in matches])
    payouts = _by_id(Payout, [one.payout_id for one in matches])
    return [
        MatchedThing(one, payments.get(one.payment_id or 0), payouts.get(one.payout_id or 0))
        for one in matches
    ]


def _by_id(kind: type[T], ids: Iterable[int | None]) -> dict[int, T]:
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    return {row.id: row for row in db.session.scalars(select(kind).where(kind.id.in_(wanted)))}


def _read_key(text: str | None) -> tuple[date, int] | None:
    """The place in the list that a key names, or None for anything else."""
    day, _, number = (text or "").partition(".")
    try:
        place = date.fromisoformat(day), int(number)
    except ValueError:
        return None
    return place if 0 <= place[1] < 2**63 else None
