"""The log computed anew from the stored bytes of the entries."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from fundapp.db import db
from fundapp.ledger.canonical import leaf_hash
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.log.notes import NoteError, open_note, parse_vkey
from fundapp.ledger.log.queries import root_of_log
from fundapp.ledger.log.tree import GrowingTree
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.models.log import LogCheckpoint, LogLeaf

_BATCH = 2000


def find_faults(*, read_bytes: bool = True) -> Iterator[str]:
    """What is wrong with the log, in words: leaves with a gap, an entry whose bytes are not those
    of its hash, checkpoints that are not of this tree or whose signature does not hold. Without
    ``read_bytes`` the stored hash of each entry is believed.
    """
    tree = GrowingTree()
    checkpoints = _checkpoints()
    yield from _compare(checkpoints.pop(0, []), tree)
    for entry_id, index, stored, *canonical in _leaves(read_bytes):
        if index != tree.size:
            yield f"leaf {tree.size} is missing"
            return
        found = leaf_hash(canonical[0]) if canonical else stored
        if found != stored:
            yield f"{entry_number(entry_id)}: its bytes were changed"
        tree.add(found)
        yield from _compare(checkpoints.pop(tree.size, []), tree)
    for size in sorted(checkpoints):
        yield f"{size} entries were signed, but the log has {tree.size}"
    yield from _compare_tiles(tree)


def _leaves(read_bytes: bool) -> Iterator[Any]:
    """Entry id, place, stored hash and, if asked, bytes of each leaf, in their order."""
    columns: list[Any] = [LogLeaf.entry_id, LogLeaf.leaf_index, JournalEntry.leaf_hash]
    if read_bytes:
        columns.append(JournalEntry.canonical)
    after = -1
    while True:
        rows = db.session.execute(
            select(*columns)
            .join(JournalEntry, JournalEntry.id == LogLeaf.entry_id)
            .where(LogLeaf.leaf_index > after)
            .order_by(LogLeaf.leaf_index)
            .limit(_BATCH)
        ).all()
        if not rows:
            return
        yield from rows
        after = rows[-1][1]


def _checkpoints() -> dict[int, list[LogCheckpoint]]:
    found: dict[int, list[LogCheckpoint]] = {}
    for each in db.session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.number)):
        found.setdefault(each.size, []).append(each)
    return found


def _compare(checkpoints: list[LogCheckpoint], tree: GrowingTree) -> Iterator[str]:
    for each in checkpoints:
        try:
            signed = open_note(each.note, parse_vkey(each.vkey))
        except NoteError as error:
            yield f"checkpoint {each.size}: {error}"
            continue
        if signed.size != each.size or signed.root != tree.root() or signed.root != each.root:
            yield f"checkpoint {each.size}: the entries are not those that were signed"


def _compare_tiles(tree: GrowingTree) -> Iterator[str]:
    try:
        root = root_of_log(tree.size)
    except LookupError:
        yield "a tile of the log is missing or too short"
        return
    if root != tree.root():
        yield "the tiles of the log are not those of its entries"
