"""The thread of an entry as the auditor reads it: each part with the people's names of both ends.

The ledger knows entries alone. What is at the other end of a part is a gift, which is known by its
receipt, or help, which is known by its request and the codes of its children.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp.access.actors import Actor
from fundapp.db import db
from fundapp.disbursements.entry_drafts import SOURCE_TYPE as HELP
from fundapp.disbursements.queries import HelpShare, Part, read_shares
from fundapp.errors import NotFoundError
from fundapp.giving.models import Payment, Receipt
from fundapp.ledger.drafts import entry_id_of
from fundapp.ledger.models import EntryKind
from fundapp.ledger.thread.queries import (
    EntryName,
    EntryThread,
    name_entries,
    parts_before,
    read_threads,
)

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part: the entry at its other end, the receipt of a gift, and what help it was for."""

    entry: EntryName
    satang: int
    receipt: str
    help: HelpShare | None


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """The thread of an entry in one fund and a page of its parts; ``next_after`` is the last entry
    of the page when more follow.
    """

    thread: EntryThread
    receipt: str
    help: HelpShare | None
    rows: Sequence[PartRow]
    next_after: int | None

    @property
    def parts_satang(self) -> int:
        """All parts, those of other pages too."""
        return sum(satang for _entry, satang in self.thread.parts)


def open_threads(number: str, *, after: int, viewer: Actor) -> list[ThreadPage]:
    """The threads of the entry of a public number, by fund, with the parts after an entry;
    NotFoundError.
    """
    entry_id = entry_id_of(number)
    if entry_id is None:
        raise NotFoundError
    return [_page(thread, after, viewer) for thread in read_threads(entry_id)]


def _page(thread: EntryThread, after: int, viewer: Actor) -> ThreadPage:
    shown = [part for part in thread.parts if part[0] > after]
    rows, more = shown[:PAGE_SIZE], shown[PAGE_SIZE:]
    own = thread.entry
    named = name_entries(entry_id for entry_id, _satang in rows) | {own.id: own}
    receipts = _receipts(named)
    shares = read_shares(_places(thread, rows, named), viewer=viewer)
    of_own = shares.get(own.id) or []
    return ThreadPage(
        thread,
        receipts.get(own.id, ""),
        of_own[0] if of_own else None,
        [
            PartRow(
                named[entry_id],
                satang,
                receipts.get(entry_id, ""),
                _share_of(thread, entry_id, place, shares),
            )
            for place, (entry_id, satang) in enumerate(rows)
        ],
        rows[-1][0] if more else None,
    )


def _places(
    thread: EntryThread, rows: Sequence[tuple[int, int]], named: Mapping[int, EntryName]
) -> dict[int, list[Part]]:
    """Where in their requests the parts lie. Of an entry of help: where each of its own parts
    lies; else where its money lies in each help.
    """
    own = thread.entry
    if thread.undoes or thread.undone_by:
        return {own.id: [(0, thread.amount_satang)]} if _is_help(own) else {}
    if _is_help(own):
        starts = dict(
            zip(
                (entry_id for entry_id, _satang in thread.parts),
                accumulate((satang for _entry, satang in thread.parts), initial=0),
                strict=False,
            )
        )
        parts = [(starts[entry_id], satang) for entry_id, satang in rows]
        return {own.id: parts or [(0, thread.amount_satang)]}
    helps = [entry_id for entry_id, _satang in rows if _is_help(named[entry_id])]
    before = parts_before(helps, own.id, thread.fund_code)
    return {
        entry_id: [(before.get(entry_id, 0), satang)]
        for entry_id, satang in rows
        if entry_id in helps
    }


def _share_of(
    thread: EntryThread, entry_id: int, place: int, shares: Mapping[int, Sequence[HelpShare]]
) -> HelpShare | None:
    if thread.undoes or thread.undone_by:
        return None
    own = shares.get(thread.entry.id)
    if own is not None:
        return own[place]
    of_other = shares.get(entry_id)
    return of_other[0] if of_other else None


def _is_help(entry: EntryName) -> bool:
    return entry.kind is EntryKind.ASSISTANCE_APPROVED and entry.source_type == HELP


def _receipts(named: Mapping[int, EntryName]) -> dict[int, str]:
    """The numbers of the gifts' receipts, by entry."""
    gifts = [entry.id for entry in named.values() if entry.source_type == "payment"]
    statement = (
        select(Payment.journal_entry_id, Receipt)
        .join(Receipt, Receipt.payment_id == Payment.id)
        .where(Payment.journal_entry_id.in_(gifts))
        .order_by(Receipt.id)
        .options(lazyload("*"))
    )
    return {entry_id: receipt.label for entry_id, receipt in db.session.execute(statement)}
