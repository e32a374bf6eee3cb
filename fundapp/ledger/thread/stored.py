"""The thread of one fund in the database: it reads and writes as many rows as gifts are touched.

Sources up to the fund's head have a row in `ThreadRest` while something is left of them; those
after it are found in the journal. They are read in pages: from the journal by the entries' key, and
where few of its entries are of this fund, by the index of what the fund's accounts were credited.
"""

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import aliased

from fundapp.db import connection_of_work, db, many_rows
from fundapp.ids import LARGEST_ID
from fundapp.ledger.models import Account, EntryKind, JournalEntry, Posting
from fundapp.ledger.thread.events import EFFECT
from fundapp.ledger.thread.models import ThreadHead, ThreadMove, ThreadRest
from fundapp.ledger.thread.rule import Moved

#: Postings of the journal that are looked through at once, and the share of them that must be of
#: the fund: with fewer, its own index is the shorter way.
_WINDOW = 4000
_FEW = 40
_PAGE = 1000
_NO_OBJECTS = {"synchronize_session": False}


class StoredThread:
    """See `fundapp.ledger.thread.rule.Thread`. `write` stores what was changed; whoever only reads
    leaves it out.
    """

    def __init__(self, fund_code: str) -> None:
        self._fund = fund_code
        stored = db.session.execute(
            select(ThreadHead.head_entry_id, ThreadHead.last_entry_id).where(
                ThreadHead.fund_code == fund_code
            )
        ).one_or_none()
        self.head, self.last = stored or (-1, -1)
        #: What is left of each source, and needed by each taker, as far as it was read.
        self._money: dict[int, int] = {}
        self._places: list[int] = []
        self._placed: set[int] = set()
        self._read_up_to = -1
        self._has_read_rests = False
        self._first_head = self.head
        self._needs = self._read_needs()
        self._changed: set[int] = set()
        self.moves: list[Moved] = []

    def front(self, until: int) -> tuple[int, int] | None:
        """See `Thread`."""
        while True:
            while self._places and not self._money.get(self._places[0]):
                self._placed.discard(heappop(self._places))
            if self._places and (self._places[0] <= self._read_up_to or self._read_up_to >= until):
                place = self._places[0]
                return (place, self._money[place]) if place <= until else None
            if self._read_up_to >= until:
                return None
            self._read_on(until)

    def need(self) -> tuple[int, int] | None:
        """See `Thread`."""
        if not self._needs:
            return None
        taker = min(self._needs)
        return taker, self._needs[taker]

    def is_passed(self) -> bool:
        """Whether money is there that something lacks and that came before the last entry: it was
        written after it.
        """
        return bool(self._needs) and self.front(self.last) is not None

    def parts_of(self, taker: int) -> list[tuple[int, int]]:
        """See `Thread`."""
        stored = read_parts(self._fund, taker)
        for move in self.moves:
            if move.taker_entry_id == taker:
                stored[move.source_entry_id] = stored.get(move.source_entry_id, 0) + move.satang
        self._read_rests_of([source for source in stored if source not in self._money])
        return sorted(item for item in stored.items() if item[1])

    def takers_of(self, source: int) -> list[tuple[int, int]]:
        """See `Thread`."""
        stored = read_takers(self._fund, source)
        for move in self.moves:
            if move.source_entry_id == source:
                stored[move.taker_entry_id] = stored.get(move.taker_entry_id, 0) + move.satang
        return sorted(item for item in stored.items() if item[1])

    def add_money(self, source: int, satang: int) -> None:
        """See `Thread`."""
        if source not in self._money and source > self.head:
            return  # new money, which is found in the journal when the head comes to it
        if source not in self._money:
            self._read_rests_of([source])
        self._place(source)
        self._money[source] += satang
        self._changed.add(source)
        self.head = max(self.head, source)

    def drop_money(self, source: int) -> None:
        """See `Thread`."""
        if source <= self.head:
            self._money[source] = 0
            self._changed.add(source)
        else:
            self._money.pop(source, None)

    def add_need(self, taker: int, satang: int) -> None:
        """See `Thread`."""
        self._needs[taker] = self._needs.get(taker, 0) + satang
        self._changed.add(taker)
        if not self._needs[taker]:
            del self._needs[taker]

    def need_of(self, taker: int) -> int:
        """See `Thread`."""
        return self._needs.get(taker, 0)

    def record(self, move: Moved) -> None:
        """See `Thread`."""
        self.moves.append(move)

    def write(self, last: int) -> None:
        """Store what changed, of which the entry ``last`` is the newest."""
        many_rows.write_values(connection_of_work(), "thread_moves", Moved._fields, self.moves)
        self._write_rests()
        self.last = max(self.last, last)
        write_head(self._fund, self.head, self.last)

    def _write_rests(self) -> None:
        changed = sorted(self._changed)
        for start in range(0, len(changed), _PAGE):
            db.session.execute(
                delete(ThreadRest).where(
                    ThreadRest.fund_code == self._fund,
                    ThreadRest.entry_id.in_(changed[start : start + _PAGE]),
                ),
                execution_options=_NO_OBJECTS,
            )
        rows = [
            (self._fund, entry_id, self._money.get(entry_id, 0) or -self._needs.get(entry_id, 0))
            for entry_id in changed
        ]
        names = ["fund_code", "entry_id", "rest_satang"]
        kept = [row for row in rows if row[2]]
        many_rows.write_values(connection_of_work(), "thread_rests", names, kept)

    def _read_needs(self) -> dict[int, int]:
        statement = select(ThreadRest.entry_id, -ThreadRest.rest_satang).where(
            ThreadRest.fund_code == self._fund, ThreadRest.rest_satang < 0
        )
        rows = db.session.execute(statement)
        return {entry_id: int(satang) for entry_id, satang in rows}

    def _read_rests_of(self, sources: Sequence[int]) -> None:
        """What is left of sources up to the head, of which some may have nothing left."""
        for start in range(0, len(sources), _PAGE):
            some = sources[start : start + _PAGE]
            statement = select(ThreadRest.entry_id, ThreadRest.rest_satang).where(
                ThreadRest.fund_code == self._fund, ThreadRest.entry_id.in_(some)
            )
            self._money.update(dict.fromkeys(some, 0))
            for entry_id, satang in db.session.execute(statement):
                self._money[entry_id] = satang

    def _read_on(self, until: int) -> None:
        """Read the next page of what has something left, oldest first."""
        if not self._has_read_rests:
            rows = self._next_rests()
            if len(rows) < _PAGE:
                self._has_read_rests = True
                self._read_up_to = max(self._read_up_to, self._first_head)
            else:
                self._read_up_to = rows[-1][0]
        else:
            rows, self._read_up_to = _next_money(self._fund, self._read_up_to, until)
        for source, satang in rows:
            if source not in self._money:
                self._money[source] = satang
            self._place(source)

    def _place(self, source: int) -> None:
        if source not in self._placed:
            self._placed.add(source)
            heappush(self._places, source)

    def _next_rests(self) -> list[tuple[int, int]]:
        statement = (
            select(ThreadRest.entry_id, ThreadRest.rest_satang)
            .where(
                ThreadRest.fund_code == self._fund,
                ThreadRest.entry_id > self._read_up_to,
                ThreadRest.rest_satang > 0,
            )
            .order_by(ThreadRest.entry_id)
            .limit(_PAGE)
        )
        return [(entry_id, satang) for entry_id, satang in db.session.execute(statement)]


