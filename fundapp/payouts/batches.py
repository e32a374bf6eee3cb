"""Recording many results, some tens in one unit of work: a killed process goes on where it was,
and nobody is paid twice.
"""

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from fundapp.db import db, unit_of_work
from fundapp.errors import DomainError
from fundapp.identity.models import User
from fundapp.payouts.models import PayoutBatchLine, PayoutBatchResult
from fundapp.payouts.operations import record_told
from fundapp.payouts.queries import list_told_lines

#: As many lines in one unit of work: others wait for it on SQLite.
_AT_ONCE = 50


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
    told them. What is recorded stays recorded, whatever happens after it. Where one is refused,
    those with it are recorded one by one.
    """
    recorded, told = Recorded(), list_told_lines(batch_ids, limit=limit)
    for start in range(0, len(told), _AT_ONCE):
        line_ids = told[start : start + _AT_ONCE]
        if stop is not None and stop.is_set():
            break
        try:
            recorded.done += unit_of_work(_record, line_ids)
        except DomainError:
            for line_id in line_ids:
                _record_one(line_id, recorded)
        report(len(line_ids))
    return recorded


def _record_one(line_id: int, recorded: Recorded) -> None:
    try:
        recorded.done += unit_of_work(_record, [line_id])
    except DomainError as error:
        line = db.session.get_one(PayoutBatchLine, line_id)
        recorded.refused[line.voucher] = error


def _record(line_ids: Sequence[int]) -> int:
    """Record these lines as those who told them."""
    is_wanted = PayoutBatchResult.line_id.in_(line_ids)
    by_person: dict[int, list[int]] = {}
    for line_id, person_id in db.session.execute(
        select(PayoutBatchResult.line_id, PayoutBatchResult.told_by_id).where(is_wanted)
    ):
        by_person.setdefault(person_id, []).append(line_id)
    people = db.session.scalars(select(User).where(User.id.in_(by_person)).order_by(User.id))
    return sum(record_told(by_person[user.id], actor=user.as_actor()) for user in people.all())
