"""Reading imported statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from fundapp.banking.models import LineStatus, StatedLine, Statement, StatementLine
from fundapp.banking.statement_files.queries.coverage import load_coverage
from fundapp.clock import local_day
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.paging import Page, int_key, page_of

Counts = dict[LineStatus, int]


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement in the list, with the number of its lines in each state."""

    statement: Statement
    counts: Counts = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """How many lines of this file count."""
        return sum(self.counts.values()) - self.counts.get(LineStatus.WITHDRAWN, 0)


def get_statement(public_id: str) -> Statement:
    """The statement; NotFoundError."""
    statement = db.session.scalar(select(Statement).where(Statement.public_id == public_id))
    if statement is None:
        raise NotFoundError
    return statement


def list_statements(*, after: str | None = None, limit: int = 50) -> Page[StatementRow]:
    """Statements, the one imported last first."""
    newest_first = select(Statement).order_by(Statement.id.desc()).limit(limit + 1)
    key = int_key(after)
    if key is not None:
        newest_first = newest_first.where(Statement.id < key)
    statements = list(db.session.scalars(newest_first))
    counts = count_lines_by_status(statement.id for statement in statements)
    rows = [StatementRow(statement, counts.get(statement.id, {})) for statement in statements]
    return page_of(rows, limit, lambda row: row.statement.id)


def find_open_day(statement: Statement) -> date | None:
    """The statement's last day while it was not over at the import and no file goes past it."""
    imported_on = local_day(statement.imported_at)
    if statement.undone_at is not None or statement.to_on < imported_on:
        return None
    day = statement.to_on
    is_over = load_coverage(statement.bank_account_code, day, day).file_past(day) is not None
    return None if is_over else day


def count_lines_by_status(statement_ids: Iterable[int]) -> dict[int, Counts]:
    """How many lines of each statement are in each state."""
    query = (
        select(StatedLine.statement_id, StatementLine.status, func.count())
        .join(StatementLine, StatementLine.id == StatedLine.line_id)
        .where(StatedLine.statement_id.in_(list(statement_ids)))
        .group_by(StatedLine.statement_id, StatementLine.status)
    )
    counts: dict[int, Counts] = {}
    for statement_id, status, number in db.session.execute(query):
        counts.setdefault(statement_id, {})[status] = number
    return counts
