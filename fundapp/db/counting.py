"""Counts that go no further than anybody needs: their cost does not grow with what is counted."""

from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select

from fundapp.db.engines import db
from fundapp.paging import MOST_COUNTED


def counted(statement: Select[Any]) -> ScalarSelect[int]:
    """How many rows a statement gives, `MOST_COUNTED` + 1 where there are more, as a value of
    another statement.
    """
    rows = statement.order_by(None).limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(rows).scalar_subquery()


def count_rows(statement: Select[Any]) -> int:
    """The same, as a number; `fundapp.web.filters.counted` writes it."""
    return db.session.scalar(select(counted(statement))) or 0
