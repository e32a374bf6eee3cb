"""The newest rows of several values of a column, such as the districts of one person."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, false, select, union_all


def newest_of_each(
    row_id: Any, column: Any, values: Collection[str], *conditions: ColumnElement[bool], limit: int
) -> ColumnElement[bool]:
    """The condition that ``row_id`` is among the newest ``limit`` of one of the values of
    ``column`` for which the ``conditions`` hold.

    For each value one range of an index (column, …, id) is read from its end. A plain "is one of"
    would have every row of the values sorted, or the rows of all others passed over.
    """
    newest = (
        select(row_id.label("id"))
        .where(column == value, *conditions)
        .order_by(row_id.desc())
        .limit(limit)
        .subquery()
        for value in sorted(values)
    )
    firsts = [select(each.c.id) for each in newest]
    return row_id.in_(union_all(*firsts)) if firsts else false()
