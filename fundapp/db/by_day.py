"""Lists in the order of a day and of the row id, by key, as `fundapp.paging` has it."""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, literal, tuple_

from fundapp.db.columns import BigInt, Day
from fundapp.db.engines import db
from fundapp.paging import Page, day_key, day_key_text, page_of

R = TypeVar("R")


def after_day(
    after: str | None, day: Any, row_id: Any, *, newest_first: bool = False
) -> list[ColumnElement[bool]]:
    """The conditions of the rows behind the key ``after``; none where it is no key, so that the
    list begins with its first page.
    """
    key = day_key(after)
    if key is None:
        return []
    last_shown = tuple_(literal(key[0], Day), literal(key[1], BigInt))
    order = tuple_(day, row_id)
    # The day as well: else a scan begins with the first row of all.
    if newest_first:
        return [day <= key[0], order < last_shown]
    return [day >= key[0], order > last_shown]


def page_by_day(
    statement: Select[R],
    day: Any,
    row_id: Any,
    *,
    after: str | None,
    limit: int,
    newest_first: bool = False,
) -> Page[R]:
    """The page behind the key ``after`` of rows with these attributes ``day`` and ``row_id``."""
    columns = (day, row_id)
    order = [column.desc() for column in columns] if newest_first else columns
    statement = statement.where(*after_day(after, day, row_id, newest_first=newest_first))
    rows = list(db.session.scalars(statement.order_by(*order).limit(limit + 1)))
    return page_of(rows, limit, lambda row: _key_of(row, columns))


def _key_of(row: object, columns: tuple[Any, Any]) -> str:
    day, row_id = (getattr(row, column.key) for column in columns)
    return day_key_text(day, row_id)
