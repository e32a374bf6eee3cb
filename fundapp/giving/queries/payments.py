"""Reading payments."""

import base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fundapp.db import db, page_by_day
from fundapp.errors import NotFoundError
from fundapp.giving.models import Instalment, Method, Payment, PaymentStatus, Pledge, Receipt
from fundapp.giving.policy import is_late_payment, is_returnable
from fundapp.giving.receipts.queries import find_receipt_of
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.queries import SpentGift, list_spent_of
from fundapp.paging import Page


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """Which payments a list shows; None means any."""

    method: Method | None = None
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """The part of a payment that pays an instalment, and what was let go with it; late as
    `policy.is_late_payment` says.
    """

    instalment: Instalment
    amount_satang: int
    let_go_satang: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class PaymentDetail:
    """A payment with its allocations, receipt and journal entries. ``surplus_satang`` is what no
    instalment took, ``booked_on`` its day in the books, ``reversed_on`` that of its reversal or
    return; ``spent`` is what was spent of it before the bank took it back; ``reversal_digest``
    that of the words why it was reversed.
    """

    payment: Payment
    allocations: Sequence[AllocationRow]
    surplus_satang: int
    receipt: Receipt | None
    entry_number: str
    booked_on: date
    reversal_number: str | None
    reversed_on: date | None
    spent: Sequence[SpentGift]
    reversal_digest: bytes | None = None

    @property
    def may_be_returned(self) -> bool:
        """Whether the bank can still take it back."""
        counts = self.payment.status is PaymentStatus.RECEIVED
        return counts and is_returnable(self.payment.method)


def get_payment(public_id: str) -> Payment:
    """The payment; NotFoundError."""
    payment = db.session.scalar(select(Payment).where(Payment.public_id == public_id))
    if payment is None:
        raise NotFoundError
    return payment


def get_payment_detail(public_id: str) -> PaymentDetail:
    """The payment with its allocations, receipt and entries; NotFoundError."""
    payment = get_payment(public_id)
    allocations = _allocations(payment)
    reversal = payment.reversal_entry_id
    return PaymentDetail(
        payment=payment,
        allocations=allocations,
        surplus_satang=payment.amount_satang - sum(row.amount_satang for row in allocations),
        receipt=find_receipt_of(payment.id),
        entry_number=entry_number(payment.journal_entry_id),
        booked_on=_day_of(payment.journal_entry_id),
        reversal_number=entry_number(reversal) if reversal is not None else None,
        reversed_on=_day_of(reversal) if reversal is not None else None,
        spent=list_spent_of(reversal) if reversal is not None else (),
        reversal_digest=_private_of(reversal) if reversal is not None else None,
    )


def _day_of(entry_id: int) -> date:
    return db.session.scalars(
        select(JournalEntry.entry_on).where(JournalEntry.id == entry_id)
    ).one()


def _private_of(entry_id: int) -> bytes | None:
    """The digest that the entry carries of words which are kept elsewhere."""
    statement = select(JournalEntry.private).where(JournalEntry.id == entry_id)
    private = db.session.scalars(statement).one()
    return base64.b64decode(private) if private else None


def list_payments(
    shown: PaymentFilter, *, after: str | None = None, limit: int = 50
) -> Page[Payment]:
    """Payments, the last received first, after the key ``after``; any other text means the first
    page.
    """
    statement = select(Payment)
    if shown.method is not None:
        statement = statement.where(Payment.method == shown.method)
    if shown.from_on is not None:
        statement = statement.where(Payment.received_on >= shown.from_on)
    if shown.to_on is not None:
        statement = statement.where(Payment.received_on <= shown.to_on)
    order = Payment.received_on, Payment.id
    return page_by_day(statement, *order, after=after, limit=limit, newest_first=True)


def list_donor_payments(donor_ids: Collection[int], limit: int = 100) -> list[Payment]:
    """A donor's payments, the last received first."""
    statement = select(Payment).where(Payment.donor_id.in_(donor_ids))
    order = (Payment.received_on.desc(), Payment.id.desc())
    return list(db.session.scalars(statement.order_by(*order).limit(limit)))


def _allocations(payment: Payment) -> list[AllocationRow]:
    by_id = {row.instalment_id: row for row in payment.allocations}
    statement = (
        select(Instalment)
        .where(Instalment.id.in_(by_id))
        .options(joinedload(Instalment.pledge).lazyload(Pledge.instalments))
        .order_by(Instalment.number)
    )
    return [
        AllocationRow(
            instalment,
            by_id[instalment.id].amount_satang,
            by_id[instalment.id].let_go_satang,
            is_late_payment(instalment, instalment.pledge.status, payment.received_on),
        )
        for instalment in db.session.scalars(statement)
    ]
