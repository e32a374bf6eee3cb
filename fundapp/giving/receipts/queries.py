"""Reading receipts."""

import base64
from dataclasses import dataclass

from sqlalchemy import select

from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.giving.models import Payment, Receipt
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import JournalEntry

_SHOWN_HASH_BYTES = 16


@dataclass(frozen=True, slots=True)
class ReceiptDetail:
    """A receipt with its place in the books."""

    receipt: Receipt
    entry_number: str
    #: The first 16 bytes of the entry's leaf hash in base 32: 26 letters that a donor can keep.
    leaf: str


def get_receipt(code: str) -> Receipt:
    """The receipt that ``code`` opens; NotFoundError."""
    receipt = db.session.scalar(select(Receipt).where(Receipt.code == code))
    if receipt is None:
        raise NotFoundError
    return receipt


def open_receipt(code: str) -> ReceiptDetail:
    """The receipt that ``code`` opens, with the entry that books it; NotFoundError."""
    receipt = get_receipt(code)
    entry_id = receipt.payment.journal_entry_id
    leaf = db.session.scalars(
        select(JournalEntry.leaf_hash).where(JournalEntry.id == entry_id)
    ).one()
    return ReceiptDetail(receipt, entry_number(entry_id), short_leaf(bytes(leaf)))


def short_leaf(leaf_hash: bytes) -> str:
    """The 26 base-32 letters of a leaf hash that are printed on receipts."""
    return base64.b32encode(leaf_hash[:_SHOWN_HASH_BYTES]).decode("ascii").rstrip("=")


def find_receipt_of(payment_id: int) -> Receipt | None:
    """The receipt of a payment."""
    return db.session.scalar(select(Receipt).where(Receipt.payment_id == payment_id))


def list_pledge_receipts(pledge_id: int) -> list[Receipt]:
    """The receipts of what was paid on a pledge, newest first; void ones too."""
    statement = (
        select(Receipt)
        .join(Receipt.payment)
        .where(Payment.pledge_id == pledge_id)
        .order_by(Receipt.id.desc())
    )
    return list(db.session.scalars(statement))
