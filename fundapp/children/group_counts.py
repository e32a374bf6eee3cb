"""How many of some children are of each target group, without looking at a child.

The group is encrypted. It is decrypted here to be counted, as in `open_files`: what comes out are
numbers, which whoever shows them withholds where they are small (`suppression`).
"""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import select

from fundapp.children.encryption import associated_data
from fundapp.children.models import Child, TargetGroup
from fundapp.crypto import keyring
from fundapp.db import db

C = TypeVar("C", bound=Hashable)

_COLUMN = "target_group_encrypted"
#: Children in one statement.
_AT_ONCE = 500
#: Groups that a process remembers by what is stored of them.
_KEPT = 50_000


def count_groups(cells: Mapping[int, Collection[C]]) -> Counter[tuple[C, TargetGroup]]:
    """The number of children of each cell and group. ``cells`` are those of each child, by the id
    of its row. Raises KeyringError for a value that cannot be decrypted.
    """
    counts: Counter[tuple[C, TargetGroup]] = Counter()
    wanted = sorted(cells)
    for start in range(0, len(wanted), _AT_ONCE):
        ids = wanted[start : start + _AT_ONCE]
        rows = db.session.execute(
            select(Child.id, Child.target_group_encrypted).where(Child.id.in_(ids))
        )
        for child_id, encrypted in rows:
            group = _group_of(child_id, bytes(encrypted))
            for cell in cells[child_id]:
                counts[cell, group] += 1
    return counts


@lru_cache(_KEPT)
def _group_of(child_id: int, encrypted: bytes) -> TargetGroup:
    # A report counts every child again: decrypting them took most of its time.
    text = keyring().decrypt(encrypted, associated_data("children", _COLUMN, child_id))
    return TargetGroup(text.rstrip("\0"))
