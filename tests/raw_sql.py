"""Statements of raw SQL that the database must refuse."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work


def not_refused(statements: Iterable[str], words: str = ".", **values: Any) -> list[str]:
    """Those that the database does not refuse with these words, each in a unit of work of its own:
    what was refused left nothing behind, so many begin with the same rows. ``values`` are those
    that a statement names as `:name`.
    """
    return [each for each in statements if not re.search(words, _refusal(each, values))]


def _refusal(statement: str, values: dict[str, Any]) -> str:
    """What the database says to a statement; nothing where it carried it out."""
    named = {name: value for name, value in values.items() if f":{name}" in statement}
    try:
        unit_of_work(lambda: db.session.execute(text(statement), named))
    except DBAPIError as error:
        return str(error.orig)
    return ""
