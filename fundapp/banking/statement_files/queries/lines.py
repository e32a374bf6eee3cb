"""Reading the lines of imported statements."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, lazyload

from fundapp.banking.models import LineStatus, StatedLine, StatementLine
from fundapp.db import counted, db, page_by_day
from fundapp.errors import NotFoundError
from fundapp.paging import Page, int_key, page_of


def _in_status(status: LineStatus) -> Select[int]:
    return select(StatementLine.id).where(StatementLine.status == status)


_OPEN_LINES = select(
    counted(_in_status(LineStatus.UNMATCHED)), counted(_in_status(LineStatus.HELD))
)


def count_open_lines() -> tuple[int, int]:
    """How many lines are still to be matched, and how many are on hold, as `count_rows` counts."""
    unmatched, held = db.session.execute(_OPEN_LINES).one()
    return unmatched, held


def get_line(public_id: str) -> StatementLine:
    """The line; NotFoundError."""
    line = db.session.scalar(select(StatementLine).where(StatementLine.public_id == public_id))
    if line is None:
        raise NotFoundError
    return line


PAGE_SIZE = 15


def list_statement_lines(
    statement_id: int,
    *,
    status: LineStatus | None = None,
    after: str | None = None,
    limit: int = PAGE_SIZE,
) -> Page[StatementLine]:
    """The lines that a statement states, in the bank's order; ``after`` is a place in it."""
    query = _stated(statement_id)
    if status is not None:
        query = query.where(StatementLine.status == status)
    key = int_key(after)
    if key is not None:
        query = query.where(StatedLine.position > key)
    rows = list(db.session.execute(query.limit(limit + 1)))
    found = page_of(rows, limit, lambda row: row.position)
    return Page([row.StatementLine for row in found.rows], found.next_key)


def find_page(line: StatementLine) -> str | None:
    """The key of a page of `list_statement_lines` that shows this line; None for the first."""
    position = db.session.scalar(
        select(StatedLine.position).where(
            StatedLine.statement_id == line.statement_id, StatedLine.line_id == line.id
        )
    )
    return str(position - 1) if position and position > PAGE_SIZE else None


def list_unmatched_of(
    statement_id: int, after_row: int = 0, limit: int | None = None
) -> list[tuple[int, StatementLine]]:
    """The unmatched lines that a statement states, oldest first, each with its row.

    Rows are counted in the bank's order here: the file itself may begin with the newest.
    """
    query = _stated(statement_id).where(
        StatementLine.status == LineStatus.UNMATCHED, StatedLine.position > after_row
    )
    query = query.limit(limit)
    return [(row.position, row.StatementLine) for row in db.session.execute(query)]


def _stated(statement_id: int) -> Select[StatementLine, int]:
    return (
        select(StatementLine, StatedLine.position)
        .join(StatedLine, StatedLine.line_id == StatementLine.id)
        .where(StatedLine.statement_id == statement_id)
        .order_by(StatedLine.position)
    )


def list_account_lines(account_code: str) -> list[StatementLine]:
    """The lines of an account that count, by day, in the bank's order."""
    query = select(StatementLine).where(
        StatementLine.bank_account_code == account_code,
        StatementLine.status != LineStatus.WITHDRAWN,
    )
    in_order = query.order_by(StatementLine.booked_on, StatementLine.day_position)
    return list(db.session.scalars(in_order.options(lazyload(StatementLine.statement))))


def list_stated(line_id: int) -> list[StatedLine]:
    """What each file says of a line, the one imported last first."""
    query = select(StatedLine).where(StatedLine.line_id == line_id)
    newest_first = query.order_by(StatedLine.statement_id.desc(), StatedLine.row_number)
    return list(db.session.scalars(newest_first.options(joinedload(StatedLine.statement))))


def list_lines(
    status: LineStatus, *, after: str | None = None, limit: int = PAGE_SIZE
) -> Page[StatementLine]:
    """Lines of all statements in one state, the oldest day first."""
    query = select(StatementLine).where(StatementLine.status == status)
    order = StatementLine.booked_on, StatementLine.id
    return page_by_day(query, *order, after=after, limit=limit)
