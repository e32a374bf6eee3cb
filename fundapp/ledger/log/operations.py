"""Sealing entries and signing checkpoints.

Entries are sealed after they were committed, by the worker: a lock on the end of the log inside
each posting would cost half of the throughput. Until then an entry is as the database keeps it.
"""

from datetime import timedelta

from sqlalchemy import func, select

from fundapp import clock, durable_files
from fundapp.access.actors import Actor, require
from fundapp.db import connection_of_work, db, is_postgresql
from fundapp.db.many_rows import write_values
from fundapp.ids import earlier_id
from fundapp.ledger.drafts import public_memo
from fundapp.ledger.errors import BooksNotAsSignedError, NothingToBeginAnewError
from fundapp.ledger.log.halting import find_halt, forget_looks, signed_last
from fundapp.ledger.log.notes import Checkpoint, sign, vkey_of
from fundapp.ledger.log.queries import last_checkpoint, log_number, log_size, root_of_log
from fundapp.ledger.log.settings import checkpoint_file, origin_of_log
from fundapp.ledger.log.tiles import append_hashes
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.models.log import LogBeginning, LogCheckpoint, LogLeaf
from fundapp.ledger.policy import may_seal

#: How many entries one unit of work seals.
MOST_AT_ONCE = 20_000
#: An entry is looked for that far behind the newest sealed one: its unit of work may have committed
#: after those of later entries. `seal_entries` with ``everywhere`` looks at all.
LOOKED_BACK = timedelta(hours=1)

#: Of the advisory lock; no other part of the program takes one with this number.
_SEALING = 1112


def seal_entries(*, everywhere: bool = False, actor: Actor) -> int:
    """Give committed entries that are not sealed yet their places in the log, in the order of their
    ids; at most `MOST_AT_ONCE`. Gives how many. Raises ForbiddenError and BooksNotAsSignedError.
    """
    require(may_seal(actor))
    _wait_for_others()
    if fault := find_halt():
        raise BooksNotAsSignedError(params={"fault": fault})
    newest = db.session.scalar(select(func.max(LogLeaf.entry_id)))
    after = -1 if everywhere or newest is None else earlier_id(newest, LOOKED_BACK)
    sealed = select(LogLeaf.entry_id).where(LogLeaf.entry_id == JournalEntry.id).exists()
    unsealed = db.session.execute(
        select(JournalEntry.id, JournalEntry.leaf_hash)
        .where(JournalEntry.id > after, ~sealed)
        .order_by(JournalEntry.id)
        .limit(MOST_AT_ONCE)
    ).all()
    size = log_size()
    leaves = [(size + place, entry_id) for place, (entry_id, _hash) in enumerate(unsealed)]
    write_values(connection_of_work(), LogLeaf.__tablename__, ("leaf_index", "entry_id"), leaves)
    append_hashes(0, size, [leaf_hash for _id, leaf_hash in unsealed])
    return len(unsealed)


def sign_checkpoint(secret: bytes, *, actor: Actor) -> LogCheckpoint:
    """Sign the size and the root of the log as it is; the newest checkpoint when that is it.

    ``secret`` is the Ed25519 key of 32 bytes. The note is written to the file outside the database
    before it is published. Raises ForbiddenError and BooksNotAsSignedError.
    """
    require(may_seal(actor))
    _wait_for_others()
    if fault := find_halt():
        raise BooksNotAsSignedError(params={"fault": fault})
    last, number, size = last_checkpoint(), log_number(), log_size()
    if last is not None and (last.number, last.size) == (number, size):
        return last
    root = root_of_log(size)
    if last is not None and root_of_log(last.size) != last.root:
        fault = f"the first {last.size} entries are not those that were signed"
        raise BooksNotAsSignedError(params={"fault": fault})
    origin = origin_of_log(last)
    note = sign(Checkpoint(origin, size, root), secret)
    checkpoint = LogCheckpoint(
        number=number, size=size, root=root, note=note,
        vkey=str(vkey_of(origin, secret)), signed_at=clock.now(),
    )  # fmt: skip
    db.session.add(checkpoint)
    db.session.flush()
    durable_files.replace(checkpoint_file(), note.encode())
    return checkpoint


def begin_anew(reason: str, *, actor: Actor) -> LogBeginning:
    """Let the log go on from the books as they are, under the next number, after an older backup
    was restored; ``reason`` is public. Raises ForbiddenError and NothingToBeginAnewError.
    """
    require(may_seal(actor))
    _wait_for_others()
    note = signed_last()
    if note is None or find_halt() is None:
        raise NothingToBeginAnewError
    beginning = LogBeginning(
        number=log_number() + 1, size=log_size(), last_note=note, reason=public_memo(reason),
        maker=actor.ref, began_at=clock.now(),
    )  # fmt: skip
    db.session.add(beginning)
    db.session.flush()
    forget_looks()
    return beginning


def _wait_for_others() -> None:
    """Only one seals or signs at a time; SQLite has one writer anyway."""
    if is_postgresql():
        db.session.execute(select(func.pg_advisory_xact_lock(_SEALING)))
