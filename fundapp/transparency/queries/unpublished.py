"""From which of a fund's money on nothing is told of what it became: docs/decisions/0026, 0031."""

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Select,
    and_,
    or_,
    select,
    union_all,
)

from fundapp import clock
from fundapp.db import db
from fundapp.disbursements.models import (
    DisbursementRequest,
    Payout,
    PayoutReturn,
    RequestStatus,
    ShareReturn,
)
from fundapp.ids import LARGEST_ID
from fundapp.ledger.models import EntryKind, JournalEntry, Posting
from fundapp.ledger.periods import month_start
from fundapp.ledger.queries import is_of_kinds
from fundapp.ledger.thread.queries import (
    first_source_of,
    sources_of,
)
from fundapp.places.queries import list_districts
from fundapp.transparency.models import FigureKind, PublishedFigure
from fundapp.transparency.queries.booked_requests import select_booked
from fundapp.transparency.queries.publications import end_of
from fundapp.transparency.rises import NO_DISTRICT

_PAID = (
    RequestStatus.PAID,
    RequestStatus.CONFIRMED,
    RequestStatus.PROBLEM,
)
#: The month and the district, or none, with which help was published.
Batch = tuple[date, str]
#: Before the first entry.
NOTHING = -1
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class FundRises:
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

    def batch_of(self, district: str, month: date | None) -> Batch | None:
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


def shown_until(fund_code: str, rises: FundRises) -> int:
    """The oldest money of the fund that became something which is not published; what is newer is
    not shown. Where nothing is published yet, nothing is.
    """
    if not any(rises.help.values()):
        return NOTHING
    hidden = union_all(*_hidden_requests(fund_code, rises), _hidden_fees(fund_code, rises))
    first = first_source_of(hidden, fund_code)
    return LARGEST_ID if first is None else first


def _hidden_requests(fund_code: str, rises: FundRises) -> list[Select[Any]]:
    """The entries of help that is approved and not paid, and of help that is paid and not
    published.
    """
    ends: dict[datetime, list[str]] = defaultdict(list)
    for place in list_districts():
        last = rises.last(place.code)
        ends[LONG_AGO if last is None else end_of(last)].append(place.code)
    is_new = [
        and_(DisbursementRequest.district_code.in_(codes), Payout.recorded_at >= end)
        for end, codes in ends.items()
    ]
    booked = select_booked(fund_code).with_only_columns(DisbursementRequest.approval_entry_id)
    approved = select(DisbursementRequest.approval_entry_id).where(
        DisbursementRequest.fund_code == fund_code,
        DisbursementRequest.status == RequestStatus.APPROVED,
        DisbursementRequest.approval_entry_id.is_not(None),
    )
    # Of all payments few are so new: those are sought first.
    new = select(Payout.request_id).where(Payout.recorded_at >= min(ends))
    return [
        approved,
        booked.where(
            DisbursementRequest.id.in_(new), DisbursementRequest.status.in_(_PAID), or_(*is_new)
        ),
    ]


def _hidden_fees(fund_code: str, rises: FundRises) -> Select[Any]:
    statement = (
        select(JournalEntry.id)
        .join(Posting, Posting.entry_id == JournalEntry.id)
        .where(is_of_kinds(EntryKind.BANK_FEE), Posting.fund_code == fund_code)
    )
    if rises.fees is not None:
        statement = statement.where(JournalEntry.posted_at >= end_of(rises.fees))
    return statement


def withheld_sources(fund_code: str, rises: FundRises) -> frozenset[int]:
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
    payments = (
        select(
            Payout.id,
            Payout.recorded_at,
            DisbursementRequest.public_id,
            DisbursementRequest.district_code,
        )
        .join(DisbursementRequest, DisbursementRequest.id == Payout.request_id)
        .where(Payout.id.in_(came_back), DisbursementRequest.fund_code == fund_code)
    )
    published = [
        and_(JournalEntry.source_ref == request, JournalEntry.id < payout_id)
        for payout_id, paid_at, request, district in db.session.execute(payments)
        if rises.batch_of(district, month_start(clock.local_day(paid_at))) is not None
    ]
    if not published:
        return frozenset()
    takers = select(JournalEntry.id).where(
        JournalEntry.source_type == "disbursement_request",
        JournalEntry.kind == EntryKind.ASSISTANCE_APPROVED,
        or_(*published),
    )
    return sources_of(db.session.scalars(takers), fund_code)
