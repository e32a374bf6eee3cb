"""The stored lines of days, and what each file said of them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from fundapp.banking.encryption import BankWords
from fundapp.banking.models import LineStatus, StatedLine, Statement, StatementLine
from fundapp.banking.reader import open_words
from fundapp.banking.statement_files.days import DayState, DayView, Row
from fundapp.banking.statement_files.identity import Said, Words
from fundapp.db import db


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A stored line; ``row`` is None when no file that counts states it. Of one whose words were
    erased there are ``erased_digests`` alone.
    """

    id: int
    amount_satang: int
    ordinal: int
    said: Said
    status: LineStatus
    row: Row | None
    style: str
    erased_digests: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class StoredDay:
    """The stored lines of a day in the bank's order."""

    lines: list[StoredLine] = field(default_factory=list)

    @property
    def amounts(self) -> Counter[int]:
        """How many lines of each signed amount count."""
        return Counter(
            line.amount_satang for line in self.lines if line.status is not LineStatus.WITHDRAWN
        )

    @property
    def erased_ids(self) -> frozenset[int]:
        """The lines whose words were erased."""
        return frozenset(line.id for line in self.lines if line.erased_digests)

    def of_amount(self, amount_satang: int) -> tuple[list[StoredLine], list[StoredLine]]:
        """The lines of one amount: those that count, and the withdrawn ones; of each, those that
        have words come first, because without words a line is like any other.
        """
        same = [line for line in self.lines if line.amount_satang == amount_satang]
        same.sort(key=lambda line: bool(line.erased_digests))
        return (
            [line for line in same if line.status is not LineStatus.WITHDRAWN],
            [line for line in same if line.status is LineStatus.WITHDRAWN],
        )

    def next_ordinal(self, amount_satang: int) -> int:
        """The number of the next line of this amount."""
        used = (line.ordinal for line in self.lines if line.amount_satang == amount_satang)
        return max(used, default=0) + 1

    def state(self, is_closed: bool, newest_to_on: date | None) -> DayState:
        """The day as the files so far have made it."""
        counted = [line for line in self.lines if line.status is not LineStatus.WITHDRAWN]
        return DayState(
            is_closed=is_closed,
            newest_to_on=newest_to_on,
            balances={line.id: line.said.balance_satang for line in counted},
            words={line.id: line.said.words for line in self.lines if line.row},
            rows={line.id: line.row for line in self.lines if line.row},
            styles={line.id: line.style for line in self.lines if line.row},
        )


def load_days(account_code: str, from_on: date, to_on: date) -> dict[date, StoredDay]:
    """The stored lines of these days, withdrawn ones too; days without a line are left out."""
    columns = StatementLine.__table__.c
    query = (
        select(*columns, Statement.undone_at, Statement.profile)
        .join(Statement, Statement.id == columns.statement_id)
        .where(columns.bank_account_code == account_code, columns.booked_on.between(from_on, to_on))
        .order_by(columns.booked_on, columns.day_position, columns.id)
    )
    days: dict[date, StoredDay] = defaultdict(StoredDay)
    for row in db.session.execute(query):
        line = StoredLine(
            id=row.id,
            amount_satang=row.deposit_satang - row.withdrawal_satang,
            ordinal=row.ordinal,
            said=_said(row, open_words("statement_lines", row.id, row.words_encrypted)),
            status=row.status,
            row=None if row.undone_at else (row.statement_id, row.row_number),
            style=row.profile,
            erased_digests=_digests(row) if row.erased_at else {},
        )
        days[row.booked_on].lines.append(line)
    return dict(days)


def load_views(statements: Sequence[Statement], days: Sequence[date]) -> dict[date, list[DayView]]:
    """What each of the files says of these days, a file with nothing to say too, in their order."""
    views: dict[date, list[DayView]] = {day: [] for day in days}
    for statement in statements:
        said = _said_by_day(statement.id)
        for day in days:
            if statement.from_on <= day <= statement.to_on:
                lines, rows = said.get(day, ({}, {}))
                view = DayView(
                    statement.to_on, day < statement.to_on, lines, rows, statement.profile
                )
                views[day].append(view)
    return views


def _said_by_day(statement_id: int) -> dict[date, tuple[dict[int, Said], dict[int, Row]]]:
    columns = StatedLine.__table__.c
    query = (
        select(*columns, StatementLine.booked_on)
        .join(StatementLine, StatementLine.id == columns.line_id)
        .where(columns.statement_id == statement_id)
        .order_by(columns.position)
    )
    days: dict[date, tuple[dict[int, Said], dict[int, Row]]] = {}
    for row in db.session.execute(query):
        lines, rows = days.setdefault(row.booked_on, ({}, {}))
        words = open_words("stated_lines", row.id, row.words_encrypted)
        lines[row.line_id] = _said(row, words)
        rows[row.line_id] = (statement_id, row.row_number)
    return days


def _said(row: Any, words: BankWords) -> Said:
    return Said(Words(row.booked_time, *words), row.balance_satang)


def _digests(row: Any) -> dict[str, bytes]:
    """As `digests_of` makes them."""
    names = (f"{name}_digest" for name in BankWords._fields)
    return {name: bytes(getattr(row, name)) for name in names}
