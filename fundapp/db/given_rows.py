"""Rows that a statement is asked with, as a table of it: one text for any number of rows, so that
it is put together and prepared once.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, CTE, Text, bindparam, column, func, select
from sqlalchemy.types import TypeEngine

from fundapp.db.engines import is_postgresql


class GivenRows:
    """The columns of such a table, by name: arrays on PostgreSQL, one JSON on SQLite."""

    def __init__(self, name: str, **kinds: TypeEngine[Any]) -> None:
        self._name, self._kinds = name, kinds

    def table(self) -> CTE:
        """The rows, as a part of a statement of the database that is asked."""
        if is_postgresql():
            arrays = [
                bindparam(f"{self._name}_{name}", type_=ARRAY(kind))
                for name, kind in self._kinds.items()
            ]
            columns: list[Any] = [column(name, kind) for name, kind in self._kinds.items()]
            table = func.unnest(*arrays).table_valued(*columns).render_derived()
            return select(*table.c).cte(self._name)
        row = func.json_each(bindparam(self._name, type_=Text)).table_valued("value").c.value
        fields = (
            func.json_extract(row, f"$[{place}]", type_=kind).label(name)
            for place, (name, kind) in enumerate(self._kinds.items())
        )
        return select(*fields).cte(self._name)

    def values(self, rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
        """What the statement is executed with for these rows of numbers, texts and days."""
        rows = list(rows)
        if is_postgresql():
            places = enumerate(self._kinds)
            return {f"{self._name}_{name}": [row[place] for row in rows] for place, name in places}
        return {self._name: json.dumps(rows, default=date.isoformat)}