def write_head(fund: str, head: int, last: int) -> None:
    """Store how far the thread of a fund has come."""
    own = ThreadHead.fund_code == fund
    db.session.execute(delete(ThreadHead).where(own), execution_options=_NO_OBJECTS)
    row = (fund, head, last)
    names = ("fund_code", "head_entry_id", "last_entry_id")
    many_rows.write_values(connection_of_work(), "thread_heads", names, [row])


def read_parts(fund: str, taker: int, until: int = LARGEST_ID) -> dict[int, int]:
    """The stored parts of what took money of the fund, by source, in the order of the sources; as
    of an entry.
    """
    own = (ThreadMove.taker_entry_id == taker) & (ThreadMove.cause_entry_id <= until)
    return sum_moves(fund, ThreadMove.source_entry_id, own)


def read_takers(fund: str, source: int, until: int = LARGEST_ID) -> dict[int, int]:
    """What is stored that a source became, by taker, in the order of the takers; as of an entry."""
    own = (ThreadMove.source_entry_id == source) & (ThreadMove.cause_entry_id <= until)
    return sum_moves(fund, ThreadMove.taker_entry_id, own)


def sum_moves(fund: str, other: Any, condition: ColumnElement[bool]) -> dict[int, int]:
    """What stored moves of the fund come to, by one of their entries, in its order."""
    statement = (
        select(other, func.sum(ThreadMove.satang))
        .where(ThreadMove.fund_code == fund, condition)
        .group_by(other)
        .having(func.sum(ThreadMove.satang) != 0)
        .order_by(other)
    )
    return {entry_id: int(satang) for entry_id, satang in db.session.execute(statement)}


