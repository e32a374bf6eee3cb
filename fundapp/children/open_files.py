"""How many files are open, by district and target group, without looking at a child.

Whoever opens or closes a file, or corrects its group, changes the row of the district and the
present month in the same unit of work, so what was recorded in a month that is over stays as it is.
The rows are decrypted here; they name nobody. The check `children.counts` counts the files again,
which decrypts each one's group and shows none.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import lazyload, load_only

from fundapp import clock
from fundapp.children.encryption import decrypt, encrypt
from fundapp.children.models import Child, ChildStatus, OpenFileChanges, TargetGroup
from fundapp.db import db, insert_if_new, lock_all
from fundapp.ids import new_id
from fundapp.ledger.periods import month_start

#: District and target group.
Cell = tuple[str, str]

_CHANGES = "changes_encrypted"
#: Bytes: each of six groups with its change.
_LENGTH = 256
#: Rows that are in memory at once while all files are counted.
_AT_ONCE = 500


def count_opened_file(child: Child, group: TargetGroup) -> None:
    """One more open file of the group; part of the caller's unit of work."""
    _change(child.district_code, {str(group): 1})


def count_opened_files(counts: Mapping[str, Mapping[str, int]]) -> None:
    """So many more open files of each district and group, opened together."""
    for district_code in sorted(counts):
        _change(district_code, counts[district_code])


def count_released_file(child: Child) -> None:
    """One more open file: a supervisor decided that it is of another child."""
    _change(child.district_code, {_group(child): 1})


def count_closed_file(child: Child) -> None:
    """One open file less; part of the caller's unit of work."""
    _change(child.district_code, {_group(child): -1})


def count_changed_group(child: Child, group: TargetGroup) -> None:
    """The open file is of another group from now on; before the new group is written."""
    if _group(child) != str(group):
        _change(child.district_code, {_group(child): -1, str(group): 1})


def count_open_files(before: date | None = None) -> dict[Cell, int]:
    """The number of open files by district and target group, as recorded in the months that began
    ``before`` a day, or until now; nothing for a cell without one.
    """
    statement = select(OpenFileChanges)
    if before is not None:
        statement = statement.where(OpenFileChanges.month < before)
    counts: Counter[Cell] = Counter()
    for row in db.session.scalars(statement.execution_options(yield_per=_AT_ONCE)):
        for group, change in _changes(row).items():
            counts[row.district_code, group] += change
    return {cell: count for cell, count in counts.items() if count}


def find_wrong_counts() -> Iterator[tuple[Cell, int, int]]:
    """Cells whose count is not that of the files: the cell, what was counted, how many there are.

    Raises KeyringError for a value that cannot be decrypted.
    """
    counted, present = count_open_files(), Counter(_open_files())
    for cell in sorted({*counted, *present}):
        if counted.get(cell, 0) != present[cell]:
            yield cell, counted.get(cell, 0), present[cell]


def _open_files() -> Iterator[Cell]:
    group_alone = (load_only(Child.district_code, Child.target_group_encrypted), lazyload("*"))
    statement = select(Child).where(Child.status == ChildStatus.ACTIVE).options(*group_alone)
    for child in db.session.scalars(statement.execution_options(yield_per=_AT_ONCE)):
        yield child.district_code, _group(child)


def _group(child: Child) -> str:
    return decrypt(child, "target_group_encrypted")


def _changes(row: OpenFileChanges) -> dict[str, int]:
    changes: dict[str, int] = json.loads(decrypt(row, _CHANGES))
    return changes


def _change(district_code: str, changes: Mapping[str, int]) -> None:
    """Add to the row of the district and the present month, which stays locked."""
    month, row_id = month_start(clock.today()), new_id()
    insert_if_new(
        OpenFileChanges,
        id=row_id,
        district_code=district_code,
        month=month,
        changes_encrypted=_encrypted(row_id, {}),
    )
    of_month = (OpenFileChanges.district_code == district_code) & (OpenFileChanges.month == month)
    (row,) = lock_all(select(OpenFileChanges).where(of_month))
    total = Counter(_changes(row))
    total.update(changes)
    kept = {group: total[group] for group in sorted(total) if total[group]}
    row.changes_encrypted = _encrypted(row.id, kept)
    db.session.flush()


def _encrypted(row_id: int, changes: Mapping[str, int]) -> bytes:
    """As long as every other, so that it does not tell how many groups have changed."""
    return encrypt(OpenFileChanges, _CHANGES, row_id, json.dumps(changes).ljust(_LENGTH))
