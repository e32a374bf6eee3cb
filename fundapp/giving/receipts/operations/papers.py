"""What is kept of the papers that are made of receipts: the hash of each PDF, and each print."""

from collections.abc import Sequence

from sqlalchemy import func, insert, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import Base, connection_of_work, db
from fundapp.errors import NotFoundError
from fundapp.giving.errors import ReceiptPdfChangedError
from fundapp.giving.locking import lock_payment
from fundapp.giving.models import ReceiptPdf, ReceiptPrint
from fundapp.giving.policy import may_make_receipt_pdf, may_print_receipt
from fundapp.giving.receipts.queries import find_receipt
from fundapp.trail.operations import record_event

_PDF = insert(Base.metadata.tables["receipt_pdfs"])


def record_pdf(receipt_id: int, sha256: bytes, *, actor: Actor) -> None:
    """Keep the hash of the PDF that was made of a receipt; nothing when it was made before.

    Raises ForbiddenError, and ReceiptPdfChangedError when it was another file then.
    """
    require(may_make_receipt_pdf(actor))
    known = db.session.get(ReceiptPdf, receipt_id, with_for_update=True)
    if known is None:
        record_pdfs([(receipt_id, sha256)], actor=actor)
    elif known.sha256 != sha256:
        raise ReceiptPdfChangedError


def record_pdfs(made: Sequence[tuple[int, bytes]], *, actor: Actor) -> None:
    """Keep the hashes of PDFs that were made for the first time: id of the receipt, SHA-256. One
    that another program recorded meanwhile is left as it is. Raises ForbiddenError.
    """
    require(may_make_receipt_pdf(actor))
    known = set(
        db.session.scalars(
            select(ReceiptPdf.receipt_id).where(
                ReceiptPdf.receipt_id.in_([receipt_id for receipt_id, _sha256 in made])
            )
        )
    )
    now = clock.now()
    rows = [
        {"receipt_id": receipt_id, "sha256": sha256, "made_at": now}
        for receipt_id, sha256 in made
        if receipt_id not in known
    ]
    if rows:
        connection_of_work().execute(_PDF, rows)


def count_print(code: str, *, actor: Actor) -> int:
    """Record that the office prints the receipt, and say the how-manieth time it is: from the
    second on the paper is a copy. Raises ForbiddenError and NotFoundError.
    """
    require(may_print_receipt(actor))
    receipt = find_receipt(code)
    if receipt is None:
        raise NotFoundError
    lock_payment(receipt.payment.public_id)  # so that two prints at once have two numbers
    statement = select(func.coalesce(func.max(ReceiptPrint.number), 0))
    number = db.session.scalars(statement.where(ReceiptPrint.receipt_id == receipt.id)).one() + 1
    db.session.add(
        ReceiptPrint(
            receipt_id=receipt.id, number=number, printed_by=actor.ref, printed_at=clock.now()
        )
    )
    record_event(
        "giving:receipt:print",
        actor=actor,
        subject_type="receipt",
        subject_ref=receipt.label,
        note=str(number),
    )
    db.session.flush()
    return number
