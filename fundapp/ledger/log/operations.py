"""Sealing entries, signing checkpoints, and keeping what witnesses cosign.

Entries are sealed after they were committed, by the worker: a lock on the end of the log inside
each posting would cost half of the throughput. Until then an entry is as the database keeps it.
"""

from datetime import timedelta

from sqlalchemy import func, select

from fundapp import clock, durable_files
from fundapp.access.actors import Actor, require
from fundapp.db import connection_of_work, db, is_postgresql
from fundapp.db.many_rows import write_values
from fundapp.errors import NotFoundError
from fundapp.ids import earlier_id
from fundapp.ledger.drafts import public_memo
from fundapp.ledger.errors import (
    BooksNotAsSignedError,
    NothingToBeginAnewError,
    WitnessKeyError,
    WitnessKnownError,
    WitnessUrlError,
)
from fundapp.ledger.log.halting import find_halt, forget_looks, signed_last
from fundapp.ledger.log.notes import (
    OF_WITNESS,
    Checkpoint,
    NoteError,
    find_cosignature,
    parse_vkey,
    sign,
    vkey_of,
)
from fundapp.ledger.log.queries import last_checkpoint, log_number, log_size, root_of_log
from fundapp.ledger.log.settings import checkpoint_file, origin_of_log
from fundapp.ledger.log.tiles import append_hashes
from fundapp.ledger.log.witnessing import Asked, is_address
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.models.log import (
    LogBeginning,
    LogCheckpoint,
    LogCosignature,
    LogLeaf,
    LogWitness,
)
from fundapp.ledger.policy import may_seal
from fundapp.trail.operations import record_event

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


def add_witness(url: str, vkey: str, *, actor: Actor) -> LogWitness:
    """Let a witness be asked to cosign every checkpoint from now on; once more at another address,
    or after it was ended. Raises ForbiddenError, WitnessKeyError, WitnessUrlError and
    WitnessKnownError.
    """
    require(may_seal(actor))
    try:
        key = parse_vkey(vkey, OF_WITNESS)
    except NoteError as error:
        raise WitnessKeyError(params={"fault": error}) from None
    if not is_address(url):
        raise WitnessUrlError
    _wait_for_others()
    witness = db.session.get(LogWitness, key.name)
    if witness is None:
        witness = LogWitness(name=key.name, url=url, vkey=str(key), added_at=clock.now())
        db.session.add(witness)
    elif witness.vkey != str(key):
        raise WitnessKnownError(params={"name": key.name})
    witness.url, witness.ended_at = url, None
    _record_witness("add", witness, actor)
    return witness


def end_witness(name: str, *, actor: Actor) -> LogWitness:
    """Ask a witness no more; what it cosigned stays. Raises ForbiddenError and NotFoundError."""
    require(may_seal(actor))
    _wait_for_others()
    witness = db.session.get(LogWitness, name)
    if witness is None or witness.ended_at is not None:
        raise NotFoundError
    witness.ended_at = clock.now()
    _record_witness("end", witness, actor)
    return witness


def keep_cosignature(asked: Asked, lines: str, *, actor: Actor) -> LogCosignature:
    """Keep what a witness answered about a checkpoint, which is published with it; the one that is
    there when it is asked again. Raises ForbiddenError, and NoteError when its key did not cosign.
    """
    require(may_seal(actor))
    _wait_for_others()
    witness = db.session.get_one(LogWitness, asked.name)
    key = parse_vkey(witness.vkey, OF_WITNESS)
    line, cosigned_at = find_cosignature(asked.note, lines, key)
    own = asked.number, asked.size, asked.name
    known = db.session.get(LogCosignature, own)
    if known is not None:
        return known
    number, size, name = own
    cosignature = LogCosignature(
        number=number, size=size, witness_name=name, line=line, cosigned_at=cosigned_at
    )
    db.session.add(cosignature)
    db.session.flush()
    return cosignature


def _record_witness(verb: str, witness: LogWitness, actor: Actor) -> None:
    record_event(
        f"ledger:witness:{verb}", actor=actor, subject_type="witness", subject_ref=witness.name
    )
    db.session.flush()


def _wait_for_others() -> None:
    """Only one seals or signs at a time; SQLite has one writer anyway."""
    if is_postgresql():
        db.session.execute(select(func.pg_advisory_xact_lock(_SEALING)))
