"""Reading imported statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select

from fundapp.banking.models import LineStatus, Statement, StatementLine
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
        """How many lines came with this file; those known before belong to the earlier file."""
        return sum(self.counts.values())


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


def count_lines_by_status(statement_ids: Iterable[int]) -> dict[int, Counts]:
    """How many lines of each statement are in each state."""
    query = (
        select(StatementLine.statement_id, StatementLine.status, func.count())
        .where(StatementLine.statement_id.in_(list(statement_ids)))
        .group_by(StatementLine.statement_id, StatementLine.status)
    )
    counts: dict[int, Counts] = {}
    for statement_id, status, number in db.session.execute(query):
        counts.setdefault(statement_id, {})[status] = number
    return counts
