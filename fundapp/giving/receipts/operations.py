"""Receipts: numbered without a gap per Thai fiscal year, frozen when issued."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.db import db, is_postgresql
from fundapp.giving.models import Payment, Receipt, ReceiptCounter
from fundapp.ids import new_id, new_public_id
from fundapp.ledger.models import Fund
from fundapp.thai.calendar import fiscal_year_be
from fundapp.trail.operations import record_event


@dataclass(frozen=True, slots=True)
class ReceiptNumber:
    """A number taken for a receipt that is issued on ``issued_on``; ``fiscal_year`` is B.E."""

    fiscal_year: int
    number: int
    issued_on: date

    @property
    def label(self) -> str:
        """As printed: B.E. fiscal year and six digits."""
        return f"{self.fiscal_year}-{self.number:06d}"


def take_number(issued_on: date) -> ReceiptNumber:
    """The next number of the fiscal year of ``issued_on``; the first receipt of a year opens its
    counter.

    The counter's row stays locked until the unit of work ends, so that a roll-back leaves no gap:
    take the number last, after every other lock.
    """
    year = fiscal_year_be(issued_on)
    insert: Any = postgresql.insert if is_postgresql() else sqlite.insert
    statement = (
        insert(ReceiptCounter)
        .values(fiscal_year=year, last_number=1)
        .on_conflict_do_update(
            index_elements=[ReceiptCounter.fiscal_year],
            set_={"last_number": ReceiptCounter.last_number + 1},
        )
        .returning(ReceiptCounter.last_number)
    )
    with db.session.no_autoflush:  # what is pending is no matter of the counter's
        number = db.session.execute(statement).scalar_one()
    return ReceiptNumber(year, int(number), issued_on)


def issue_receipt(
    payment: Payment, fund: Fund, donor_name: str, number: ReceiptNumber, *, actor: Actor
) -> Receipt:
    """The receipt of ``payment`` under ``number``. An anonymous gift's receipt carries no name."""
    receipt = Receipt(
        id=new_id(),
        code=new_public_id(),
        fiscal_year=number.fiscal_year,
        number=number.number,
        payment=payment,
        issued_on=number.issued_on,
        issued_at=clock.now(),
        donor_name="" if payment.is_anonymous else donor_name,
        fund=fund,
        method=payment.method,
        amount_satang=payment.amount_satang,
        received_on=payment.received_on,
        void_reason="",
    )
    db.session.add(receipt)
    record_event(
        "giving:receipt:issue", actor=actor, subject_type="receipt", subject_ref=number.label
    )
    return receipt


def void_receipt(receipt: Receipt, *, reason: str, actor: Actor) -> None:
    """Mark a receipt as void. It keeps its number and stays to be seen."""
    receipt.voided_at = clock.now()
    receipt.void_reason = reason
    record_event(
        "giving:receipt:void",
        actor=actor,
        subject_type="receipt",
        subject_ref=receipt.label,
        note=reason,
    )
