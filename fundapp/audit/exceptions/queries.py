"""The entries that the rules look at: bounded, whatever the books hold."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from fundapp.audit.exceptions.models import Dismissal
from fundapp.audit.exceptions.rules import SeenEntry
from fundapp.clock import local_day
from fundapp.db import db
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import EntryKind, JournalEntry
from fundapp.ledger.queries import is_of_kinds

#: Entries that a page reads at most; it says so when there are more.
MOST_LINES = 2_000
_COLUMNS = (
    JournalEntry.id,
    JournalEntry.kind,
    JournalEntry.entry_on,
    JournalEntry.posted_at,
    JournalEntry.total_satang,
    JournalEntry.maker,
    JournalEntry.checker,
)
_KINDS = tuple(kind for kind in EntryKind if kind is not EntryKind.DONATION)


def read_lines(from_on: date, to_on: date) -> tuple[list[SeenEntry], bool]:
    """The newest entries of these days that are no gifts, oldest first, and whether there are more
    than are read. Each kind is read from the index of entries by kind.
    """
    rows: list[Any] = []
    for kind in _KINDS:
        statement = (
            select(*_COLUMNS)
            .where(
                is_of_kinds(kind),
                JournalEntry.entry_on >= from_on,
                JournalEntry.entry_on <= to_on,
            )
            .order_by(JournalEntry.entry_on.desc(), JournalEntry.id.desc())
            .limit(MOST_LINES + 1)
        )
        rows += db.session.execute(statement).all()
    rows.sort(key=lambda row: (row.entry_on, row.id))
    shown = rows[-MOST_LINES:]
    lines = [
        SeenEntry(
            entry_number(row.id),
            row.kind,
            row.entry_on,
            local_day(row.posted_at),
            row.total_satang,
            row.maker,
            row.checker,
        )
        for row in shown
    ]
    return lines, len(rows) > MOST_LINES


def find_dismissals(rule: str, keys: Iterable[str]) -> dict[str, Dismissal]:
    """Those of these exceptions that were looked at, by key."""
    statement = select(Dismissal).where(Dismissal.rule == rule, Dismissal.key.in_(list(keys)))
    return {row.key: row for row in db.session.scalars(statement)}
