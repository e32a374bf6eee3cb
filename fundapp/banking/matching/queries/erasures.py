"""What the list of erased words says of lines."""

from collections.abc import Collection

from sqlalchemy import select

from fundapp.banking.models import StatementLine
from fundapp.db import db
from fundapp.markers import N_
from fundapp.remarks.erasers import Written

#: How the trail calls a line, and erasing the words of one.
SUBJECT_TYPE = "statement_line"
ERASED = "banking:line:erase-words"
_WHAT = N_("What the bank wrote on a line")


def written_of(line: StatementLine) -> Written:
    """What the words of a line are called, and when they were first imported."""
    return Written(line.number, _WHAT, line.statement.imported_at)


def find_written(public_ids: Collection[str]) -> dict[str, Written]:
    """The lines with these public ids."""
    lines = db.session.scalars(select(StatementLine).where(StatementLine.public_id.in_(public_ids)))
    return {line.public_id: written_of(line) for line in lines}
