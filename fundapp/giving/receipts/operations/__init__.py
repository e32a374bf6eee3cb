"""Everything that changes receipts and what belongs to them."""

from fundapp.giving.receipts.operations.e_donation import mark_entered, mark_not_needed
from fundapp.giving.receipts.operations.issuing import (
    ReceiptDraft,
    ReceiptNumber,
    freeze_older_contents,
    issue_receipts,
    take_numbers,
    void_receipt,
)
from fundapp.giving.receipts.operations.papers import count_print, record_pdf, record_pdfs
from fundapp.giving.receipts.operations.replacing import replace_receipt
from fundapp.giving.receipts.operations.tax_details import set_tax_details
from fundapp.giving.receipts.operations.yearly import tell_year

__all__ = [
    "ReceiptDraft",
    "ReceiptNumber",
    "count_print",
    "freeze_older_contents",
    "issue_receipts",
    "mark_entered",
    "mark_not_needed",
    "record_pdf",
    "record_pdfs",
    "replace_receipt",
    "set_tax_details",
    "take_numbers",
    "tell_year",
    "void_receipt",
]
