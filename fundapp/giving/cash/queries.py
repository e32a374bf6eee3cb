"""Reading boxes and counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload, selectinload

from fundapp.db import count_rows, db, page_by_day
from fundapp.errors import NotFoundError
from fundapp.giving.models import (
    CampaignEvent,
    CashCount,
    CountStatus,
    DonationBox,
    Payment,
    PaymentStatus,
)
from fundapp.ledger.chart import is_cash_box
from fundapp.ledger.models import Account
from fundapp.ledger.queries import find_holdings, list_accounts
from fundapp.paging import MOST_COUNTED, Page

_MOST_BOXES = 500


@dataclass(frozen=True, slots=True)
class BoxRow:
    """A box with what it brought, and when it was counted last."""

    box: DonationBox
    satang: int
    last_on: date | None


@dataclass(frozen=True, slots=True)
class CashBox:
    """A cash box of the office: what the books say lies in it, in satang."""

    account: Account
    book_satang: int


def list_boxes() -> list[BoxRow]:
    """Every box by its number, those that are out first."""
    # Looked up for each count: a join could begin at the payments, of which there are far more.
    received = (
        select(Payment.amount_satang)
        .where(Payment.id == CashCount.payment_id, Payment.status == PaymentStatus.RECEIVED)
        .scalar_subquery()
    )
    brought = (
        select(
            CashCount.box_id,
            func.sum(received).label("satang"),
            func.max(CashCount.counted_on).label("last_on"),
        )
        .where(CashCount.box_id.is_not(None), CashCount.payment_id.is_not(None))
        .group_by(CashCount.box_id)
        .subquery()
    )
    statement = (
        select(DonationBox, func.coalesce(brought.c.satang, 0), brought.c.last_on)
        .outerjoin(brought, brought.c.box_id == DonationBox.id)
        .order_by(DonationBox.status, DonationBox.number)
        .limit(_MOST_BOXES)
    )
    return [BoxRow(box, int(satang), last) for box, satang, last in db.session.execute(statement)]


def get_box(number: int) -> DonationBox:
    """The box with this number; NotFoundError."""
    box = db.session.scalar(select(DonationBox).where(DonationBox.number == number))
    if box is None:
        raise NotFoundError
    return box


def list_cash_boxes() -> list[CashBox]:
    """The cash boxes of the office, by code."""
    holdings = find_holdings()
    return [
        CashBox(account, holdings.in_all(account.code))
        for account in list_accounts()
        if is_cash_box(account.code)
    ]


def list_waiting_counts(other_than: int | None = None) -> Sequence[CashCount]:
    """Counts that wait for the second person, the oldest first; with ``other_than``, a user's id,
    only those that this person may confirm.
    """
    statement = _counts().where(_waits(other_than))
    return db.session.scalars(statement.order_by(CashCount.counted_at).limit(MOST_COUNTED)).all()


def count_waiting_counts(other_than: int | None) -> int:
    """How many counts wait for this person to confirm them."""
    return count_rows(select(CashCount.id).where(_waits(other_than)))


def _waits(other_than: int | None) -> ColumnElement[bool]:
    waits = CashCount.status == CountStatus.COUNTED
    return waits if other_than is None else and_(waits, CashCount.counted_by_id != other_than)


def list_counts(*, after: str | None = None, limit: int = 50) -> Page[CashCount]:
    """Counts, the last first, after the key ``after``."""
    order = CashCount.counted_on, CashCount.id
    return page_by_day(_counts(), *order, after=after, limit=limit, newest_first=True)


def get_count(public_id: str) -> CashCount:
    """The count with its notes and coins; NotFoundError."""
    statement = _counts().where(CashCount.public_id == public_id)
    count = db.session.scalar(statement.options(selectinload(CashCount.pieces)))
    if count is None:
        raise NotFoundError
    return count


def _counts() -> Select[CashCount]:
    return select(CashCount).options(
        joinedload(CashCount.box),
        joinedload(CashCount.event).joinedload(CampaignEvent.campaign),
        joinedload(CashCount.fund),
        joinedload(CashCount.counted_by),
        joinedload(CashCount.confirmed_by),
    )
