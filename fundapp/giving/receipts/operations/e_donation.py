"""What the office notes of gifts in the e-Donation system of the Revenue Department."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.giving.errors import ReceiptVoidError
from fundapp.giving.locking import lock_payment
from fundapp.giving.models import EDonationEntry, EDonationState
from fundapp.giving.policy import may_enter_e_donations
from fundapp.giving.receipts.queries import find_receipt
from fundapp.trail.operations import record_event


def mark_entered(code: str, *, number: str, actor: Actor) -> EDonationEntry:
    """Note that the gift of the receipt is in e-Donation, under this number; a number that was
    wrong is written over, and the trail keeps both.

    Raises ForbiddenError, NotFoundError and ReceiptVoidError.
    """
    return _mark(code, EDonationState.ENTERED, number, actor)


def mark_not_needed(code: str, *, actor: Actor) -> EDonationEntry:
    """Note that the gift need not be entered, for example because its donor does not want it.

    Raises ForbiddenError, NotFoundError and ReceiptVoidError.
    """
    return _mark(code, EDonationState.NOT_NEEDED, "", actor)


def _mark(code: str, state: EDonationState, number: str, actor: Actor) -> EDonationEntry:
    require(may_enter_e_donations(actor))
    receipt = find_receipt(code)
    if receipt is None:
        raise NotFoundError
    lock_payment(receipt.payment.public_id)
    db.session.refresh(receipt)
    if receipt.voided_at is not None:
        raise ReceiptVoidError
    row = db.session.get(EDonationEntry, receipt.id)
    if row is None:  # its tax wording does not make it deductible
        raise NotFoundError
    before = row.number
    row.state, row.number = state, number
    row.marked_by, row.marked_at = actor.ref, clock.now()
    record_event(
        f"giving:e-donation:{'enter' if number else 'leave-out'}",
        actor=actor,
        subject_type="receipt",
        subject_ref=receipt.label,
        changes={"e_donation_number": (before, number)},
    )
    db.session.flush()
    return row
