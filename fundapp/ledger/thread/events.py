"""What the journal says to the rule: what each entry did to each of its funds, in the order of
ids.
"""

from collections.abc import Collection, Generator, Iterator, Mapping

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from fundapp.db import db
from fundapp.ledger.models import EntryKind, JournalEntry, LogLeaf, Posting
from fundapp.ledger.queries.journal import is_of_kinds
from fundapp.ledger.thread.rule import Event

_AT_ONCE = 5000

#: What a posting does to the net assets of its fund; codes from "3" are net assets, income and
#: expenses.
_TABLE = Posting.__table__.c
EFFECT: ColumnElement[int] = _TABLE.amount_satang * (
    case((_TABLE.credit_account_code >= "3", 1), else_=0)
    - case((_TABLE.debit_account_code >= "3", 1), else_=0)
)


def read_undone(after: int = -1) -> Mapping[int, int]:
    """Each entry after ``after`` that undoes another one, or a part of help, and which; but for
    those that undo what undid one.
    """
    undone = aliased(JournalEntry)
    statement = (
        select(JournalEntry.id, JournalEntry.reverses_entry_id)
        .join(undone, undone.id == JournalEntry.reverses_entry_id)
        .where(
            JournalEntry.reverses_entry_id > 0,
            undone.reverses_entry_id.is_(None),
            JournalEntry.id > after,
        )
    )
    rows = db.session.execute(statement)
    found = {entry_id: other for entry_id, other in rows if other is not None}
    return found | read_returned(JournalEntry.id > after)


def read_returned(*filters: ColumnElement[bool]) -> dict[int, int]:
    """Each of these entries with which a part of help came back, and the entry that approved the
    help: the last one of its source before it.
    """
    approval = aliased(JournalEntry)
    statement = (
        select(JournalEntry.id, func.max(approval.id))
        .join(
            approval,
            (approval.source_type == JournalEntry.source_type)
            & (approval.source_ref == JournalEntry.source_ref)
            & (approval.kind == EntryKind.ASSISTANCE_APPROVED)
            & (approval.id < JournalEntry.id),
        )
        .where(is_of_kinds(EntryKind.ASSISTANCE_RETURNED), *filters)
        .group_by(JournalEntry.id)
    )
    rows = db.session.execute(statement)
    return {entry_id: int(approval_id) for entry_id, approval_id in rows}


def sum_returned(fund: str, approval_ids: Collection[int], until: int) -> dict[int, int]:
    """What came back of the fund's help up to the entry ``until``, by the entry that approved it;
    of help of which nothing did there is none.
    """
    sources = select(JournalEntry.source_ref).where(
        JournalEntry.id.in_(approval_ids), JournalEntry.kind == EntryKind.ASSISTANCE_APPROVED
    )
    back = read_returned(JournalEntry.source_ref.in_(sources), JournalEntry.id <= until)
    effects = select(Posting.entry_id, EFFECT).where(
        Posting.entry_id.in_(back), Posting.fund_code == fund
    )
    found: dict[int, int] = {}
    for entry_id, satang in db.session.execute(effects) if back else ():
        if back[entry_id] in approval_ids:
            found[back[entry_id]] = found.get(back[entry_id], 0) + satang
    return found


def approval_of(source_type: str, source_ref: str) -> int | None:
    """The last entry that approved help of this source."""
    statement = select(func.max(JournalEntry.id)).where(
        JournalEntry.source_type == source_type,
        JournalEntry.source_ref == source_ref,
        JournalEntry.kind == EntryKind.ASSISTANCE_APPROVED,
    )
    found: int | None = db.session.scalar(statement)
    return found


def iter_events(
    undone: Mapping[int, int],
    fund_code: str | None = None,
    *,
    is_sealed: bool = False,
    after: int = -1,
) -> Generator[Event, None, None]:
    """What every entry after ``after`` did to its funds, or to one of them, where that is
    something; in the order of entries and codes, with the memory of a few thousand rows. With
    ``is_sealed`` entries that wait for their place in the log are left out.
    """
    postings = _TABLE
    statement = (
        select(postings.entry_id, postings.fund_code, EFFECT)
        .where(EFFECT != 0, postings.entry_id > after)
        .order_by(postings.entry_id, postings.position)
    )
    if fund_code is not None:
        statement = statement.where(postings.fund_code == fund_code)
    if is_sealed:
        statement = statement.where(postings.entry_id.in_(select(LogLeaf.entry_id)))
    # Without the ORM, whose rows take as long as the rule does.
    connection, some = db.session.connection(), {"yield_per": _AT_ONCE}
    current, nets = -1, dict[str, int]()
    # Whoever reads may stop before the end, and the cursor must not outlive that.
    with connection.execute(statement, execution_options=some) as rows:
        for entry_id, code, satang in rows:
            if entry_id == current:
                nets[code] = nets.get(code, 0) + satang
                continue
            yield from _events(current, nets, undone)
            current, nets = entry_id, {code: satang}
    yield from _events(current, nets, undone)


def _events(entry_id: int, nets: dict[str, int], undone: Mapping[int, int]) -> Iterator[Event]:
    for code in sorted(nets) if len(nets) > 1 else nets:
        if nets[code]:
            yield Event(entry_id, code, nets[code], undone.get(entry_id))
