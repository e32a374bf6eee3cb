"""How the cache of the thread is kept up: by those who spend, in their transaction."""

from collections.abc import Sequence

from sqlalchemy import delete, exists, select

from fundapp.db import connection_of_work, db, many_rows
from fundapp.ledger.drafts import EntryDraft
from fundapp.ledger.locking import lock_fund
from fundapp.ledger.models import EntryKind, JournalEntry
from fundapp.ledger.thread.events import approval_of, iter_events, read_undone
from fundapp.ledger.thread.models import ThreadHead, ThreadLate, ThreadMove, ThreadRest
from fundapp.ledger.thread.replay import FundReplay
from fundapp.ledger.thread.rule import Event, Moved, follow, net_of
from fundapp.ledger.thread.stored import StoredThread, write_head

_NO_OBJECTS = {"synchronize_session": False}


def keep_threads(entries: Sequence[tuple[int, EntryDraft]]) -> None:
    """Let the threads follow the entries of these ids, which were just posted. Those that only
    raise their funds cost nothing: they are found in the journal when their money is needed.
    """
    events = [event for entry_id, draft in entries for event in _events(entry_id, draft)]
    if not events:
        return
    for code in sorted({event.fund_code for event in events}):
        lock_fund(code)
        thread = StoredThread(code)
        own = [event for event in events if event.fund_code == code]
        if own[0].entry_id < thread.last or thread.is_passed() or _is_passed(code):
            rebuild_thread(code)
            continue
        for event in own:
            follow(event, thread)
        thread.write(own[-1].entry_id)


def rebuild_thread(fund_code: str) -> None:
    """Make the cache of a fund anew from the whole journal. The fund is locked."""
    for table in (ThreadMove, ThreadRest, ThreadHead, ThreadLate):
        db.session.execute(
            delete(table).where(table.fund_code == fund_code), execution_options=_NO_OBJECTS
        )
    undone = read_undone()
    replay = FundReplay(set(undone.values()))
    last = head = -1
    connection = connection_of_work()
    for event in iter_events(undone, fund_code):
        follow(event, replay)
        if event.net_satang < 0 or event.undoes is not None:
            last = event.entry_id
    moves = replay.moves
    if last == -1:
        return
    if moves:
        head = max(move.source_entry_id for move in moves)
        last = max(last, moves[-1].cause_entry_id)
    many_rows.write_values(connection, "thread_moves", Moved._fields, moves)
    rests = [(fund_code, source, left) for source, left in replay.rests() if source <= head]
    rests += [(fund_code, taker, -needed) for taker, needed in replay.needs.items()]
    names = ("fund_code", "entry_id", "rest_satang")
    many_rows.write_values(connection, "thread_rests", names, rests)
    write_head(fund_code, head, last)


def _events(entry_id: int, draft: EntryDraft) -> list[Event]:
    """What the entry did to its funds, where that changes their threads now."""
    undone = draft.reverses_entry_id
    if undone is not None and _undoes_another(undone):
        undone = None
    if draft.kind is EntryKind.ASSISTANCE_RETURNED:
        undone = approval_of(draft.source_type, draft.source_ref)
    events = []
    for code in sorted({posting.fund for posting in draft.postings}):
        net = net_of((p.debit, p.credit, p.satang) for p in draft.postings if p.fund == code)
        if net < 0 or (net and undone is not None):
            events.append(Event(entry_id, code, net, undone))
    return events


def _undoes_another(entry_id: int) -> bool:
    statement = select(JournalEntry.reverses_entry_id).where(JournalEntry.id == entry_id)
    return db.session.scalar(statement) is not None


def _is_passed(fund_code: str) -> bool:
    """Whether money came late, after the head had passed its place, and was not seen then."""
    late = select(ThreadLate.entry_id).where(ThreadLate.fund_code == fund_code)
    if db.session.scalar(late.limit(1)) is None:
        return False
    unseen = late.where(
        ~exists().where(
            ThreadMove.source_entry_id == ThreadLate.entry_id, ThreadMove.fund_code == fund_code
        ),
        ~exists().where(
            ThreadRest.entry_id == ThreadLate.entry_id, ThreadRest.fund_code == fund_code
        ),
    )
    if db.session.scalar(unseen.limit(1)) is not None:
        return True
    db.session.execute(
        delete(ThreadLate).where(ThreadLate.fund_code == fund_code), execution_options=_NO_OBJECTS
    )
    return False
