"""The row lock of a line, held until the unit of work ends.

A line is locked before anything it leads to (pledges, payments, the books), so whoever comes second
sees its new state and gets a StaleError.
"""

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp.banking.models import StatementLine
from fundapp.db import lock
from fundapp.errors import NotFoundError


def lock_line(public_id: str) -> StatementLine:
    """The line, locked and without its statement; NotFoundError."""
    query = select(StatementLine).where(StatementLine.public_id == public_id)
    line = lock(query.options(lazyload(StatementLine.statement)))
    if line is None:
        raise NotFoundError
    return line
