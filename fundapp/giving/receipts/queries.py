"""Reading receipts."""

import base64
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.giving.models import Payment, Receipt
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import JournalEntry, TaxWording

_SHOWN_HASH_BYTES = 16


@dataclass(frozen=True, slots=True)
class ReceiptDetail:
    """A receipt with its journal entry; ``booked_on`` is the day of that in the books."""

    receipt: Receipt
    entry_number: str
    booked_on: date
    tax_wording: TaxWording
    #: The beginning of the entry's leaf hash, as `short_leaf` writes it.
    leaf: str


def get_receipt_detail(code: str) -> ReceiptDetail:
    """The receipt with this code and its journal entry; NotFoundError."""
    receipt = db.session.scalar(select(Receipt).where(Receipt.code == code))
    if receipt is None:
        raise NotFoundError
    entry_id = receipt.payment.journal_entry_id
    booked_on, leaf = db.session.execute(
        select(JournalEntry.entry_on, JournalEntry.leaf_hash).where(JournalEntry.id == entry_id)
    ).one()
    wording = db.session.get_one(TaxWording, (receipt.fund_code, receipt.tax_wording_number))
    number, shown = entry_number(entry_id), short_leaf(bytes(leaf))
    return ReceiptDetail(receipt, number, booked_on, wording, shown)


def short_leaf(leaf_hash: bytes) -> str:
    """The first 16 bytes of a leaf hash in base 32, as receipts print them: 26 letters."""
    return base64.b32encode(leaf_hash[:_SHOWN_HASH_BYTES]).decode("ascii").rstrip("=")


def find_receipt_of(payment_id: int) -> Receipt | None:
    """The receipt of a payment."""
    return db.session.scalar(select(Receipt).where(Receipt.payment_id == payment_id))


def list_pledge_receipts(pledge_id: int) -> list[Receipt]:
    """The receipts of the payments on a pledge, newest first; void ones too."""
    statement = (
        select(Receipt)
        .join(Receipt.payment)
        .where(Payment.pledge_id == pledge_id)
        .order_by(Receipt.id.desc())
    )
    return list(db.session.scalars(statement))
