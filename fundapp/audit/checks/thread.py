"""A check that the thread from gifts to help is what the journal says, to the satang.

It follows the journal from its first entry by the rule (`fundapp.ledger.thread.rule`) and compares
each move with the stored ones, which come in the same order: two readings beside each other, with
the memory of two numbers for each gift. After a mark it begins with what the moves up to there left
(`fundapp.audit.checks.thread_since`).
"""

from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import groupby

from sqlalchemy import exists, select

from fundapp.audit.checks.base import Violation
from fundapp.audit.checks.thread_since import (
    differences,
    find_since,
    unknown_move,
    wrong_rest,
)
from fundapp.audit.reading import NOTHING, JournalReading, ReadingCheck
from fundapp.db import db
from fundapp.ledger.thread.events import iter_events, read_undone
from fundapp.ledger.thread.models import ThreadHead, ThreadLate, ThreadMove, ThreadRest
from fundapp.ledger.thread.replay import Replay
from fundapp.ledger.thread.rule import Event, Moved
from fundapp.markers import N_

_AT_ONCE = 5000
_MOVES = ThreadMove.__table__.c


def thread_holds(reading: JournalReading) -> Iterator[Violation]:
    """The same of what came after the start of the reading; of all where money came late, since the
    next who spends follows the thread anew.
    """
    if reading.start == NOTHING or _late():
        return thread_kept()
    return find_since(reading.start.entry_id)


def thread_kept() -> Iterator[Violation]:
    """Each stored move, rest and head is what the journal leads to."""
    undone = read_undone()
    # Whoever asks may stop at the first violation; both cursors are closed then.
    with closing(iter_events(undone)) as journal, closing(_stored_moves()) as stored:
        yield from _compare(_Followed(Replay(set(undone.values()))), journal, stored)


def _compare(
    followed: "_Followed", journal: Iterator[Event], stored: Iterator[Moved]
) -> Iterator[Violation]:
    late, told = _late(), next(stored, None)
    for entry_id, events in groupby(journal, key=lambda event: event.entry_id):
        known = [event for event in events if (event.fund_code, entry_id) not in late]
        wanted = [move for event in known for move in followed.follow(event)]
        while told is not None and told.cause_entry_id < entry_id:
            yield unknown_move(told)
            told = next(stored, None)
        if not wanted and (told is None or told.cause_entry_id > entry_id):
            continue
        kept = []
        while told is not None and told.cause_entry_id == entry_id:
            kept.append(told)
            told = next(stored, None)
        yield from differences(wanted, kept)
    while told is not None:
        yield unknown_move(told)
        told = next(stored, None)
    yield from followed.rests()
    yield from followed.ends()


class _Followed:
    """The journal, followed by the rule beside the stored heads."""

    def __init__(self, replay: Replay) -> None:
        self._replay = replay
        self._stored = {
            head.fund_code: (head.head_entry_id, head.last_entry_id)
            for head in db.session.scalars(select(ThreadHead))
        }
        #: By fund: the newest source touched, what changed the thread last, the newest cause.
        self._ends: dict[str, tuple[int, int, int]] = {}
        #: What covers a shortage and is not written yet, by fund and entry.
        self._waiting: defaultdict[tuple[str, int], int] = defaultdict(int)

    def follow(self, event: Event) -> list[Moved]:
        """The moves of an entry that must be stored."""
        code = event.fund_code
        moves = self._replay.follow(event)
        is_income = event.net_satang > 0 and event.undoes is None
        if is_income and event.entry_id > self._stored.get(code, (-1, -1))[1]:
            for move in moves:
                self._waiting[code, move.taker_entry_id] += move.satang
            return []
        if moves or not is_income:
            head, last, cause = self._ends.get(code, (-1, -1, -1))
            head = max([head, *(move.source_entry_id for move in moves)])
            last = last if is_income else event.entry_id
            self._ends[code] = head, last, max(last, event.entry_id if moves else cause)
        return moves

    def rests(self) -> Iterator[Violation]:
        """What is said to be left, or covered by nothing, and is not."""
        wanted: defaultdict[tuple[str, int], int] = defaultdict(int)
        for code, fund in self._replay.funds.items():
            head = self._stored.get(code, (-1, -1))[0]
            wanted |= {(code, source): left for source, left in fund.rests() if source <= head}
            wanted |= {(code, taker): -needed for taker, needed in fund.needs.items()}
        for key, satang in self._waiting.items():
            wanted[key] -= satang
        kept = select(ThreadRest.fund_code, ThreadRest.entry_id, ThreadRest.rest_satang)
        for code, entry_id, satang in db.session.execute(kept):
            right = wanted.pop((code, entry_id), 0)
            if right != satang:
                yield wrong_rest(entry_id, satang, right)
        yield from (
            wrong_rest(entry_id, 0, right) for (_, entry_id), right in wanted.items() if right
        )

    def ends(self) -> Iterator[Violation]:
        """How far each fund is said to have come, and has not."""
        for code in sorted(self._stored.keys() | self._ends.keys()):
            head, last, cause = self._ends.get(code, (-1, -1, -1))
            stored = self._stored.get(code)
            if stored is None or stored[0] != head or stored[1] not in (last, cause):
                yield Violation(code, "is said to have come to another entry than it has")


def _stored_moves() -> Generator[Moved, None, None]:
    """In the order of what caused them."""
    statement = select(*(_MOVES[name] for name in Moved._fields)).order_by(_MOVES.cause_entry_id)
    connection, some = db.session.connection(), {"yield_per": _AT_ONCE}
    with connection.execute(statement, execution_options=some) as rows:
        yield from (Moved(*row) for row in rows)


def _late() -> set[tuple[str, int]]:
    """Money that came after its place was passed: the next who spends follows the thread anew."""
    statement = select(ThreadLate.fund_code, ThreadLate.entry_id).where(
        ~exists().where(
            ThreadMove.source_entry_id == ThreadLate.entry_id,
            ThreadMove.fund_code == ThreadLate.fund_code,
        ),
        ~exists().where(
            ThreadRest.entry_id == ThreadLate.entry_id,
            ThreadRest.fund_code == ThreadLate.fund_code,
        ),
    )
    return {(code, entry_id) for code, entry_id in db.session.execute(statement)}


CHECKS = (
    ReadingCheck(
        "ledger.thread",
        N_("The thread from each gift to the help it became is what the journal says."),
        thread_holds,
    ),
)
