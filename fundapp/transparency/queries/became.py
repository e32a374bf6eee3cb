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
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    or_,
    select,
    union_all,
)

from fundapp import clock
from fundapp.db import db
from fundapp.disbursements.models import (
    DisbursementRequest,
    Need,
    Payout,
    PayoutReturn,
    RequestLine,
    RequestStatus,
    ShareReturn,
)
from fundapp.disbursements.queries import is_payment_of_request
from fundapp.ids import LARGEST_ID
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import EntryKind, Fund, JournalEntry, Posting
from fundapp.ledger.periods import month_start
from fundapp.ledger.queries import is_of_kinds, list_funds
from fundapp.ledger.thread.queries import (
    GivenMoney,
    first_source_of,
    name_entries,
    read_money,
    sources_of,
)
from fundapp.ledger.thread.stored import StoredThread
from fundapp.markers import N_
from fundapp.places.queries import list_districts
from fundapp.transparency.models import FigureKind, PublishedFigure
from fundapp.transparency.queries.publications import end_of
from fundapp.transparency.rises import NO_DISTRICT, HelpLine, is_batch

_PAID = (
    RequestStatus.PAID,
    RequestStatus.CONFIRMED,
    RequestStatus.PROBLEM,
)
#: Before the first entry.
_NOTHING = -1
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


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
    return [_of_fund(code, given) for code, given in sorted(by_fund.items())]


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
        first = _shown_until(fund.code, _Rises(fund.code))
        if first == _NOTHING:
            progress.append(FundProgress(fund, None))
            continue
        left = StoredThread(fund.code).front(LARGEST_ID)
        first = min(first, left[0] if left else LARGEST_ID)
        entered = select(JournalEntry.posted_at).where(JournalEntry.id == first)
        at = db.session.scalar(entered)
        if at is not None:
            progress.append(FundProgress(fund, month_start(clock.local_day(at))))
    return progress


def _of_fund(fund_code: str, given: Sequence[GivenMoney]) -> Became:
    rises, became = _Rises(fund_code), Became(fund_code)
    place, withheld = _shown_until(fund_code, rises), _withheld(fund_code, rises)
    groups = _Groups(rises)
    takers = {taker for money in given for taker, _satang in money.parts}
    requests = {request.entry_id: request for request in _requests(fund_code, takers)}
    named = name_entries(takers)
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


@dataclass(frozen=True, slots=True)
class _Request:
    """A request, and the month in which its payment was recorded; None before that."""

    id: int
    entry_id: int
    need: Need
    district_code: str
    status: RequestStatus
    month: date | None


class _Rises:
    """The months in which the published figures of a fund rose."""

    def __init__(self, fund_code: str) -> None:
        self.fund_code = fund_code
        statement = (
            select(PublishedFigure.month_on, PublishedFigure.kind, PublishedFigure.district_code)
            .where(
                PublishedFigure.fund_code == fund_code,
                PublishedFigure.rose_in == PublishedFigure.month_on,
            )
            .order_by(PublishedFigure.month_on)
        )
        self.help: dict[str, list[date]] = defaultdict(list)
        self.fees: date | None = None
        for month, kind, district in db.session.execute(statement):
            if kind is FigureKind.HELP_PAID:
                self.help[district].append(month)
            elif kind is FigureKind.BANK_FEES:
                self.fees = month

    def last(self, district: str) -> date | None:
        """The newest month up to which help of a district is published."""
        months = [*self.help[district][-1:], *self.help[NO_DISTRICT][-1:]]
        return max(months, default=None)

    @property
    def newest(self) -> date | None:
        """The newest month in which any help was published."""
        return max((month for months in self.help.values() for month in months), default=None)

    def batch_of(self, district: str, month: date | None) -> tuple[date, str] | None:
        """The month and the district, or none, with which help of a month was published."""
        if month is None:
            return None
        own = next((rise for rise in self.help[district] if rise >= month), None)
        merged = next((rise for rise in self.help[NO_DISTRICT] if rise >= month), None)
        if own is not None and (merged is None or own <= merged):
            return own, district
        return None if merged is None else (merged, NO_DISTRICT)

    def has_fees_of(self, entry_id: int) -> bool:
        """Whether the fees were published after this entry was recorded."""
        recorded = select(JournalEntry.posted_at).where(JournalEntry.id == entry_id)
        at = db.session.scalars(recorded).one()
        return self.fees is not None and at < end_of(self.fees)


