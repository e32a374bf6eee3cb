"""Requests of a fund that are in the books, as what is published of them asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    select,
)

from fundapp import clock
from fundapp.db import db
from fundapp.disbursements.models import (
    DisbursementRequest,
    Need,
    Payout,
    RequestStatus,
)
from fundapp.disbursements.queries import is_payment_of_request
from fundapp.ledger.periods import month_start


@dataclass(frozen=True, slots=True)
class BookedRequest:
    """A request, and the month in which its payment was recorded; None before that."""

    id: int
    entry_id: int
    need: Need
    district_code: str
    status: RequestStatus
    month: date | None


def list_booked(fund_code: str, entry_ids: Iterable[int]) -> list[BookedRequest]:
    """The requests of the fund that these entries approved."""
    ids = list(entry_ids)
    if not ids:
        return []
    wanted = DisbursementRequest.approval_entry_id.in_(ids)
    statement = select_booked(fund_code).where(wanted)
    return [booked_request(*row) for row in db.session.execute(statement)]


def select_booked(
    fund_code: str | BindParameter[str],
    *columns: Any,
    payment: ColumnElement[bool] | None = None,
) -> Select[Any]:
    """What `booked_request` takes of each request of the fund, and further columns; ``payment``
    joins its payment, the one that stands where it is not given.
    """
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


def booked_request(*row: Any) -> BookedRequest:
    """The request of a row of `select_booked`."""
    row_id, entry_id, need, district_code, status, recorded_at = row
    month = None if recorded_at is None else month_start(clock.local_day(recorded_at))
    return BookedRequest(row_id, entry_id, need, district_code, status, month)
