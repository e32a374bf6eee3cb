"""Receipts are numbered, issued and made void."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.encryption import encrypt
from fundapp.db import connection_of_work, db, is_postgresql
from fundapp.giving.models import Payment, Receipt, ReceiptContent, ReceiptCounter
from fundapp.giving.policy import may_issue_receipt
from fundapp.giving.receipts.content import TEMPLATE, Payer, ReceiptFacts, freeze
from fundapp.giving.receipts.queries import short_leaf
from fundapp.giving.receipts.reader import details_of
from fundapp.ids import new_id, new_public_id
from fundapp.ledger.models import Fund, JournalEntry, TaxWording
from fundapp.thai.calendar import fiscal_year_be
from fundapp.trail.operations import record_event, record_events

#: How many journal entries are looked up in one statement.
_ENTRIES_AT_ONCE = 500


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
    """A receipt to be issued; that of an anonymous gift carries no name."""

    payment: Payment
    fund: Fund
    donor_name: str
    number: ReceiptNumber


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
    """The receipts of payments, in the order given, each with its content. Raises ForbiddenError."""
    require(may_issue_receipt(actor))
    receipts = [_receipt(draft) for draft in drafts]
    named = [draft.payment.donor.id for draft in drafts if not draft.payment.is_anonymous]
    details = details_of(named)
    contents = contents_of(
        [
            (receipt.id, draft.fund, _facts(receipt, draft, details.get(draft.payment.donor.id)))
            for receipt, draft in zip(receipts, drafts, strict=True)
        ]
    )
    for receipt, content in zip(receipts, contents, strict=True):
        receipt.content = ReceiptContent(**content)
    db.session.add_all(receipts)
    labels = [draft.number.label for draft in drafts]
    record_events("giving:receipt:issue", actor=actor, subject_type="receipt", subject_refs=labels)
    return receipts


def contents_of(issued: Sequence[tuple[int, Fund, ReceiptFacts]]) -> list[dict[str, Any]]:
    """The rows of the contents of receipts, in the order given: id of the receipt, its fund, what
    it is about. Their journal entries are posted.
    """
    leaves = _leaves({facts.entry_id for _id, _fund, facts in issued})
    wordings = _wordings({fund.code for _id, fund, _facts in issued})
    rows = []
    for receipt_id, fund, facts in issued:
        wording = wordings[fund.code, fund.tax_wording_number]
        data, content_hash = freeze(facts, fund, wording, leaf=leaves[facts.entry_id])
        rows.append(content_row(receipt_id, data, content_hash))
    return rows


def content_row(receipt_id: int, data: bytes, content_hash: bytes) -> dict[str, Any]:
    """The row of one content."""
    text = data.decode("utf-8")
    return {
        "id": receipt_id,
        "template": TEMPLATE,
        "content_encrypted": encrypt(ReceiptContent, "content_encrypted", receipt_id, text),
        "content_hash": content_hash,
    }


def _leaves(entry_ids: Iterable[int]) -> dict[int, str]:
    """The check codes of journal entries, as receipts print them."""
    ids, found = sorted(entry_ids), {}
    for start in range(0, len(ids), _ENTRIES_AT_ONCE):
        some = ids[start : start + _ENTRIES_AT_ONCE]
        statement = select(JournalEntry.id, JournalEntry.leaf_hash).where(JournalEntry.id.in_(some))
        for entry_id, leaf in connection_of_work().execute(statement):
            found[entry_id] = short_leaf(bytes(leaf))
    return found


def _wordings(fund_codes: Iterable[str]) -> dict[tuple[str, int], TaxWording]:
    statement = select(TaxWording).where(TaxWording.fund_code.in_(sorted(fund_codes)))
    return {(row.fund_code, row.number): row for row in db.session.scalars(statement)}


def _facts(receipt: Receipt, draft: ReceiptDraft, details: Payer | None) -> ReceiptFacts:
    known = details or Payer()
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
    )


def _receipt(draft: ReceiptDraft) -> Receipt:
    payment, number = draft.payment, draft.number
    return Receipt(
        id=new_id(),
        code=new_public_id(),
        fiscal_year=number.fiscal_year,
        number=number.number,
        payment=payment,
        issued_on=number.issued_on,
        issued_at=clock.now(),
        donor_name="" if payment.is_anonymous else draft.donor_name,
        fund=draft.fund,
        method=payment.method,
        amount_satang=payment.amount_satang,
        received_on=payment.received_on,
        tax_wording_number=draft.fund.tax_wording_number,
        void_reason="",
    )


def void_receipt(receipt: Receipt, *, reason: str, actor: Actor) -> None:
    """Mark a receipt as void. It keeps its number and can still be read. Raises ForbiddenError."""
    require(may_issue_receipt(actor))
    receipt.voided_at = clock.now()
    receipt.void_reason = reason
    record_event(
        "giving:receipt:void",
        actor=actor,
        subject_type="receipt",
        subject_ref=receipt.label,
        note=reason,
    )
