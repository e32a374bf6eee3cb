"""Recording many results, each in a unit of work of its own, so that a killed process goes on
where it was and nobody is paid twice.
"""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from fundapp.db import db, unit_of_work
from fundapp.errors import DomainError
from fundapp.payouts.models import PayoutBatchLine
from fundapp.payouts.operations import record_result
from fundapp.payouts.queries import list_told_lines


@dataclass(slots=True)
class Recorded:
    """How many lines were recorded; by voucher what was refused, which is tried again later."""

    done: int = 0
    refused: dict[str, DomainError] = field(default_factory=dict)


def record_results(
    batch_ids: Collection[int] | None = None,
    *,
    limit: int = 5_000,
    report: Callable[[int], object] = lambda _count: None,
    stop: threading.Event | None = None,
) -> Recorded:
    """Record at most so many results that were told, of some batches or of all, as the person who
    told them. What is recorded stays recorded, whatever happens after it.
    """
    recorded = Recorded()
    for line_id in list_told_lines(batch_ids, limit=limit):
        if stop is not None and stop.is_set():
            break
        try:
            recorded.done += unit_of_work(_record, line_id)
        except DomainError as error:
            line = db.session.get_one(PayoutBatchLine, line_id)
            recorded.refused[line.voucher] = error
        report(1)
    return recorded


def _record(line_id: int) -> bool:
    result = db.session.get_one(PayoutBatchLine, line_id).result
    if result is None:
        return False
    return record_result(line_id, actor=result.told_by.as_actor())
