"""Statements of raw SQL that the database must refuse."""

import re
from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work


def not_refused(statements: Iterable[str], words: str) -> list[str]:
    """Those that the database does not refuse with these words, each in a unit of work of its own:
    what was refused left nothing behind, so many begin with the same rows.
    """
    return [statement for statement in statements if not re.search(words, _refusal(statement))]


def _refusal(statement: str) -> str:
    """What the database says to a statement; nothing where it carried it out."""
    try:
        unit_of_work(lambda: db.session.execute(text(statement)))
    except DBAPIError as error:
        return str(error.orig)
    return ""
