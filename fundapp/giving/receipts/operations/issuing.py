"""Receipts are numbered, issued with their contents, and made void."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import Base, connection_of_work, db, is_postgresql
from fundapp.giving.models import (
    EDonationEntry,
    EDonationState,
    Payment,
    Receipt,
    ReceiptContent,
    ReceiptCounter,
)
from fundapp.giving.policy import may_issue_receipt
from fundapp.giving.receipts.content import Payer, ReceiptFacts
from fundapp.giving.receipts.freezing import contents_of, e_donations_of
from fundapp.giving.receipts.reader import details_of
from fundapp.ids import new_id, new_public_id
from fundapp.ledger.models import Fund
from fundapp.thai.calendar import fiscal_year_be
from fundapp.trail.operations import record_event, record_events

_CONTENT = insert(Base.metadata.tables["receipt_contents"])


@dataclass(frozen=True, slots=True)
class ReceiptNumber:
    """The number of a receipt that is issued on ``issued_on``; ``fiscal_year`` is B.E."""

    fiscal_year: int
    number: int
    issued_on: date

    @property
    def label(self) -> str:
        """As printed: B.E. fiscal year and six digits."""
        return f"{self.fiscal_year}-{self.number:06d}"


@dataclass(frozen=True, slots=True)
class ReceiptDraft:
    """A receipt to be issued; that of an anonymous gift carries no name. One that replaces another
    one carries what ``payer`` says and nothing else.
    """

    payment: Payment
    fund: Fund
    donor_name: str
    number: ReceiptNumber
    payer: Payer | None = None
    replaces: Receipt | None = None


def take_numbers(issued_on: date, count: int, *, actor: Actor) -> list[ReceiptNumber]:
    """The next receipt numbers of the fiscal year of ``issued_on``, from 1 each year.

    The year's counter stays locked until the unit of work ends, so that a roll-back leaves no gap:
    take numbers after every other lock. The trail gets its event when the receipt is issued.
    Raises ForbiddenError.
    """
    require(may_issue_receipt(actor))
    year = fiscal_year_be(issued_on)
    statement = _next_number(is_postgresql())
    with db.session.no_autoflush:  # the counter depends on nothing that is still to be written
        first = int(db.session.execute(statement, {"year": year}).scalar_one())
    # The counter is locked; the receipts under the numbers after the first move it on.
    return [ReceiptNumber(year, number, issued_on) for number in range(first, first + count)]


@cache
def _next_number(on_postgresql: bool) -> Any:
    """Count the year on by one, or begin it."""
    insert: Any = postgresql.insert if on_postgresql else sqlite.insert
    return (
        insert(ReceiptCounter)
        .values(fiscal_year=bindparam("year"), last_number=1)
        .on_conflict_do_update(
            index_elements=[ReceiptCounter.fiscal_year],
            set_={"last_number": ReceiptCounter.last_number + 1},
        )
        .returning(ReceiptCounter.last_number)
    )


def issue_receipts(drafts: Sequence[ReceiptDraft], *, actor: Actor) -> list[Receipt]:
    """The receipts of payments, in the order given, with their contents. Raises ForbiddenError."""
    require(may_issue_receipt(actor))
    receipts = [_receipt(draft) for draft in drafts]
    named = [draft.payment.donor.id for draft in drafts if not draft.payment.is_anonymous]
    details = details_of(named)
    issued = [
        (receipt.id, draft.fund, _facts(receipt, draft, details.get(draft.payment.donor.id)))
        for receipt, draft in zip(receipts, drafts, strict=True)
    ]
    db.session.add_all(receipts)
    db.session.flush()
    connection_of_work().execute(_CONTENT, contents_of(issued))
    if entered := e_donations_of(issued, marked_by=actor.ref):
        db.session.execute(insert(EDonationEntry), entered)
    labels = [draft.number.label for draft in drafts]
    record_events("giving:receipt:issue", actor=actor, subject_type="receipt", subject_refs=labels)
    return receipts


def _facts(receipt: Receipt, draft: ReceiptDraft, details: Payer | None) -> ReceiptFacts:
    known = draft.payer or details or Payer()
    payer = Payer(receipt.donor_name, known.address, known.tax_id)
    return ReceiptFacts(
        code=receipt.code,
        label=draft.number.label,
        issued_on=draft.number.issued_on,
        received_on=receipt.received_on,
        method=receipt.method,
        amount_satang=receipt.amount_satang,
        entry_id=draft.payment.journal_entry_id,
        payer=payer,
        replaces=draft.replaces.label if draft.replaces else "",
        parts=_parts(draft.payment),
    )


def _parts(payment: Payment) -> tuple[tuple[Fund, int], ...]:
    """Each fund that the payment went to, with what it got, in the order of the funds."""
    parts = ((part.fund, part.amount_satang) for part in payment.designations)
    return tuple(sorted(parts, key=lambda part: (part[0].position, part[0].code)))


def _receipt(draft: ReceiptDraft) -> Receipt:
    payment, number = draft.payment, draft.number
    named = draft.payer.name if draft.payer else draft.donor_name
    hides_name = payment.is_anonymous and draft.payer is None
    return Receipt(
        id=new_id(),
        code=new_public_id(),
        fiscal_year=number.fiscal_year,
        number=number.number,
        payment=payment,
        issued_on=number.issued_on,
        issued_at=clock.now(),
        donor_name="" if hides_name else named,
        fund=draft.fund,
        method=payment.method,
        amount_satang=payment.amount_satang,
        received_on=payment.received_on,
        tax_wording_number=draft.fund.tax_wording_number,
        void_reason="",
        replaces_id=draft.replaces.id if draft.replaces else None,
    )


def freeze_older_contents(after: int, limit: int, *, actor: Actor) -> tuple[int, int] | None:
    """Give the next ``limit`` receipts after id ``after``, of those that were issued before
    contents were kept, theirs, as their rows and the settings of today say it.

    How many, and the last id; None when there are no more. Raises ForbiddenError.
    """
    require(may_issue_receipt(actor))
    statement = (
        select(Receipt)
        .outerjoin(Receipt.content)
        .where(Receipt.id > after, ReceiptContent.id.is_(None))
        .order_by(Receipt.id)
        .limit(limit)
    )
    receipts = list(db.session.scalars(statement))
    rows = contents_of([(row.id, row.fund, _known_facts(row)) for row in receipts])
    if rows:
        db.session.execute(insert(ReceiptContent), rows)
    return (len(receipts), receipts[-1].id) if receipts else None


def _known_facts(receipt: Receipt) -> ReceiptFacts:
    return ReceiptFacts(
        code=receipt.code,
        label=receipt.label,
        issued_on=receipt.issued_on,
        received_on=receipt.received_on,
        method=receipt.method,
        amount_satang=receipt.amount_satang,
        entry_id=receipt.payment.journal_entry_id,
        payer=Payer(receipt.donor_name),
        wording_number=receipt.tax_wording_number,
        parts=((receipt.fund, receipt.amount_satang),),
    )


def void_receipt(receipt: Receipt, *, reason: str, actor: Actor) -> None:
    """Mark a receipt as void. It keeps its number and can still be read; what was still to be
    entered in e-Donation no longer is. Raises ForbiddenError.
    """
    require(may_issue_receipt(actor))
    receipt.voided_at = clock.now()
    receipt.void_reason = reason
    entry = db.session.get(EDonationEntry, receipt.id)
    if entry is not None and entry.state is EDonationState.TO_ENTER:
        entry.state = EDonationState.NOT_NEEDED
        entry.marked_by, entry.marked_at = actor.ref, receipt.voided_at
    record_event(
        "giving:receipt:void",
        actor=actor,
        subject_type="receipt",
        subject_ref=receipt.label,
        note=reason,
    )
