"""The rule of the thread: within a fund, the oldest money goes first. Pure.

Each fund is a queue of the entries that raised its net assets (gifts, interest, money brought
forward), in the order of the journal, which is that of the entries' ids. An entry that lowers them
(approved help, a fee) takes from the front. What both raises and lowers a fund pays its own cost
first; the rest of it is the fund's money, or its need. An entry that undoes another one gives the
parts that it took back to their old place or, where it undoes money, takes that out of the queue:
what was made of it is then taken over by the next money. What no money covers is the fund's
shortage, and the next money that comes covers it, the oldest part first.

Amounts are satang. The same journal always gives the same moves
(docs/decisions/0026-the-thread.md).
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol


class Event(NamedTuple):
    """What an entry did to the net assets of a fund. ``undoes`` is the entry that it undoes, or of
    which a part came back with it, unless that one undid an entry itself: what undoes such a one is
    an entry of its own.
    """

    entry_id: int
    fund_code: str
    net_satang: int
    undoes: int | None = None


class Moved(NamedTuple):
    """Money of a source to a taker, below zero back, and the entry with which it moved."""

    cause_entry_id: int
    fund_code: str
    taker_entry_id: int
    source_entry_id: int
    satang: int


class Thread(Protocol):
    """The thread of one fund, as the rule sees and changes it."""

    def front(self, until: int) -> tuple[int, int] | None:
        """The oldest source up to the entry ``until`` that has something left, and how much."""

    def need(self) -> tuple[int, int] | None:
        """The oldest entry of which a part is covered by nothing, and that part."""

    def parts_of(self, taker: int) -> Iterable[tuple[int, int]]:
        """The sources of a taker and their parts, in the order of the sources."""

    def takers_of(self, source: int) -> Iterable[tuple[int, int]]:
        """What was made of a source, in the order of the takers."""

    def add_money(self, source: int, satang: int) -> None:
        """Money for the queue, at the place of its entry; below zero, money taken from it."""

    def drop_money(self, source: int) -> None:
        """A source leaves the queue."""

    def add_need(self, taker: int, satang: int) -> None:
        """A part that has to be covered; below zero, a part that is covered now."""

    def need_of(self, taker: int) -> int:
        """What of an entry is covered by nothing."""

    def record(self, move: Moved) -> None:
        """Keep a move."""


def follow(event: Event, thread: Thread) -> None:
    """Let the thread of the event's fund follow one entry. Entries come in the order of their ids;
    those that only raised the fund may be left out, and are then found by `Thread.front`.
    """
    entry_id, fund, net, undone = event
    if undone is None and net > 0 and thread.need() is None:
        thread.add_money(entry_id, net)  # nearly every entry: nothing else can follow from it
        return
    _cover(fund, thread, entry_id - 1, None)
    if undone is None:
        if net > 0:
            thread.add_money(entry_id, net)
        elif net < 0:
            thread.add_need(entry_id, -net)
    elif net < 0:
        for taker, satang in list(thread.takers_of(undone)):
            thread.record(Moved(entry_id, fund, taker, undone, -satang))
            thread.add_need(taker, satang)
        thread.drop_money(undone)
    elif net > 0:
        _give_back(event, undone, thread)
    _cover(fund, thread, entry_id, entry_id)


def cover_until(fund: str, thread: Thread, until: int) -> None:
    """Let money that came since cover what nothing covers."""
    _cover(fund, thread, until, None)


def net_of(postings: Iterable[tuple[str, str, int]]) -> int:
    """What postings (debit, credit, satang) of one fund do to its net assets; codes from "3" are
    net assets, income and expenses.
    """
    return sum(satang * ((credit >= "3") - (debit >= "3")) for debit, credit, satang in postings)


def _give_back(event: Event, taker: int, thread: Thread) -> None:
    """As much of a taker as came back: first what nothing covers, then its newest parts, so that
    it has what it would have taken had it been so much smaller. All of it when it was undone.
    """
    left = event.net_satang
    needed = min(left, thread.need_of(taker))
    if needed:
        thread.add_need(taker, -needed)
        left -= needed
    for source, satang in reversed(list(thread.parts_of(taker))):
        part = min(left, satang)
        if not part:
            return
        thread.record(Moved(event.entry_id, event.fund_code, taker, source, -part))
        thread.add_money(source, part)
        left -= part


def _cover(fund: str, thread: Thread, until: int, cause: int | None) -> None:
    """Without ``cause`` it is the money itself that covers, when it came."""
    while (need := thread.need()) is not None:
        front = thread.front(until)
        if front is None:
            return
        (taker, needed), (source, left) = need, front
        satang = min(needed, left)
        thread.record(Moved(cause or source, fund, taker, source, satang))
        thread.add_money(source, -satang)
        thread.add_need(taker, -satang)
