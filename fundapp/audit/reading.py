"""The one reading of the journal that all checks of single entries share.

A batch of entries at a time, with the columns that are compared, as the database keeps them. On the
way the leaf hashes are counted and hashed together up to each mark (`fundapp.audit.marks`).
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import func, select

from fundapp.audit.checks.base import EntryCheck, Violation
from fundapp.db import db
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import JournalEntry, Posting
from fundapp.ledger.queries import JournalRow, as_stored, iter_batches

#: Said how many entries were read, and of how many.
Report = Callable[[int, int], None]

#: The columns that a check of single entries is given, of an entry and of each posting.
_OF_ENTRIES = (
    "id", "kind", "entry_on", "posted_at", "memo", "source_type", "source_ref", "maker", "checker",
    "receipt", "private", "reverses_entry_id", "content_hash", "canonical", "leaf_hash",
)  # fmt: skip
_OF_POSTINGS = (
    "entry_id", "fund_code", "debit_account_code", "credit_account_code", "amount_satang",
)  # fmt: skip
_STORED = ("kind", "entry_on", "posted_at")
_ENTRY_COLUMNS = [
    as_stored(JournalEntry.__table__.c[name]) if name in _STORED else JournalEntry.__table__.c[name]
    for name in _OF_ENTRIES
]
_POSTING_COLUMNS = [Posting.__table__.c[name] for name in _OF_POSTINGS]
_BATCH = 2000


class Stretch(NamedTuple):
    """The entries up to an id: how many they are, and the digest of their leaf hashes, which begins
    with that of the stretch before.
    """

    entry_id: int
    entry_count: int
    leaves_sha256: bytes


#: Before the first entry.
NOTHING = Stretch(-1, 0, b"")


@dataclass(slots=True)
class JournalReading:
    """What a reading found: where it began, how many entries there are up to its end, violations by
    the name of their check, and what it passed up to each of the ids that were asked for.
    """

    start: Stretch = NOTHING
    entry_count: int = 0
    found: dict[str, list[Violation]] = field(default_factory=lambda: defaultdict(list))
    stretches: dict[int, Stretch] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadingCheck:
    """A statement about what the reading of the journal passed."""

    name: str
    title: str
    find: Callable[[JournalReading], Iterable[Violation]]
    is_warning: bool = False


def read_entries(
    checks: Sequence[EntryCheck],
    *,
    start: Stretch = NOTHING,
    stops: Iterable[int] = (),
    most: int,
    report: Report | None = None,
) -> JournalReading:
    """Judge every entry after ``start`` by each check, and keep ``most`` violations of each.

    ``stops`` are the ids up to which stretches are asked for.
    """
    reading, chain = JournalReading(start), _Chain(start, stops)
    total, done = _count_after(start.entry_id) if report else 0, 0
    for rows, parts in iter_batches(_ENTRY_COLUMNS, _POSTING_COLUMNS, _BATCH, start.entry_id):
        postings: defaultdict[int, list[Any]] = defaultdict(list)
        for part in parts:
            postings[part[0]].append(part)
        for check in checks:
            found, holds = reading.found[check.name], check.holds
            for row in rows:
                if not holds(row, postings[row[0]]) and len(found) < most:
                    found.append(Violation(entry_number(row[0]), check.problem))
        chain.add(rows)
        done += len(rows)
        if report:
            report(done, total)
    reading.stretches = chain.end()
    reading.entry_count = start.entry_count + done
    return reading


def values_of(row: JournalRow) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
    """What a check of single entries is given of one entry."""
    of_posting = attrgetter(*_OF_POSTINGS)
    return attrgetter(*_OF_ENTRIES)(row.entry), [of_posting(part) for part in row.postings]


def _count_after(entry_id: int) -> int:
    counted = select(func.count()).select_from(JournalEntry).where(JournalEntry.id > entry_id)
    return db.session.scalar(counted) or 0


class _Chain:
    """Hashes leaf hashes one after another, and says what they come to at each stop."""

    def __init__(self, start: Stretch, stops: Iterable[int]) -> None:
        self._hash, self._count = hashlib.sha256(start.leaves_sha256), start.entry_count
        self._stops = sorted(stop for stop in set(stops) if stop > start.entry_id)
        self._passed: dict[int, Stretch] = {}

    def add(self, rows: Sequence[Any]) -> None:
        """The next entries; their leaf hash is the last column."""
        begin = 0
        while self._stops and rows[-1][0] > self._stops[0]:
            end = next(
                index for index in range(begin, len(rows)) if rows[index][0] > self._stops[0]
            )
            self._take(rows[begin:end])
            self._stop()
            begin = end
        self._take(rows[begin:])

    def end(self) -> dict[int, Stretch]:
        """Every stretch, once all entries were read."""
        while self._stops:
            self._stop()
        return self._passed

    def _take(self, rows: Sequence[Any]) -> None:
        self._hash.update(b"".join([row[-1] for row in rows]))
        self._count += len(rows)

    def _stop(self) -> None:
        entry_id, sha256 = self._stops.pop(0), self._hash.digest()
        self._passed[entry_id] = Stretch(entry_id, self._count, sha256)
        self._hash = hashlib.sha256(sha256)
