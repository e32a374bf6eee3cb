"""The links on vouchers, and what their pages show: neither a child nor anybody's name."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, Payout, ReceiptLink, RequestStatus
from fundapp.disbursements.queries.payouts import is_payment_of_request
from fundapp.errors import NotFoundError
from fundapp.identity.credentials import token_hash
from fundapp.ledger.models import Fund


@dataclass(frozen=True, slots=True)
class AskedReceipt:
    """What whoever holds a link is asked about. ``voucher`` and ``paid_on`` are None until the
    payment is recorded; ``is_settled``: somebody said before that the money came.
    """

    fund: Fund
    amount_satang: int
    voucher: str | None
    paid_on: date | None
    is_open: bool
    is_settled: bool


def get_receipt_link(token: str) -> ReceiptLink:
    """The link with this token, open or not; NotFoundError when there is none."""
    statement = select(ReceiptLink).where(ReceiptLink.token_sha256 == token_hash(token))
    link = db.session.scalar(statement)
    if link is None:
        raise NotFoundError
    return link


def get_asked_receipt(token: str, now: datetime) -> AskedReceipt:
    """What the page of a link shows; NotFoundError when there is no such link."""
    link = get_receipt_link(token)
    statement = (
        select(
            Fund,
            DisbursementRequest.total_satang,
            Payout.voucher,
            Payout.paid_on,
            DisbursementRequest.status,
        )
        .join(Fund, Fund.code == DisbursementRequest.fund_code)
        .outerjoin(Payout, is_payment_of_request())
        .where(DisbursementRequest.id == link.request_id)
    )
    fund, satang, voucher, paid_on, status = db.session.execute(statement).one()
    is_settled = status is RequestStatus.CONFIRMED
    return AskedReceipt(fund, satang, voucher, paid_on, link.is_open(now), is_settled)
