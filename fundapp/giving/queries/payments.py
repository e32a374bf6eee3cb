"""Reading payments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import joinedload

from fundapp.db import BigInt, Day, db
from fundapp.errors import NotFoundError
from fundapp.giving.models import Instalment, Method, Payment, Pledge, Receipt
from fundapp.giving.policy import is_late
from fundapp.giving.queries.receipts import find_receipt_of
from fundapp.ledger.drafts import entry_number
from fundapp.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """What a list of payments is narrowed to; None means any."""

    method: Method | None = None
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """A part of a payment on an instalment; ``is_late`` when it came after the day, or after the
    end.
    """

    instalment: Instalment
    amount_satang: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class PaymentDetail:
    """A payment with everything around it."""

    payment: Payment
    allocations: Sequence[AllocationRow]
    surplus_satang: int
    receipt: Receipt | None
    entry_number: str
    reversal_number: str | None


def get_payment(public_id: str) -> Payment:
    """The payment; NotFoundError."""
    payment = db.session.scalar(select(Payment).where(Payment.public_id == public_id))
    if payment is None:
        raise NotFoundError
    return payment


def open_payment(public_id: str) -> PaymentDetail:
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
        reversal_number=entry_number(reversal) if reversal is not None else None,
    )


def list_payments(
    wanted: PaymentFilter, *, after: str | None = None, limit: int = 50
) -> Page[Payment]:
    """Payments, newest gift day first, after the key ``after`` (a key it does not know is the
    start).
    """
    statement = select(Payment)
    if wanted.method is not None:
        statement = statement.where(Payment.method == wanted.method)
    if wanted.from_on is not None:
        statement = statement.where(Payment.received_on >= wanted.from_on)
    if wanted.to_on is not None:
        statement = statement.where(Payment.received_on <= wanted.to_on)
    place = _read_key(after)
    if place is not None:
        here = tuple_(literal(place[0], Day), literal(place[1], BigInt))
        statement = statement.where(tuple_(Payment.received_on, Payment.id) < here)
    order = (Payment.received_on.desc(), Payment.id.desc())
    rows = list(db.session.scalars(statement.order_by(*order).limit(limit + 1)))
    return page_of(rows, limit, lambda one: f"{one.received_on.isoformat()}.{one.id}")


def list_donor_payments(donor_id: int, limit: int = 100) -> list[Payment]:
    """A donor's payments, newest gift day first."""
    statement = select(Payment).where(Payment.donor_id == donor_id)
    order = (Payment.received_on.desc(), Payment.id.desc())
    return list(db.session.scalars(statement.order_by(*order).limit(limit)))


def _allocations(payment: Payment) -> list[AllocationRow]:
    by_id = {row.instalment_id: row.amount_satang for row in payment.allocations}
    statement = (
        select(Instalment)
        .where(Instalment.id.in_(by_id))
        .options(joinedload(Instalment.pledge).lazyload(Pledge.instalments))
        .order_by(Instalment.number)
    )
    return [
        AllocationRow(one, by_id[one.id], is_late(one, one.pledge.status, payment.received_on))
        for one in db.session.scalars(statement)
    ]


def _read_key(text: str | None) -> tuple[date, int] | None:
    """The place in the list that a key names, or None for anything else."""
    day, _, number = (text or "").partition(".")
    try:
        place = date.fromisoformat(day), int(number)
    except ValueError:
        return None
    return place if 0 <= place[1] < 2**63 else None
