"""The thread for other programs: of an entry, and of all for the bundle of auditors."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import exists, func, select

from fundapp.csv_safety import csv_lines
from fundapp.db import db
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import LogLeaf
from fundapp.ledger.thread.events import iter_events, read_undone
from fundapp.ledger.thread.models import ThreadHead, ThreadLate, ThreadMove, ThreadRest
from fundapp.ledger.thread.queries import EntryThread, name_entries
from fundapp.ledger.thread.replay import FundReplay
from fundapp.ledger.thread.rule import follow
from fundapp.money import format_baht

_HEADER = ("fund", "help", "gift", "satang")
_AT_ONCE = 5000


def thread_document(thread: EntryThread) -> dict[str, Any]:
    """An entry in one fund; the parts, what came back and what is open add up to the amount. A part
    of the entry itself is a cost that it carries, such as the fee of a card.
    """
    entry = thread.entry
    named = name_entries(other for other, _satang in thread.parts)
    own = [(entry, thread.own_satang)] if thread.own_satang else []
    parts = own + [(named[other], satang) for other, satang in thread.parts]
    return {
        "entry": entry.number,
        "fund": thread.fund_code,
        "amount_satang": thread.amount_satang,
        "parts": [
            {"entry": entry_number(part.id), "kind": part.kind.value, "amount_satang": satang}
            for part, satang in parts
        ],
        "returned_satang": thread.returned_satang,
        "open_satang": thread.open_satang,
    }


def thread_text(document: dict[str, Any]) -> str:
    """The same to be read, in baht."""
    head = f"{document['entry']}  {document['fund']}  {format_baht(document['amount_satang'])}"
    parts = [
        f"  {part['entry']}  {part['kind']:<20} {format_baht(part['amount_satang']):>16}"
        for part in document["parts"]
    ]
    back = document["returned_satang"]
    rest = [f"  {'returned':<36} {format_baht(back):>16}"] if back else []
    rest.append(f"  {'open':<36} {format_baht(document['open_satang']):>16}")
    return "\n".join([head, *parts, *rest])


def thread_lines() -> Iterator[str]:
    """``thread.csv``: of each fund, how much each entry that took money has of each gift, by what
    is sealed; in the order of funds, takers and gifts. ``verifier/verify.py`` computes the same.
    """
    funds = db.session.scalars(select(ThreadHead.fund_code))
    return csv_lines(_HEADER, (row for code in sorted(funds) for row in _rows(code)))


def _rows(fund_code: str) -> Iterator[list[str | int]]:
    parts = _replayed(fund_code) if _is_behind(fund_code) else _stored(fund_code)
    for taker, source, satang in parts:
        yield [fund_code, entry_number(taker), entry_number(source), satang]


def _is_behind(fund_code: str) -> bool:
    """Whether the rows of a fund wait for the next who spends: money came that covers a shortage,
    or whose place had been passed.
    """
    short = exists().where(ThreadRest.fund_code == fund_code, ThreadRest.rest_satang < 0)
    late = exists().where(ThreadLate.fund_code == fund_code)
    return bool(db.session.scalar(select(short | late)))


def _stored(fund_code: str) -> Iterator[tuple[int, int, int]]:
    """The parts as pages show them, of what sealed entries moved."""
    satang = func.sum(ThreadMove.satang)
    ends = ThreadMove.taker_entry_id, ThreadMove.source_entry_id
    statement = (
        select(*ends, satang)
        .where(
            ThreadMove.fund_code == fund_code,
            ThreadMove.cause_entry_id.in_(select(LogLeaf.entry_id)),
        )
        .group_by(*ends)
        .having(satang != 0)
        .order_by(*ends)
    )
    for taker, source, left in db.session.execute(statement.execution_options(yield_per=_AT_ONCE)):
        yield taker, source, int(left)


def _replayed(fund_code: str) -> Iterator[tuple[int, int, int]]:
    """The same from the journal."""
    undone = read_undone()
    replay, parts = FundReplay(set(undone.values())), dict[tuple[int, int], int]()
    for event in iter_events(undone, fund_code, is_sealed=True):
        follow(event, replay)
    for move in replay.moves:
        ends = move.taker_entry_id, move.source_entry_id
        parts[ends] = parts.get(ends, 0) + move.satang
    yield from ((*ends, satang) for ends, satang in sorted(parts.items()) if satang)