class _Groups:
    """What the batches of a fund say of the help in them."""

    def __init__(self, rises: _Rises) -> None:
        self._rises = rises
        self._parts: dict[tuple[date, str], Mapping[Need, BecamePart]] = {}

    def part_of(self, request: _Request | None, kind: EntryKind) -> BecamePart | None:
        """What is shown of money that this entry took, or None while it is not published."""
        if request is not None:
            batch = self._rises.batch_of(request.district_code, request.month)
            return None if batch is None else self._of_batch(batch)[request.need]
        if kind is EntryKind.ASSISTANCE_APPROVED:
            return BecamePart(Use.OLDER)
        return BecamePart(Use.MOVED if kind is EntryKind.TRANSFER else Use.FEES)

    def _of_batch(self, batch: tuple[date, str]) -> Mapping[Need, BecamePart]:
        if batch not in self._parts:
            self._parts[batch] = _named_parts(batch[1], self._lines(batch))
        return self._parts[batch]

    def _lines(self, batch: tuple[date, str]) -> list[tuple[_Request, HelpLine]]:
        month, district = batch
        before = [rise for rise in self._rises.help[district] if rise < month] if district else []
        rows = db.session.execute(
            _LINES_OF_DISTRICT if district else _LINES,
            {
                "fund_code": self._rises.fund_code,
                "district_code": district,
                "since": end_of(before[-1]) if before else _LONG_AGO,
                "until": end_of(month),
            },
        )
        lines = []
        for *columns, child_id, satang in rows:
            request = _request(*columns)
            place = request.district_code
            if request.month and self._rises.batch_of(place, request.month) == batch:
                line = HelpLine(self._rises.fund_code, place, child_id, satang, request.month)
                lines.append((request, line))
        return lines


def _named_parts(
    district: str, lines: Sequence[tuple[_Request, HelpLine]]
) -> Mapping[Need, BecamePart]:
    """Each kind of help of a batch by its name, where more than ten children had it; the others
    together without one. Where those are too few, no kind is named. Help that is shown without a
    district is shown without a kind.
    """
    by_need: dict[Need, list[tuple[_Request, HelpLine]]] = defaultdict(list)
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


def _is_confirmed(lines: Sequence[tuple[_Request, HelpLine]]) -> bool:
    return all(request.status is RequestStatus.CONFIRMED for request, _line in lines)


def _shown_until(fund_code: str, rises: _Rises) -> int:
    """The oldest money of the fund that became something which is not published; what is newer is
    not shown. Where nothing is published yet, nothing is.
    """
    if not any(rises.help.values()):
        return _NOTHING
    hidden = union_all(*_hidden_requests(fund_code, rises), _hidden_fees(fund_code, rises))
    first = first_source_of(hidden, fund_code)
    return LARGEST_ID if first is None else first


def _hidden_requests(fund_code: str, rises: _Rises) -> list[Select[Any]]:
    """The entries of help that is approved and not paid, and of help that is paid and not
    published.
    """
    last_of = {place.code: rises.last(place.code) for place in list_districts()}
    ends = {code: _LONG_AGO if last is None else end_of(last) for code, last in last_of.items()}
    is_new = [
        and_(DisbursementRequest.district_code == code, Payout.recorded_at >= end)
        for code, end in ends.items()
    ]
    entries = _select_requests(fund_code).with_only_columns(DisbursementRequest.approval_entry_id)
    # Of all payments few are so new: those are sought first.
    new = select(Payout.request_id).where(Payout.recorded_at >= min(ends.values()))
    return [
        entries.where(DisbursementRequest.status == RequestStatus.APPROVED),
        entries.where(
            DisbursementRequest.id.in_(new), DisbursementRequest.status.in_(_PAID), or_(*is_new)
        ),
    ]


