"""The thread as people read it: what became of the money of an entry, or whose money it took.

Both ends add up to the satang: parts and what is open come to the amount. Money that came after a
shortage covers it at once here, although the rows that say so are written by the next who spends.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import SelectBase, exists, func, select

from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.ids import LARGEST_ID
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import EntryKind, JournalEntry, Posting
from fundapp.ledger.thread.events import EFFECT, read_returned, sum_returned
from fundapp.ledger.thread.models import ThreadMove, ThreadRest
from fundapp.ledger.thread.rule import cover_until
from fundapp.ledger.thread.stored import StoredThread, read_parts, read_takers

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class EntryName:
    """An entry at the other end of a part."""

    id: int
    kind: EntryKind
    entry_on: date
    source_type: str
    source_ref: str

    @property
    def number(self) -> str:
        """The public number."""
        return entry_number(self.id)


@dataclass(frozen=True, slots=True)
class EntryThread:
    """One entry in one fund. ``is_money``: it raised the fund, and the parts are what its money
    became; otherwise they are the money that it took. ``open_satang`` is still in the fund, or is
    covered by no money yet. ``own_satang`` is a cost that the entry carries itself,
    ``returned_satang`` what came back of help and is with its gifts again.

    ``undone_by`` and ``undoes`` name the one part of an entry that was undone, or undid another.
    """

    entry: EntryName
    fund_code: str
    is_money: bool
    amount_satang: int
    own_satang: int
    parts: Sequence[tuple[int, int]]
    open_satang: int
    undone_by: int | None = None
    undoes: int | None = None
    returned_satang: int = 0


def read_threads(entry_id: int) -> list[EntryThread]:
    """The threads of an entry, by the code of the fund; NotFoundError. None for an entry that
    moves money without raising or lowering a fund.
    """
    entry = name_entries([entry_id]).get(entry_id)
    if entry is None:
        raise NotFoundError
    raised: dict[str, int] = {}
    lowered: dict[str, int] = {}
    effects = select(Posting.fund_code, EFFECT).where(Posting.entry_id == entry_id, EFFECT != 0)
    for code, satang in db.session.execute(effects.order_by(Posting.fund_code)):
        side = raised if satang > 0 else lowered
        side[code] = side.get(code, 0) + abs(satang)
    undoes, undone_by = _undoing(entry_id)
    return [
        _thread(entry, code, raised.get(code, 0), lowered.get(code, 0), undoes, undone_by)
        for code in sorted(raised.keys() | lowered.keys())
    ]


def name_entries(entry_ids: Iterable[int]) -> dict[int, EntryName]:
    """What these entries are, by id."""
    ids = list(entry_ids)
    columns = (
        JournalEntry.id,
        JournalEntry.kind,
        JournalEntry.entry_on,
        JournalEntry.source_type,
        JournalEntry.source_ref,
    )
    named = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = select(*columns).where(JournalEntry.id.in_(ids[start : start + _AT_ONCE]))
        named.update({row.id: EntryName(*row) for row in db.session.execute(some)})
    return named


def parts_before(taker_ids: Iterable[int], source_id: int, fund_code: str) -> Mapping[int, int]:
    """How much each taker took of money that is older than a source: where its part begins."""
    statement = (
        select(ThreadMove.taker_entry_id, func.sum(ThreadMove.satang))
        .where(
            ThreadMove.taker_entry_id.in_(list(taker_ids)),
            ThreadMove.fund_code == fund_code,
            ThreadMove.source_entry_id < source_id,
        )
        .group_by(ThreadMove.taker_entry_id)
    )
    return {taker: int(satang) for taker, satang in db.session.execute(statement)}


def _undoing(entry_id: int) -> tuple[int | None, int | None]:
    """The entry that this one undoes, or a part of it, and the one that undoes it."""
    reverses = select(JournalEntry.reverses_entry_id)
    undoes = db.session.scalar(reverses.where(JournalEntry.id == entry_id))
    undoes = undoes or read_returned(JournalEntry.id == entry_id).get(entry_id)
    if undoes is not None:
        if db.session.scalar(reverses.where(JournalEntry.id == undoes)) is None:
            return undoes, None
        return None, None  # it undoes what undid an entry, and is an entry of its own
    by = select(JournalEntry.id).where(JournalEntry.reverses_entry_id == entry_id)
    return None, db.session.scalar(by)


def _thread(
    entry: EntryName,
    fund_code: str,
    raised: int,
    lowered: int,
    undoes: int | None,
    undone_by: int | None,
) -> EntryThread:
    own, net = min(raised, lowered), raised - lowered
    is_money, returned = net >= 0, 0
    other = undoes or undone_by
    if net == 0:
        parts, open_satang = [], 0
    elif other is not None:
        parts, open_satang = [(other, abs(net))], 0
    else:
        parts = _parts(entry.id, fund_code, is_money=is_money)
        if entry.kind is EntryKind.ASSISTANCE_APPROVED:
            returned = sum_returned(fund_code, [entry.id], LARGEST_ID).get(entry.id, 0)
        open_satang = abs(net) - returned - sum(satang for _other, satang in parts)
    ends = (undone_by, undoes, returned)
    amount = max(raised, lowered)
    return EntryThread(entry, fund_code, is_money, amount, own, parts, open_satang, *ends)


def _parts(entry_id: int, fund_code: str, *, is_money: bool) -> list[tuple[int, int]]:
    read = read_takers if is_money else read_parts
    parts = read(fund_code, entry_id)
    short = exists().where(ThreadRest.fund_code == fund_code, ThreadRest.rest_satang < 0)
    if db.session.scalar(select(short)):
        thread = StoredThread(fund_code)
        cover_until(fund_code, thread, LARGEST_ID)
        for move in thread.moves:
            ends = (move.source_entry_id, move.taker_entry_id)
            own, other = ends if is_money else ends[::-1]
            if own == entry_id:
                parts[other] = parts.get(other, 0) + move.satang
    return sorted(parts.items())


@dataclass(frozen=True, slots=True)
class GivenMoney:
    """The money of an entry in one fund, the cost that the entry itself carries, and who took how
    much of it, as it is stored.
    """

    entry_id: int
    fund_code: str
    satang: int
    own_satang: int
    parts: Sequence[tuple[int, int]]


def read_money(entry_ids: Iterable[int]) -> list[GivenMoney]:
    """The money of several entries, of each fund; without those that were undone."""
    ids = list(entry_ids)
    undone = select(JournalEntry.reverses_entry_id).where(JournalEntry.reverses_entry_id.in_(ids))
    gone = set(db.session.scalars(undone))
    sides: dict[tuple[int, str], list[int]] = {}
    effects = select(Posting.entry_id, Posting.fund_code, EFFECT).where(
        Posting.entry_id.in_(ids), EFFECT != 0
    )
    for entry_id, code, satang in db.session.execute(effects):
        if entry_id not in gone:
            sides.setdefault((entry_id, code), [0, 0])[satang < 0] += abs(satang)
    moved = (
        select(
            ThreadMove.source_entry_id,
            ThreadMove.fund_code,
            ThreadMove.taker_entry_id,
            func.sum(ThreadMove.satang),
        )
        .where(ThreadMove.source_entry_id.in_(ids))
        .group_by(ThreadMove.source_entry_id, ThreadMove.fund_code, ThreadMove.taker_entry_id)
        .having(func.sum(ThreadMove.satang) != 0)
        .order_by(ThreadMove.taker_entry_id)
    )
    parts: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for entry_id, code, taker, satang in db.session.execute(moved):
        parts.setdefault((entry_id, code), []).append((taker, int(satang)))
    return [
        GivenMoney(*key, raised, lowered, parts.get(key, ()))
        for key, (raised, lowered) in sorted(sides.items())
        if raised > lowered
    ]


def first_source_of(takers: SelectBase, fund_code: str) -> int | None:
    """The oldest money of a fund that any of the entries has taken whose ids ``takers`` selects."""
    ids = takers.subquery()
    first = select(func.min(ThreadMove.source_entry_id)).where(
        ThreadMove.fund_code == fund_code, ThreadMove.taker_entry_id == ids.c[0]
    )
    oldest: int | None = db.session.scalar(
        select(func.min(first.scalar_subquery())).select_from(ids)
    )
    return oldest


def sources_of(taker_ids: Iterable[int], fund_code: str) -> frozenset[int]:
    """All money that any of these entries has ever taken of a fund, also what was given back."""
    ids, found = list(taker_ids), set[int]()
    for start in range(0, len(ids), _AT_ONCE):
        taken = select(ThreadMove.source_entry_id).where(
            ThreadMove.fund_code == fund_code,
            ThreadMove.taker_entry_id.in_(ids[start : start + _AT_ONCE]),
        )
        found.update(db.session.scalars(taken))
    return frozenset(found)
