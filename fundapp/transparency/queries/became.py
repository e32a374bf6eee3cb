"""What gifts became, as donors and visitors are shown it.

Of the thread (`fundapp.ledger.thread`) they see what is published, in the batches in which it was
(`fundapp.transparency.rises`), and no more of it than reaches from the oldest money of a fund to
the first that became something which is not published: of money after that place, whoever knows
that the oldest goes first could tell how much the help of a few children took. docs/decisions/0026.
Nor does a gift show less by one payment that came back: a published batch keeps its payments, and
the gifts that such a payment took of show nothing before the next batch.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import (
    ColumnElement,
    and_,
    or_,
    select,
)

from fundapp import clock
from fundapp.db import db
from fundapp.disbursements.models import (
    DisbursementRequest,
    Need,
    Payout,
    RequestLine,
    RequestStatus,
)
from fundapp.ids import LARGEST_ID
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import EntryKind, Fund, JournalEntry
from fundapp.ledger.periods import month_start
from fundapp.ledger.queries import list_funds
from fundapp.ledger.thread.queries import (
    EntryName,
    GivenMoney,
    name_entries,
    read_money,
)
from fundapp.ledger.thread.stored import StoredThread
from fundapp.markers import N_
from fundapp.transparency.queries.booked_requests import (
    BookedRequest,
    booked_request,
    list_booked,
    select_booked,
)
from fundapp.transparency.queries.publications import end_of
from fundapp.transparency.queries.unpublished import (
    LONG_AGO,
    NOTHING,
    Batch,
    FundRises,
    shown_until,
    withheld_sources,
)
from fundapp.transparency.rises import NO_DISTRICT, HelpLine, is_batch


class Use(LabelledEnum):
    """What a part of a gift became."""

    HELP = "help", N_("Help for children")
    FEES = "fees", N_("Bank fees and other costs")
    OLDER = "older", N_("Help from older books")
    MOVED = "moved", N_("Moved to another fund")


@dataclass(frozen=True, slots=True)
class BecamePart:
    """Money that became one thing. Help names its kind and district where more than ten children
    share both; ``confirmed``: everybody of that group has confirmed the receipt.
    """

    use: Use
    need: Need | None = None
    district_code: str = NO_DISTRICT
    confirmed: bool = False


@dataclass(slots=True)
class Became:
    """What the money of gifts to one fund became. ``rest_satang`` is still in the fund, or became
    something that is not published.
    """

    fund_code: str
    satang: int = 0
    parts: dict[BecamePart, int] = field(default_factory=dict)

    @property
    def rest_satang(self) -> int:
        """What no part says."""
        return self.satang - sum(self.parts.values())

    @property
    def confirmed_satang(self) -> int:
        """What of the help is in groups of which everybody has confirmed the receipt."""
        return sum(satang for part, satang in self.parts.items() if part.confirmed)

    @property
    def coarse(self) -> dict[Use, int]:
        """The parts without kinds and districts, as anybody may see them."""
        uses: dict[Use, int] = {}
        for part, satang in self.parts.items():
            uses[part.use] = uses.get(part.use, 0) + satang
        return uses


def read_became(entry_ids: Iterable[int]) -> list[Became]:
    """What the gifts of these entries became, by fund; those that were taken back are left out."""
    by_fund: dict[str, list[GivenMoney]] = defaultdict(list)
    for money in read_money(entry_ids):
        by_fund[money.fund_code].append(money)
    takers = {
        taker for given in by_fund.values() for money in given for taker, _part in money.parts
    }
    named = name_entries(takers)
    return [_of_fund(code, given, named) for code, given in sorted(by_fund.items())]


@dataclass(frozen=True, slots=True)
class FundProgress:
    """How far the money of a fund has become something that is published: all that was entered in
    the books before this month has, and some or nothing of what was entered in it. None: nothing of
    it is published.
    """

    fund: Fund
    month: date | None


def read_progress() -> list[FundProgress]:
    """That of every fund, but for those of which all money has become something published."""
    progress = []
    for fund in list_funds():
        first = shown_until(fund.code, FundRises(fund.code))
        if first == NOTHING:
            progress.append(FundProgress(fund, None))
            continue
        left = StoredThread(fund.code).front(LARGEST_ID)
        first = min(first, left[0] if left else LARGEST_ID)
        entered = select(JournalEntry.posted_at).where(JournalEntry.id == first)
        at = db.session.scalar(entered)
        if at is not None:
            progress.append(FundProgress(fund, month_start(clock.local_day(at))))
    return progress


def _of_fund(fund_code: str, given: Sequence[GivenMoney], named: Mapping[int, EntryName]) -> Became:
    rises, became = FundRises(fund_code), Became(fund_code)
    place, withheld = shown_until(fund_code, rises), withheld_sources(fund_code, rises)
    takers = {taker for money in given for taker, _satang in money.parts}
    requests = {request.entry_id: request for request in list_booked(fund_code, takers)}
    groups = _Groups(rises, requests.values())
    for money in given:
        became.satang += money.satang
        if money.entry_id > place or money.entry_id in withheld:
            continue
        shown = [(BecamePart(Use.FEES), money.own_satang)] if money.own_satang else []
        for taker, satang in money.parts:
            entry = named[taker]
            part = groups.part_of(requests.get(taker), entry.kind)
            if part is None or (part.use is Use.FEES and not rises.has_fees_of(taker)):
                break
            shown.append((part, satang))
        for part, satang in shown:
            became.parts[part] = became.parts.get(part, 0) + satang
    return became


class _Groups:
    """What the batches of a fund, with which these requests were published, say of the help in
    them.
    """

    def __init__(self, rises: FundRises, requests: Iterable[BookedRequest]) -> None:
        self._rises = rises
        batches = {rises.batch_of(request.district_code, request.month) for request in requests}
        lines = self._lines(sorted(filter(None, batches)))
        self._parts = {batch: _named_parts(batch[1], own) for batch, own in lines.items()}

    def part_of(self, request: BookedRequest | None, kind: EntryKind) -> BecamePart | None:
        """What is shown of money that this entry took, or None while it is not published."""
        if request is not None:
            batch = self._rises.batch_of(request.district_code, request.month)
            return None if batch is None else self._parts[batch][request.need]
        if kind is EntryKind.ASSISTANCE_APPROVED:
            return BecamePart(Use.OLDER)
        return BecamePart(Use.MOVED if kind is EntryKind.TRANSFER else Use.FEES)

    def _lines(self, batches: Sequence[Batch]) -> dict[Batch, list[tuple[BookedRequest, HelpLine]]]:
        """The lines of each of these batches: all of them in one statement."""
        lines: dict[Batch, list[tuple[BookedRequest, HelpLine]]] = {each: [] for each in batches}
        if not lines:
            return lines
        fund_code = self._rises.fund_code
        statement = (
            select_booked(
                fund_code,
                RequestLine.child_id,
                RequestLine.amount_satang,
                # Whether it came back or not.
                payment=Payout.request_id == DisbursementRequest.id,
            )
            .join(RequestLine, RequestLine.request_id == DisbursementRequest.id)
            .where(or_(*map(self._may_be_of, batches)))
        )
        for *columns, child_id, satang in db.session.execute(statement):
            request = booked_request(*columns)
            place, month = request.district_code, request.month
            batch = self._rises.batch_of(place, month)
            if month and batch in lines:
                lines[batch].append((request, HelpLine(fund_code, place, child_id, satang, month)))
        return lines

    def _may_be_of(self, batch: Batch) -> ColumnElement[bool]:
        """Of a request: that it was paid when those of the batch were."""
        month, district = batch
        before = [rise for rise in self._rises.help[district] if rise < month]
        since = end_of(before[-1]) if before else LONG_AGO
        paid = and_(Payout.recorded_at >= since, Payout.recorded_at < end_of(month))
        return paid & (DisbursementRequest.district_code == district) if district else paid


def _named_parts(
    district: str, lines: Sequence[tuple[BookedRequest, HelpLine]]
) -> Mapping[Need, BecamePart]:
    """Each kind of help of a batch by its name, where more than ten children had it; the others
    together without one. Where those are too few, no kind is named. Help that is shown without a
    district is shown without a kind.
    """
    by_need: dict[Need, list[tuple[BookedRequest, HelpLine]]] = defaultdict(list)
    for request, line in lines:
        by_need[request.need].append((request, line))
    named = {
        need
        for need, own in by_need.items()
        if district and is_batch(line for _request, line in own)
    }
    others = [each for need, own in by_need.items() if need not in named for each in own]
    if others and not is_batch(line for _request, line in others):
        named, others = set(), list(lines)
    unnamed = BecamePart(Use.HELP, None, district, _is_confirmed(others))
    return {
        need: BecamePart(Use.HELP, need, district, _is_confirmed(own)) if need in named else unnamed
        for need, own in by_need.items()
    }


def _is_confirmed(lines: Sequence[tuple[BookedRequest, HelpLine]]) -> bool:
    return all(request.status is RequestStatus.CONFIRMED for request, _line in lines)
