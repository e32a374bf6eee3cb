"""What a page costs the database: steps of SQLite's machine, rows and blocks of PostgreSQL.

Neither depends on how busy the machine is.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from fundapp.db import db, is_postgresql

#: What reads a table of PostgreSQL, once.
_SCANS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan")
#: SQLite tells of every so many steps.
_EVERY = 20


@dataclass
class Costs:
    """What the statements of a page cost, each by its text."""

    by_statement: list[tuple[str, int]] = field(default_factory=list)
    queries: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """The cost of all of them."""
        return sum(cost for _, cost in self.by_statement)

    def dearest(self, most: int = 2) -> str:
        """The statements that cost most, for who reads a failure: what follows their columns."""
        worst = sorted(self.by_statement, key=lambda each: -each[1])[:most]
        return "\n".join(
            f"{cost:>12,}  {' '.join(sql[max(sql.find('FROM'), 0) :].split())[:700]}"
            for sql, cost in worst
        )


@contextmanager
def measured() -> Iterator[Costs]:
    """Count what the statements cost that are run meanwhile."""
    costs = Costs()

    def count() -> int:
        if costs.by_statement:
            sql, cost = costs.by_statement[-1]
            costs.by_statement[-1] = (sql, cost + _EVERY)
        return 0

    def before(_conn: Any, cursor: Any, sql: str, params: Any, _context: Any, _many: bool) -> None:
        costs.by_statement.append((sql, 0))
        costs.queries.append((sql, params))
        if not is_postgresql():
            cursor.connection.set_progress_handler(count, _EVERY)

    event.listen(db.engine, "before_cursor_execute", before)
    try:
        yield costs
    finally:
        event.remove(db.engine, "before_cursor_execute", before)
    if is_postgresql():
        costs.by_statement = _explained(costs.queries)


def _explained(queries: list[tuple[str, Any]]) -> list[tuple[str, int]]:
    found = []
    with db.engine.connect() as connection:
        # Tables of this size are rightly scanned; what is asked is whether there is another way.
        connection.exec_driver_sql("SET enable_seqscan = off")
        for sql, params in queries:
            if not sql.lstrip().upper().startswith(("SELECT", "WITH")) or "FOR UPDATE" in sql:
                continue
            explain = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}"
            answer = connection.exec_driver_sql(explain, params).scalar()
            plan = answer if isinstance(answer, list) else json.loads(answer)
            found.append((sql, _cost(plan[0]["Plan"])))
    return found


def _cost(plan: dict[str, Any]) -> int:
    """Rows that scans looked at, and blocks that were touched for them."""
    blocks = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return blocks + _rows(plan)


def _rows(plan: dict[str, Any]) -> int:
    below = sum(_rows(each) for each in plan.get("Plans", ()))
    if plan["Node Type"] not in _SCANS:
        return below
    looked_at = (
        plan["Actual Rows"]
        + plan.get("Rows Removed by Filter", 0)
        + plan.get("Rows Removed by Index Recheck", 0)
    )
    return below + int(looked_at * plan["Actual Loops"])
