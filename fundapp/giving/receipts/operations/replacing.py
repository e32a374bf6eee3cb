"""A receipt that says something wrong is made void and replaced."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.name_guard import require_no_child_named
from fundapp.db import db
from fundapp.errors import NotFoundError, require_readable_name
from fundapp.giving import emails
from fundapp.giving.channels.queries import has_way
from fundapp.giving.errors import ReceiptVoidError
from fundapp.giving.locking import lock_payment
from fundapp.giving.models import Receipt, ReplaceReason
from fundapp.giving.policy import may_replace_receipt
from fundapp.giving.receipts.content import Payer
from fundapp.giving.receipts.operations.issuing import (
    ReceiptDraft,
    issue_receipts,
    take_numbers,
    void_receipt,
)
from fundapp.giving.receipts.queries import find_receipt
from fundapp.mail.operations import queue_message
from fundapp.trail.operations import record_event


def replace_receipt(code: str, payer: Payer, *, reason: ReplaceReason, actor: Actor) -> Receipt:
    """Make the receipt void and issue another one, of today, for the same money to ``payer``; an
    empty name issues one without a name. Both are kept and name each other.

    The tax wording is that of today. Raises ForbiddenError, NotFoundError, ReceiptVoidError for one
    that is void, UnreadableNameError and ChildNamedError.
    """
    require(may_replace_receipt(actor))
    require_readable_name(payer.name, field="name")
    require_no_child_named(payer.name, field="name")
    found = find_receipt(code)
    if found is None:
        raise NotFoundError
    payment = lock_payment(found.payment.public_id)
    db.session.refresh(found)
    if found.voided_at is not None:
        raise ReceiptVoidError
    void_receipt(found, reason=reason.label, actor=actor)
    db.session.flush()
    (number,) = take_numbers(clock.today(), 1, actor=actor)
    draft = ReceiptDraft(payment, found.fund, payer.name, number, payer=payer, replaces=found)
    (receipt,) = issue_receipts([draft], actor=actor)
    record_event(
        "giving:receipt:replace",
        actor=actor,
        subject_type="receipt",
        subject_ref=receipt.label,
        note=found.label,
    )
    db.session.flush()
    if has_way(payment.donor):
        queue_message(emails.receipt_replaced(payment, found, receipt), actor=actor)
    return receipt