def _hidden_fees(fund_code: str, rises: _Rises) -> Select[Any]:
    statement = (
        select(JournalEntry.id)
        .join(Posting, Posting.entry_id == JournalEntry.id)
        .where(is_of_kinds(EntryKind.BANK_FEE), Posting.fund_code == fund_code)
    )
    if rises.fees is not None:
        statement = statement.where(JournalEntry.posted_at >= end_of(rises.fees))
    return statement


def _requests(fund_code: str, entry_ids: Iterable[int]) -> list[_Request]:
    ids = list(entry_ids)
    if not ids:
        return []
    wanted = DisbursementRequest.approval_entry_id.in_(ids)
    statement = _select_requests(fund_code).where(wanted)
    return [_request(*row) for row in db.session.execute(statement)]


def _withheld(fund_code: str, rises: _Rises) -> frozenset[int]:
    """The money that a payment took which was published and of which all or the shares of children
    came back since the newest batch: what became of it less than before would be their help alone.
    """
    if rises.newest is None:
        return frozenset()
    came_back = union_all(
        *(
            select(back.payout_id).where(back.recorded_at >= end_of(rises.newest))
            for back in (PayoutReturn, ShareReturn)
        )
    )
    statement = (
        select(JournalEntry.id, DisbursementRequest.district_code, Payout.recorded_at)
        .join(DisbursementRequest, DisbursementRequest.public_id == JournalEntry.source_ref)
        .join(Payout, Payout.request_id == DisbursementRequest.id)
        .where(
            Payout.id.in_(came_back),
            JournalEntry.source_type == "disbursement_request",
            JournalEntry.kind == EntryKind.ASSISTANCE_APPROVED,
            DisbursementRequest.fund_code == fund_code,
            JournalEntry.id < Payout.id,
        )
    )
    takers = [
        entry_id
        for entry_id, district, paid_at in db.session.execute(statement)
        if rises.batch_of(district, month_start(clock.local_day(paid_at))) is not None
    ]
    return sources_of(takers, fund_code)


def _select_requests(
    fund_code: str | BindParameter[str],
    *columns: Any,
    payment: ColumnElement[bool] | None = None,
) -> Select[Any]:
    return (
        select(
            DisbursementRequest.id,
            DisbursementRequest.approval_entry_id,
            DisbursementRequest.need,
            DisbursementRequest.district_code,
            DisbursementRequest.status,
            Payout.recorded_at,
            *columns,
        )
        .select_from(DisbursementRequest)
        .outerjoin(Payout, is_payment_of_request() if payment is None else payment)
        .where(
            DisbursementRequest.fund_code == fund_code,
            DisbursementRequest.approval_entry_id.is_not(None),
        )
    )


def _request(*row: Any) -> _Request:
    row_id, entry_id, need, district_code, status, recorded_at = row
    month = None if recorded_at is None else month_start(clock.local_day(recorded_at))
    return _Request(row_id, entry_id, need, district_code, status, month)


#: Made once: a donor's page asks for many batches, and to make the statement takes as long as its
#: answer.
_LINES = (
    _select_requests(
        bindparam("fund_code"),
        RequestLine.child_id,
        RequestLine.amount_satang,
        payment=Payout.request_id == DisbursementRequest.id,  # whether it came back or not
    )
    .join(RequestLine, RequestLine.request_id == DisbursementRequest.id)
    .where(
        Payout.recorded_at >= bindparam("since"),
        Payout.recorded_at < bindparam("until"),
    )
)
_LINES_OF_DISTRICT = _LINES.where(DisbursementRequest.district_code == bindparam("district_code"))
