"""The papers of receipts: the one file that its donor loads down, and copies of the office."""

import hashlib

from fundapp.access.actors import Actor
from fundapp.db import unit_of_work
from fundapp.errors import NotFoundError
from fundapp.giving.models import Receipt
from fundapp.giving.receipts import operations
from fundapp.giving.receipts.reader import open_content
from fundapp.giving.receipts.setting import PaperJob, set_job

#: Printed across copies, in Thai and English, whatever the language of who prints.
COPY = "สำเนา Copy"
VOID = "ยกเลิก Void"


def original_of(receipt: Receipt, *, actor: Actor) -> bytes:
    """The receipt's own PDF, the same bytes whoever loads it down; its hash is kept the first time.

    Raises NotFoundError for one without content, and ReceiptPdfChangedError when another release
    of the typesetter would make another file of it.
    """
    pdf = set_job(_job(receipt))
    unit_of_work(operations.record_pdf, receipt.id, hashlib.sha256(pdf).digest(), actor=actor)
    return pdf


def copy_of(receipt: Receipt, *, number: int | None = None) -> bytes:
    """The receipt's PDF with a stamp: void, or a copy, ``number`` of the prints of the office.
    Raises NotFoundError for one without content.
    """
    stamp = VOID if receipt.voided_at else COPY
    return set_job(_job(receipt, stamp if number is None else f"{stamp} {number}"))


def file_name(receipt: Receipt) -> str:
    """What the file is called."""
    return f"receipt-{receipt.label}.pdf"


def job_of(receipt: Receipt, stamp: str | None = None) -> PaperJob | None:
    """What its PDF is set from; None when it has no content yet."""
    content = open_content(receipt)
    if content is None or receipt.content is None:
        return None
    return PaperJob(receipt.id, receipt.content.template, content, stamp)


def _job(receipt: Receipt, stamp: str | None = None) -> PaperJob:
    job = job_of(receipt, stamp)
    if job is None:
        raise NotFoundError
    return job
