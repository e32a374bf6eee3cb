"""What the log says: its size, its checkpoints, the place and the proof of an entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from fundapp.db import db
from fundapp.ledger.log.notes import Checkpoint, read_checkpoint
from fundapp.ledger.log.tiles import TileReader
from fundapp.ledger.log.tree import consistency_path, inclusion_path, root_at
from fundapp.ledger.log.witnessing import Asked
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.models.log import (
    LogBeginning,
    LogCheckpoint,
    LogCosignature,
    LogLeaf,
    LogWitness,
)


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That an entry is a leaf of the tree that a checkpoint is about."""

    leaf_index: int
    path: Sequence[bytes]
    checkpoint: LogCheckpoint


def log_size() -> int:
    """How many entries are sealed."""
    newest = db.session.scalar(select(func.max(LogLeaf.leaf_index)))
    return 0 if newest is None else newest + 1


def log_number() -> int:
    """The number of the log that is written now: 1, and one more for each new beginning."""
    return db.session.scalar(select(func.max(LogBeginning.number))) or 1


def list_beginnings() -> Sequence[LogBeginning]:
    """The new beginnings, in their order."""
    return db.session.scalars(select(LogBeginning).order_by(LogBeginning.number)).all()


def list_late_entries(before: datetime, most: int) -> Sequence[int]:
    """Entries that were posted before that moment and are not sealed."""
    sealed = select(LogLeaf.entry_id).where(LogLeaf.entry_id == JournalEntry.id).exists()
    late = select(JournalEntry.id).where(JournalEntry.posted_at < before, ~sealed)
    return db.session.scalars(late.order_by(JournalEntry.id).limit(most)).all()


def last_checkpoint() -> LogCheckpoint | None:
    """The newest checkpoint; None before the first."""
    return next(iter(list_checkpoints(1)), None)


def list_checkpoints(most: int) -> Sequence[LogCheckpoint]:
    """The newest checkpoints, the newest first."""
    order = LogCheckpoint.number.desc(), LogCheckpoint.size.desc()
    return db.session.scalars(select(LogCheckpoint).order_by(*order).limit(most)).all()


def get_checkpoint(size: int) -> LogCheckpoint | None:
    """The newest checkpoint of this size; None without one."""
    statement = select(LogCheckpoint).where(LogCheckpoint.size == size)
    return db.session.scalars(
        statement.order_by(LogCheckpoint.number.desc()).limit(1)
    ).one_or_none()


def list_witnesses() -> Sequence[LogWitness]:
    """Every witness, also those that were ended, by name."""
    return db.session.scalars(select(LogWitness).order_by(LogWitness.name)).all()


def list_cosignatures(checkpoint: LogCheckpoint) -> Sequence[LogCosignature]:
    """What witnesses signed below a checkpoint, by their names."""
    statement = select(LogCosignature).where(
        LogCosignature.number == checkpoint.number, LogCosignature.size == checkpoint.size
    )
    return db.session.scalars(statement.order_by(LogCosignature.witness_name)).all()


def published_note(checkpoint: LogCheckpoint) -> str:
    """The signed note of a checkpoint, with every cosignature below."""
    return checkpoint.note + "".join(f"{each.line}\n" for each in list_cosignatures(checkpoint))


def cosigned_size(witness_name: str, number: int) -> int:
    """How many entries of a log a witness has cosigned; 0 before the first."""
    statement = select(func.max(LogCosignature.size)).where(
        LogCosignature.witness_name == witness_name, LogCosignature.number == number
    )
    return db.session.scalar(statement) or 0


def list_to_cosign() -> list[Asked]:
    """What each witness has to be asked: the newest checkpoint, which it has not cosigned."""
    newest = last_checkpoint()
    if newest is None:
        return []
    sizes = {
        each.name: cosigned_size(each.name, newest.number)
        for each in list_witnesses()
        if each.ended_at is None
    }
    return [
        Asked(each.name, each.url, newest.number, newest.size, newest.note, sizes[each.name])
        for each in list_witnesses()
        if sizes.get(each.name, newest.size) < newest.size
    ]


def list_unwitnessed(before: datetime) -> list[tuple[str, int]]:
    """Witnesses that have not cosigned what was signed before that moment (after they were added),
    and how many entries they have cosigned.
    """
    number, found = log_number(), []
    for each in list_witnesses():
        size = cosigned_size(each.name, number)
        waiting = select(LogCheckpoint.size).where(
            LogCheckpoint.number == number,
            LogCheckpoint.size > size,
            LogCheckpoint.signed_at < before,
        )
        if each.ended_at is None and each.added_at < before and db.session.scalar(waiting.limit(1)):
            found.append((each.name, size))
    return found


def origin_of(checkpoint: LogCheckpoint) -> str:
    """The name of the log that a checkpoint is of."""
    return read_checkpoint(checkpoint.note).origin


def root_of_log(size: int) -> bytes:
    """The root of the first ``size`` leaves; LookupError when there are fewer."""
    return root_at(size, TileReader())


def leaf_index_of(entry_id: int) -> int | None:
    """The place of an entry; None while it is not sealed."""
    return db.session.scalar(select(LogLeaf.leaf_index).where(LogLeaf.entry_id == entry_id))


def leaf_hash_of(entry_id: int) -> bytes:
    """The leaf hash of an entry that is there."""
    return db.session.scalars(
        select(JournalEntry.leaf_hash).where(JournalEntry.id == entry_id)
    ).one()


def prove_inclusion(entry_id: int) -> InclusionProof | None:
    """The proof of an entry in the newest checkpoint; None while that does not cover it."""
    checkpoint = last_checkpoint()
    index = leaf_index_of(entry_id)
    if checkpoint is None or index is None or index >= checkpoint.size:
        return None
    return InclusionProof(index, inclusion_path(index, checkpoint.size, TileReader()), checkpoint)


def prove_consistency(old: int, new: int) -> list[bytes]:
    """The proof that the tree of ``new`` leaves begins with that of ``old`` leaves. ValueError
    unless 0 < old <= new, LookupError when the log is shorter.
    """
    return consistency_path(old, new, TileReader())


def fault_of(signed: Checkpoint) -> str | None:
    """Why the stored log cannot be the one that ``signed`` was about, in words; None when it is."""
    size = log_size()
    if size < signed.size:
        return f"the log has {size} entries, but {signed.size} were signed"
    if root_of_log(signed.size) != signed.root:
        return f"the first {signed.size} entries are not those that were signed"
    return None