def _next_money(fund: str, after: int, until: int) -> tuple[list[tuple[int, int]], int]:
    """The next sources of a fund after an entry, and up to which entry the journal was read."""
    window = (
        select(Posting.entry_id)
        .where(Posting.entry_id > after, Posting.entry_id <= until)
        .order_by(Posting.entry_id)
        .offset(_WINDOW)
        .limit(1)
    )
    end = db.session.scalar(window)
    last = until if end is None else end
    near = _money_of(fund, Posting.entry_id.between(after + 1, last), until)
    if end is None or len(near) >= _FEW:
        return near, last
    nominal = select(Account.code).where(Account.code >= "3")
    ids = list(
        db.session.scalars(
            select(Posting.entry_id)
            .where(
                Posting.credit_account_code.in_(nominal),
                Posting.fund_code == fund,
                Posting.entry_id > after,
                Posting.entry_id <= until,
            )
            .distinct()
            .order_by(Posting.entry_id)
            .limit(_PAGE)
        )
    )
    own = _money_of(fund, Posting.entry_id.in_(ids), until) if ids else []
    return own, ids[-1] if len(ids) == _PAGE else until


def _money_of(fund: str, within: ColumnElement[bool], until: int) -> list[tuple[int, int]]:
    """What entries raised the fund by, that are money of the queue as of the entry ``until``."""
    return nets_of(fund, within, until, is_money=True)


def nets_of(
    fund: str, within: ColumnElement[bool], until: int, *, is_money: bool
) -> list[tuple[int, int]]:
    """What entries raised the fund by, or below zero took of it, that nothing undid up to the entry
    ``until``. What came back of help is no money of its own: it is with its gifts again.
    """
    entry, undone, undoing = JournalEntry, aliased(JournalEntry), aliased(JournalEntry)
    net = func.sum(EFFECT)
    statement = (
        select(Posting.entry_id, net)
        .join(entry, entry.id == Posting.entry_id)
        .where(
            Posting.fund_code == fund,
            within,
            or_(
                and_(
                    entry.reverses_entry_id.is_(None),
                    entry.kind != EntryKind.ASSISTANCE_RETURNED,
                    ~exists().where(undoing.reverses_entry_id == entry.id, undoing.id <= until),
                ),
                exists().where(
                    undone.id == entry.reverses_entry_id, undone.reverses_entry_id.is_not(None)
                ),
            ),
        )
        .group_by(Posting.entry_id)
        .having(net > 0 if is_money else net < 0)
        .order_by(Posting.entry_id)
    )
    return [(entry_id, int(satang)) for entry_id, satang in db.session.execute(statement)]
