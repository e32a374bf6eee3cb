"""The thread after a mark: each fund as the stored moves up to the mark left it, followed on by the
rule through the entries since, and held against the stored moves, rests and heads.

It reads the entries since the mark, and of those before it only what they touched. What was changed
in a stored move before the mark, the full run finds.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from fundapp.audit.checks.base import Violation
from fundapp.db import db
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import Fund, Posting
from fundapp.ledger.thread.events import iter_events, read_undone, sum_returned
from fundapp.ledger.thread.models import ThreadMove, ThreadRest
from fundapp.ledger.thread.rule import Event, Moved, cover_until, follow
from fundapp.ledger.thread.stored import (
    StoredThread,
    nets_of,
    read_parts,
    read_takers,
    sum_moves,
)

_PAGE = 1000


def find_since(mark: int) -> Iterator[Violation]:
    """What breaks the thread of any fund after the entry ``mark``."""
    undone = read_undone(mark)
    spent: defaultdict[str, list[Event]] = defaultdict(list)
    for event in iter_events(undone, after=mark):
        if event.net_satang < 0 or event.undoes is not None:
            spent[event.fund_code].append(event)
    for code in sorted(db.session.scalars(select(Fund.code))):
        yield from _of_fund(_PastThread(code, mark, set(undone.values())), spent[code])


def _of_fund(thread: "_PastThread", events: Sequence[Event]) -> Iterator[Violation]:
    said_head, said_last = thread.said
    for event in events:
        follow(event, thread)
    cover_until(thread.fund, thread, said_last)
    wanted = thread.moves
    yield from differences(wanted, thread.stored_moves())
    yield from thread.wrong_rests()
    last = events[-1].entry_id if events else said_last
    ends = {last, max([last, *(move.cause_entry_id for move in wanted)])}
    if thread.head != said_head or said_last not in ends or not thread.has_head():
        yield Violation(thread.fund, "is said to have come to another entry than it has")


class _PastThread(StoredThread):
    """The thread of a fund after the entry ``mark``, as the moves stored for it up to there left
    it. ``undone`` are entries that later ones undo.
    """

    def __init__(self, fund: str, mark: int, undone: Collection[int]) -> None:
        self.fund, self._mark = fund, mark
        self._later = (ThreadMove.fund_code == fund) & (ThreadMove.cause_entry_id > mark)
        self._touched = set(undone)
        for column in (ThreadMove.taker_entry_id, ThreadMove.source_entry_id):
            self._touched.update(db.session.scalars(select(column).where(self._later)))
        stored = select(ThreadRest.entry_id, ThreadRest.rest_satang).where(
            ThreadRest.fund_code == fund
        )
        self._rests = {row.entry_id: row.rest_satang for row in db.session.execute(stored)}
        self._touched.update(self._rests)
        super().__init__(fund)
        self.said = self.head, self.last
        self.head = self._first_head = min(self.head, mark)
        self._at_mark = self._left([each for each in self._touched if each <= self.head])

    def has_head(self) -> bool:
        """Whether something was taken of the head that is stored."""
        head, _last = self.said
        moved = (ThreadMove.fund_code == self.fund) & (ThreadMove.source_entry_id == head)
        found = select(ThreadMove.source_entry_id).where(moved).limit(1)
        return head == -1 or db.session.scalar(found) is not None

    def stored_moves(self) -> list[Moved]:
        """Those that were caused after the mark."""
        columns = [ThreadMove.__table__.c[name] for name in Moved._fields]
        return [Moved(*row) for row in db.session.execute(select(*columns).where(self._later))]

    def wrong_rests(self) -> Iterator[Violation]:
        """What is said to be left, or covered by nothing, and is not."""
        money = {**self._at_mark, **self._money}
        wanted = {entry: left for entry, left in money.items() if left and entry <= self.head}
        wanted |= {taker: -needed for taker, needed in self._needs.items()}
        for entry in sorted(wanted.keys() | self._rests.keys()):
            said, right = self._rests.get(entry, 0), wanted.get(entry, 0)
            if said != right:
                yield wrong_rest(entry, said, right)

    def parts_of(self, taker: int) -> list[tuple[int, int]]:
        """See `Thread`."""
        stored = read_parts(self.fund, taker, self._mark)
        for move in self.moves:
            if move.taker_entry_id == taker:
                stored[move.source_entry_id] = stored.get(move.source_entry_id, 0) + move.satang
        self._read_rests_of([source for source in stored if source not in self._money])
        return sorted(item for item in stored.items() if item[1])

    def takers_of(self, source: int) -> list[tuple[int, int]]:
        """See `Thread`."""
        stored = read_takers(self.fund, source, self._mark)
        for move in self.moves:
            if move.source_entry_id == source:
                stored[move.taker_entry_id] = stored.get(move.taker_entry_id, 0) + move.satang
        return sorted(item for item in stored.items() if item[1])

    def _read_needs(self) -> dict[int, int]:
        takers = [each for each in self._touched if each <= self._mark]
        found = self._as_of_mark(takers, ThreadMove.taker_entry_id, is_money=False)
        return {taker: -left for taker, left in found.items() if left}

    def _read_rests_of(self, sources: Sequence[int]) -> None:
        self._money.update(dict.fromkeys(sources, 0))
        self._money.update(self._left(sources))

    def _next_rests(self) -> list[tuple[int, int]]:
        return sorted(
            (source, left)
            for source, left in self._at_mark.items()
            if source > self._read_up_to and left > 0
        )

    def _left(self, sources: Sequence[int]) -> dict[int, int]:
        return self._as_of_mark(sources, ThreadMove.source_entry_id, is_money=True)

    def _as_of_mark(self, entries: Sequence[int], side: Any, *, is_money: bool) -> dict[int, int]:
        """What each entry brought, or took below zero, less its moves up to the mark, and less what
        came back of it.
        """
        found = {}
        for start in range(0, len(entries), _PAGE):
            some = entries[start : start + _PAGE]
            within = Posting.entry_id.in_(some)
            moved = sum_moves(
                self.fund, side, side.in_(some) & (ThreadMove.cause_entry_id <= self._mark)
            )
            back = {} if is_money else sum_returned(self.fund, some, self._mark)
            for entry, net in nets_of(self.fund, within, self._mark, is_money=is_money):
                parts = moved.get(entry, 0)
                found[entry] = net - parts if is_money else net + parts + back.get(entry, 0)
        return found


def differences(wanted: list[Moved], kept: list[Moved]) -> Iterator[Violation]:
    """Moves that must be stored and are not, and stored ones that must not be."""
    for move in sorted(set(wanted) - set(kept)):
        yield Violation(
            entry_number(move.taker_entry_id),
            f"took {move.satang} satang of {entry_number(move.source_entry_id)} with"
            f" {entry_number(move.cause_entry_id)}; the thread does not say so",
        )
    for move in sorted(set(kept) - set(wanted)):
        yield unknown_move(move)


def unknown_move(move: Moved) -> Violation:
    """A stored move that nothing leads to."""
    return Violation(
        entry_number(move.taker_entry_id),
        f"is said to have taken {move.satang} satang of {entry_number(move.source_entry_id)};"
        " the journal does not say so",
    )


def wrong_rest(entry_id: int, said: int, right: int) -> Violation:
    """A stored rest that is another one."""
    return Violation(
        entry_number(entry_id),
        f"is said to have {said} satang left in the thread; the journal says {right}",
    )
