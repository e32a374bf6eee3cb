"""How sums are folded behind the log: sealed entries in the order of their places, each once; and
up to which entry all of them are, so that what is not folded is found without a look at the rest.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from sqlalchemy import func, select

from fundapp.db import db
from fundapp.ids import earlier_id, new_id
from fundapp.ledger.log.operations import LOOKED_BACK
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.models.log import LogLeaf

#: How many entries one unit of work folds, and looks at for one without a place in the log.
MOST_AT_ONCE = 20_000
#: Of how much time entries are found to be folded at once; most rounds so write nothing.
SETTLED_EVERY = timedelta(minutes=1)


class Folding(Protocol):
    """How far entries are folded: the first places of the log; and up to which entry all are."""

    leaf_count: int
    settled_entry_id: int


def fold_next(
    folding: Folding,
    fold: Callable[[int, int], None],
    *,
    is_alone: bool,
    most: int | None = MOST_AT_ONCE,
) -> int:
    """Fold the next sealed entries; gives how many, at most ``most``, and 0 when nothing is left
    to do. ``fold`` takes the first place of the log and the one after the last.

    ``is_alone``: nobody else posts, so no entry is under way whose id is smaller than those that
    are there. The row of ``folding`` is locked.
    """
    first = folding.leaf_count
    newest = db.session.scalar(select(func.max(LogLeaf.leaf_index)))
    count = 0 if newest is None else newest + 1
    last = count if most is None else min(first + most, count)
    if last > first:
        fold(first, last)
        folding.leaf_count = last
        db.session.flush()
        return last - first
    before = folding.settled_entry_id
    folding.settled_entry_id = _find_settled(before, is_alone=is_alone)
    db.session.flush()
    return int(folding.settled_entry_id > before)


def fold_again(folding: Folding) -> None:
    """Let the next folding begin with the first entry."""
    folding.leaf_count, folding.settled_entry_id = 0, -1
    db.session.flush()


def _find_settled(settled: int, *, is_alone: bool) -> int:
    """Up to which entry all are folded, now that every place of the log is: not up to one without a
    place, nor to those beside which others may still be under way.
    """
    newest = db.session.scalar(select(func.max(LogLeaf.entry_id)))
    if newest is None:
        return settled
    until = newest if is_alone else min(newest, earlier_id(new_id(), LOOKED_BACK))
    if until < newest and earlier_id(until, SETTLED_EVERY) <= settled:
        return settled
    looked_at = (
        select(JournalEntry.id)
        .where(JournalEntry.id > settled, JournalEntry.id <= until)
        .order_by(JournalEntry.id)
        .limit(MOST_AT_ONCE)
        .subquery()
    )
    has_place = select(LogLeaf.entry_id).where(LogLeaf.entry_id == looked_at.c.id).exists()
    without = db.session.scalar(select(func.min(looked_at.c.id)).where(~has_place))
    if without is not None:
        return max(settled, int(without) - 1)
    last = db.session.scalar(select(func.max(looked_at.c.id)))
    return settled if last is None else int(last)
