"""Reading the lines of imported statements."""

from sqlalchemy import func, literal, select, tuple_

from fundapp.banking.models import LineStatus, StatementLine
from fundapp.db import BigInt, Day, db
from fundapp.errors import NotFoundError
from fundapp.paging import Page, day_key, int_key, page_of


def count_unmatched() -> int:
    """How many lines are still to be matched."""
    return _count(LineStatus.UNMATCHED)


def count_held() -> int:
    """How many lines are on hold."""
    return _count(LineStatus.HELD)


def _count(status: LineStatus) -> int:
    return db.session.scalars(select(func.count()).where(StatementLine.status == status)).one()


def get_line(public_id: str) -> StatementLine:
    """The line; NotFoundError."""
    line = db.session.scalar(select(StatementLine).where(StatementLine.public_id == public_id))
    if line is None:
        raise NotFoundError
    return line


def list_statement_lines(
    statement_id: int,
    *,
    status: LineStatus | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[StatementLine]:
    """The lines that came with a statement, in the file's order; ``after`` is a row number."""
    query = select(StatementLine).where(StatementLine.statement_id == statement_id)
    if status is not None:
        query = query.where(StatementLine.status == status)
    key = int_key(after)
    if key is not None:
        query = query.where(StatementLine.row_number > key)
    rows = list(db.session.scalars(query.order_by(StatementLine.row_number).limit(limit + 1)))
    return page_of(rows, limit, lambda line: line.row_number)


def list_lines(
    status: LineStatus, *, after: str | None = None, limit: int = 50
) -> Page[StatementLine]:
    """Lines of all statements in one state, the oldest day first."""
    query = select(StatementLine).where(StatementLine.status == status)
    order = (StatementLine.booked_on, StatementLine.id)
    key = day_key(after)
    if key is not None:
        query = query.where(tuple_(*order) > tuple_(literal(key[0], Day), literal(key[1], BigInt)))
    rows = list(db.session.scalars(query.order_by(*order).limit(limit + 1)))
    return page_of(rows, limit, lambda line: f"{line.booked_on.isoformat()}.{line.id}")
