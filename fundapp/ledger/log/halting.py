"""The safe halt: nothing is posted while the database is not the one that was signed last.

Each signed checkpoint is also written to a file outside the database (``LEDGER_CHECKPOINT_FILE``).
A database that was put back to an older state has fewer entries than that, or others.
"""

import time
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from fundapp.db import db
from fundapp.ledger.errors import BooksNotAsSignedError
from fundapp.ledger.log.notes import NoteError, read_checkpoint
from fundapp.ledger.log.queries import fault_of, list_beginnings
from fundapp.ledger.log.settings import checkpoint_file

#: Seconds after which a process looks again.
LOOK_EVERY = 30.0


@dataclass(slots=True)
class _Look:
    """What a look found, and when (seconds of the monotonic clock)."""

    fault: str | None
    at: float


_looks: WeakKeyDictionary[Engine, _Look] = WeakKeyDictionary()


def require_books_as_signed() -> None:
    """BooksNotAsSignedError while the books are not those that were signed last."""
    look = _looks.get(db.engine)
    if look is None or time.monotonic() - look.at >= LOOK_EVERY:
        look = _looks[db.engine] = _Look(find_halt(), time.monotonic())
    if look.fault:
        raise BooksNotAsSignedError(params={"fault": look.fault})


def find_halt() -> str | None:
    """Why nothing may be posted, in words; None when all is well."""
    signed = signed_last()
    if signed is None or any(each.last_note == signed for each in list_beginnings()):
        return None
    try:
        return fault_of(read_checkpoint(signed))
    except NoteError as error:
        return f"the file of the last checkpoint cannot be read: {error}"


def forget_looks() -> None:
    """Look again before the next entry."""
    _looks.clear()


def signed_last() -> str | None:
    """The last signed note, as the file has it; None before the first."""
    try:
        return checkpoint_file().read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
