"""Receipts in the bundle for auditors: numbers and entries, no names."""

from collections.abc import Iterator

from sqlalchemy import select

from fundapp.csv_safety import csv_lines
from fundapp.db import db
from fundapp.giving.models import Payment, Receipt
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import LogLeaf

_HEADER = ("number", "entry", "state")


def receipt_lines() -> Iterator[str]:
    """``receipts.csv``: every receipt of a sealed entry, by number."""
    rows = db.session.execute(
        select(Receipt.fiscal_year, Receipt.number, Payment.journal_entry_id, Receipt.voided_at)
        .join(Payment, Payment.id == Receipt.payment_id)
        .join(LogLeaf, LogLeaf.entry_id == Payment.journal_entry_id)
        .order_by(Receipt.fiscal_year, Receipt.number)
    )
    return csv_lines(
        _HEADER,
        (
            [f"{year}-{number:06d}", entry_number(entry_id), "void" if voided_at else "valid"]
            for year, number, entry_id, voided_at in rows
        ),
    )
