"""What was published, what has to be published next, and from which rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from fundapp import clock
from fundapp.db import db
from fundapp.disbursements.models import (
    DisbursementRequest,
    Payout,
    PayoutReturn,
    RequestLine,
    ShareReturn,
    ShareReturnLine,
)
from fundapp.disbursements.queries import is_payment_of_request
from fundapp.ledger.periods import month_start
from fundapp.transparency.models import FigureKind, Publication, PublishedFigure
from fundapp.transparency.rises import HelpLine

#: A month is published so long after its end: what was begun before midnight is written by then.
WAIT_AFTER_MONTH = timedelta(hours=1)
_LAST_MONTH = select(func.max(Publication.month_on))


@dataclass(frozen=True, slots=True)
class Published:
    """A publication with its figures."""

    publication: Publication
    figures: Sequence[PublishedFigure]

    @property
    def month(self) -> date:
        """The first day of its month."""
        return self.publication.month_on

    @property
    def last_day(self) -> date:
        """The last day of its month: what was recorded by its end is in the figures."""
        return month_after(self.month) - timedelta(days=1)

    def total(
        self, kind: FigureKind, *, fund_code: str | None = None, district_code: str | None = None
    ) -> int | None:
        """The sum of the figures shown, of one fund or district if named; None if none is."""
        values = [
            figure.value
            for figure in self.figures
            if figure.kind is kind
            and fund_code in (None, figure.fund_code)
            and district_code in (None, figure.district_code)
            and figure.value is not None
        ]
        return sum(values) if values else None


def month_after(month: date) -> date:
    """The first day of the next month."""
    return month_start(month + timedelta(days=31))


def end_of(month: date) -> datetime:
    """The instant at which a month ends in Thailand."""
    return datetime.combine(month_after(month), time(), clock.BANGKOK)


def last_month_over() -> date:
    """The newest month that may be published now."""
    this_month = month_start(clock.local_day(clock.now() - WAIT_AFTER_MONTH))
    return month_start(this_month - timedelta(days=1))


def last_published_month() -> date | None:
    """The newest month that is published."""
    # Every visit runs this: without the ORM, which would cost more than the statement.
    month: date | None = db.session.connection().execute(_LAST_MONTH).scalar()
    return month


def last_published_day() -> date | None:
    """The last day of the newest month that is published."""
    month = last_published_month()
    return None if month is None else month_after(month) - timedelta(days=1)


def months_to_publish(until: date) -> list[date]:
    """The months up to ``until`` that are not published, in order.

    The first of all is the month in which the first payment of help was recorded.
    """
    last = last_published_month()
    if last is None:
        first_recorded = db.session.scalar(select(func.min(Payout.recorded_at)))
        if first_recorded is None:
            return []
        month = month_start(clock.local_day(first_recorded))
    else:
        month = month_after(last)
    months = []
    while month <= until:
        months.append(month)
        month = month_after(month)
    return months


def list_help_lines(until: date) -> list[HelpLine]:
    """What was paid for each child, as recorded by the end of the month ``until``.

    A figure never comes down, so a payment that came back after its month was published stays in
    it, and what is paid again of the request is not counted once more. The same of a child's share:
    what the child gets later of the fund in the district is counted beyond that.
    """
    published, back = _published_before_return(), _Shares(_months_published())
    statement = (
        select(
            DisbursementRequest.fund_code,
            DisbursementRequest.district_code,
            RequestLine.child_id,
            RequestLine.amount_satang,
            RequestLine.id,
            Payout.recorded_at,
            Payout.request_id,
            Payout.id,
        )
        .select_from(DisbursementRequest)
        .join(
            Payout,
            or_(
                is_payment_of_request(),
                and_(
                    Payout.request_id == DisbursementRequest.id,
                    Payout.id.in_(published.values()),
                ),
            ),
        )
        .join(RequestLine, RequestLine.request_id == DisbursementRequest.id)
        .where(Payout.recorded_at < end_of(until))
        .order_by(Payout.recorded_at, RequestLine.id)
    )
    lines = []
    for row in db.session.execute(statement):
        fund, district, child, satang, line, recorded_at, request, payout = row
        if published.get(request, payout) != payout:
            continue
        counted = back.counted((fund, district, child), line, satang, recorded_at)
        if counted:
            month = month_start(clock.local_day(recorded_at))
            lines.append(HelpLine(fund, district, child, counted, month))
    return lines


class _Shares:
    """Children's shares that came back, as far as published figures have them. Lines are asked in
    the order of their payments.
    """

    def __init__(self, months: Mapping[date, datetime]) -> None:
        self._months = months
        returned = select(ShareReturnLine.line_id, ShareReturn.recorded_at).join(
            ShareReturn, ShareReturn.id == ShareReturnLine.return_id
        )
        self._back = {line_id: at for line_id, at in db.session.execute(returned)}  # noqa: C416
        #: What came back after it was published, from when on, by fund, district and child.
        self._owed: defaultdict[tuple[str, str, int], list[list[Any]]] = defaultdict(list)

    def counted(
        self, of: tuple[str, str, int], line_id: int, satang: int, recorded_at: datetime
    ) -> int:
        """How much of a line is counted."""
        back_at = self._back.get(line_id)
        if back_at is not None:
            published_at = self._months.get(month_start(clock.local_day(recorded_at)))
            if published_at is None or published_at > back_at:
                return 0
            self._owed[of].append([back_at, satang])
            return satang
        left = satang
        for owed in self._owed.get(of, ()):
            if owed[0] <= recorded_at:
                taken = min(left, owed[1])
                owed[1] -= taken
                left -= taken
        return left


def _months_published() -> dict[date, datetime]:
    published = db.session.scalars(select(Publication))
    return {each.month_on: each.published_at for each in published}


def _published_before_return() -> dict[int, int]:
    """By request the first payment that came back after its month was published."""
    months = _months_published()
    returned = (
        select(Payout.request_id, Payout.id, Payout.recorded_at, PayoutReturn.recorded_at)
        .join(PayoutReturn, PayoutReturn.payout_id == Payout.id)
        .order_by(Payout.id.desc())
    )
    found = {}
    for request_id, payout_id, recorded_at, returned_at in db.session.execute(returned):
        published_at = months.get(month_start(clock.local_day(recorded_at)))
        if published_at is not None and published_at <= returned_at:
            found[request_id] = payout_id
    return found


def find_published(month: date | None) -> Published | None:
    """The publication of a month, if there is one."""
    publication = db.session.get(Publication, month) if month else None
    if publication is None:
        return None
    of_month = select(PublishedFigure).where(PublishedFigure.month_on == month)
    return Published(publication, db.session.scalars(of_month).all())


def help_paid_by_month(since: date) -> dict[date, int]:
    """All help paid that is published, in satang, of each month published from ``since`` on."""
    statement = (
        select(PublishedFigure.month_on, func.sum(PublishedFigure.value))
        .where(PublishedFigure.kind == FigureKind.HELP_PAID, PublishedFigure.month_on >= since)
        .group_by(PublishedFigure.month_on)
    )
    return {month: int(satang or 0) for month, satang in db.session.execute(statement)}


def list_published() -> list[Published]:
    """Every publication, oldest first."""
    publications = select(Publication).order_by(Publication.month_on)
    figures = select(PublishedFigure).order_by(
        PublishedFigure.kind, PublishedFigure.fund_code, PublishedFigure.district_code
    )
    by_month: dict[date, list[PublishedFigure]] = defaultdict(list)
    for figure in db.session.scalars(figures):
        by_month[figure.month_on].append(figure)
    return [Published(each, by_month[each.month_on]) for each in db.session.scalars(publications)]
