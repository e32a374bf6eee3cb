"""How far sums are folded, for who reads them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from fundapp.db import db
from fundapp.ledger.models.log import LogLeaf

#: So many entries are read where they are not folded: a report of many days reads them for each.
_MOST_UNFOLDED = 2_000
#: So many entries are looked at for those without a place in the log.
_MOST_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class Folded:
    """The first place of the log that is not folded, and up to which entry all are; the values of
    `UNFOLDED_ENTRIES`.
    """

    first: int
    settled: int

    @property
    def values(self) -> dict[str, int]:
        """By the names that the statements give them."""
        return {"first": self.first, "settled": self.settled}


def find_folded(folding: Any) -> Folded | None:
    """How far the sums of the table ``folding`` are; None while nothing is folded, or too much is
    not: an older book was just brought to this version, the worker does not run, or more than
    20,000 entries were posted within the hour.
    """
    place = folding.leaf_count - _MOST_LOOKED_AT
    earlier = select(LogLeaf.entry_id).where(LogLeaf.leaf_index == place).scalar_subquery()
    newest = select(func.max(LogLeaf.leaf_index)).scalar_subquery()
    first, settled, last, entry_id = db.session.execute(
        select(folding.leaf_count, folding.settled_entry_id, newest, earlier)
    ).one()
    if first == 0 or settled < 0 or (last or 0) - first >= _MOST_UNFOLDED:
        return None
    return None if entry_id is not None and entry_id > settled else Folded(first, settled)
