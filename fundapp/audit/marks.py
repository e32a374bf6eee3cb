"""Marks: up to where every check held, so that the run of the night need not read it again.

A mark is protected by a keyed hash, which nobody makes who has the database alone, and by the
digest of all leaf hashes up to it, which every full run makes again.
"""

import hmac
from datetime import timedelta

from sqlalchemy import func, select

from fundapp import clock
from fundapp.audit.models import CheckMark
from fundapp.audit.reading import NOTHING, Stretch
from fundapp.crypto import keyring
from fundapp.db import db
from fundapp.ids import LARGEST_ID, first_id_of
from fundapp.ledger.models import JournalEntry, LogLeaf

#: No entry comes after so long with an id from before: ids grow with time, and one is taken
#: when an entry is posted.
SETTLED = timedelta(days=1)


def list_marks() -> list[CheckMark]:
    """Every mark, the oldest first."""
    return list(db.session.scalars(select(CheckMark).order_by(CheckMark.entry_id)))


def proof_of(stretch: Stretch) -> bytes:
    """The keyed hash of what a mark says."""
    said = f"{stretch.entry_id} {stretch.entry_count} {stretch.leaves_sha256.hex()}"
    return keyring().lookup(said, f"{CheckMark.__tablename__}.proof")


def stretch_of(mark: CheckMark) -> Stretch:
    """What the mark says."""
    return Stretch(mark.entry_id, mark.entry_count, mark.leaves_sha256)


def is_ours(mark: CheckMark) -> bool:
    """Whether this program set the mark as it is now."""
    return hmac.compare_digest(mark.proof, proof_of(stretch_of(mark)))


def last_proved() -> Stretch:
    """What the newest mark says that this program set; nothing where there is none."""
    for mark in reversed(list_marks()):
        if is_ours(mark):
            return stretch_of(mark)
    return NOTHING


def covered_by(size: int) -> Stretch:
    """The entries up to the last before the first that is none of the log's first ``size``."""
    later = select(func.min(LogLeaf.entry_id)).where(LogLeaf.leaf_index >= size)
    sealed = select(LogLeaf.entry_id).where(LogLeaf.entry_id == JournalEntry.id).exists()
    unsealed = select(func.min(JournalEntry.id)).where(~sealed)
    found = (db.session.scalar(later), db.session.scalar(unsealed))
    firsts = [entry_id for entry_id in found if entry_id is not None]
    before = JournalEntry.id < min(firsts, default=LARGEST_ID)
    last = db.session.scalar(select(func.max(JournalEntry.id)).where(before))
    if last is None:
        return NOTHING
    count = db.session.scalar(select(func.count()).select_from(JournalEntry).where(before))
    return Stretch(last, count or 0, b"")


def next_mark() -> int | None:
    """The id of the newest entry that a mark can be set at, or None: there is none."""
    settled = JournalEntry.id < first_id_of(clock.now() - SETTLED)
    return db.session.scalar(select(func.max(JournalEntry.id)).where(settled))
