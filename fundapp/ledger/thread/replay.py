"""The thread made from the journal alone, in memory: for the check, and to make the cache anew.

It keeps two numbers for each source, and the parts of those entries only that will be undone.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator
from heapq import heappop, heappush

from fundapp.ledger.thread.rule import Event, Moved, follow


class FundReplay:
    """The thread of one fund in memory. ``undone`` are the entries that later ones undo."""

    def __init__(self, undone: Collection[int]) -> None:
        self._undone = undone
        self._ids, self._left, self._at = array("q"), array("q"), 0
        #: Sources before the front that got money back, with what they have left.
        self._returned: dict[int, int] = {}
        self._places: list[int] = []
        self._parts: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self._takers: defaultdict[int, dict[int, int]] = defaultdict(dict)
        #: What nothing covers, by taker.
        self.needs: dict[int, int] = {}
        self.moves: list[Moved] = []

    def front(self, until: int) -> tuple[int, int] | None:
        """See `Thread`; no later entry is here."""
        while self._places and self._places[0] not in self._returned:
            heappop(self._places)
        while self._at < len(self._ids) and not self._left[self._at]:
            self._at += 1
        if self._places:
            place = self._places[0]
            return place, self._returned[place]
        if self._at < len(self._ids):
            return self._ids[self._at], self._left[self._at]
        return None

    def need(self) -> tuple[int, int] | None:
        """See `Thread`."""
        if not self.needs:
            return None
        taker = min(self.needs)
        return taker, self.needs[taker]

    def parts_of(self, taker: int) -> list[tuple[int, int]]:
        """See `Thread`."""
        return sorted(self._parts[taker].items())

    def takers_of(self, source: int) -> list[tuple[int, int]]:
        """See `Thread`."""
        return sorted(self._takers[source].items())

    def add_money(self, source: int, satang: int) -> None:
        """See `Thread`."""
        if not self._ids or source > self._ids[-1]:
            self._ids.append(source)
            self._left.append(satang)
            return
        place = bisect_left(self._ids, source)
        if place >= self._at:
            self._left[place] += satang
            return
        if source not in self._returned:
            heappush(self._places, source)
        left = self._returned.get(source, 0) + satang
        if left:
            self._returned[source] = left
        else:
            self._returned.pop(source, None)

    def drop_money(self, source: int) -> None:
        """See `Thread`."""
        place = bisect_left(self._ids, source)
        if self._at <= place < len(self._ids) and self._ids[place] == source:
            self._left[place] = 0
        self._returned.pop(source, None)

    def add_need(self, taker: int, satang: int) -> None:
        """See `Thread`."""
        left = self.needs.get(taker, 0) + satang
        if left:
            self.needs[taker] = left
        else:
            self.needs.pop(taker, None)

    def need_of(self, taker: int) -> int:
        """See `Thread`."""
        return self.needs.get(taker, 0)

    def record(self, move: Moved) -> None:
        """See `Thread`."""
        self.moves.append(move)
        taker, source = move.taker_entry_id, move.source_entry_id
        for entry_id, other, kept in ((taker, source, self._parts), (source, taker, self._takers)):
            if entry_id in self._undone:
                of_entry = kept[entry_id]
                satang = of_entry.get(other, 0) + move.satang
                if satang:
                    of_entry[other] = satang
                else:
                    of_entry.pop(other, None)

    def rests(self) -> Iterator[tuple[int, int]]:
        """Every source that has something left, and how much, in no order."""
        yield from self._returned.items()
        for place in range(self._at, len(self._ids)):
            if self._left[place]:
                yield self._ids[place], self._left[place]


class Replay:
    """The threads of all funds, entry after entry."""

    def __init__(self, undone: Collection[int]) -> None:
        self._undone = undone
        self.funds: dict[str, FundReplay] = {}

    def follow(self, event: Event) -> list[Moved]:
        """What one entry moved in its fund."""
        fund = self.funds.get(event.fund_code)
        if fund is None:
            fund = self.funds[event.fund_code] = FundReplay(self._undone)
        fund.moves = []
        follow(event, fund)
        return fund.moves
