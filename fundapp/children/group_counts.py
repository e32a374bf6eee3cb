"""How many of some children are of each target group, without looking at a child.

The group is encrypted. It is decrypted here to be counted, as in `open_files`: what comes out are
numbers, which whoever shows them withholds where they are small (`suppression`).
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import Select, select

from fundapp.children.encryption import associated_data
from fundapp.children.models import Child, TargetGroup
from fundapp.crypto import keyring
from fundapp.db import db

C = TypeVar("C", bound=Hashable)

_COLUMN = "target_group_encrypted"
#: Children in one statement.
_AT_ONCE = 500
#: Fewer such statements than this are no more work than to find the children again.
_FEW = 3
#: Groups that a process remembers by what is stored of them.
_KEPT = 50_000


def count_groups(
    cells: Mapping[int, Collection[C]], *, among: Select[int] | None = None
) -> Counter[tuple[C, TargetGroup]]:
    """The number of children of each cell and group. ``cells`` are those of each child, by the id
    of its row; ``among`` finds these ids, and perhaps more: thousands of them in a statement take
    longer to write than to find again. Raises KeyringError for a value that cannot be decrypted.
    """
    counts: Counter[tuple[C, TargetGroup]] = Counter()
    for child_id, encrypted in _stored(sorted(cells), among):
        group = _group_of(child_id, bytes(encrypted))
        for cell in cells.get(child_id, ()):
            counts[cell, group] += 1
    return counts


def _stored(ids: Sequence[int], among: Select[int] | None) -> Iterator[tuple[int, bytes]]:
    """What is stored of these children."""
    statement = select(Child.id, Child.target_group_encrypted)
    parts = [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]
    wanted = parts if among is None or len(parts) < _FEW else [among]
    for part in wanted:
        rows = db.session.execute(statement.where(Child.id.in_(part)))
        yield from ((child_id, encrypted) for child_id, encrypted in rows)


@lru_cache(_KEPT)
def _group_of(child_id: int, encrypted: bytes) -> TargetGroup:
    # A report counts every child again: decrypting them took most of its time.
    text = keyring().decrypt(encrypted, associated_data("children", _COLUMN, child_id))
    return TargetGroup(text.rstrip("\0"))
