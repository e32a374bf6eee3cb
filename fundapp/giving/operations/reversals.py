"""A payment that was recorded wrongly is reversed."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.name_guard import public_words
from fundapp.db import db
from fundapp.giving import emails, policy
from fundapp.giving.channels.queries import has_way
from fundapp.giving.errors import CardPaymentError, IncomingPaymentError, PartOfRefundError
from fundapp.giving.locking import lock_payment
from fundapp.giving.models import Payment
from fundapp.giving.queries.refunds import find_refund_before
from fundapp.giving.receipts.operations import void_receipt
from fundapp.giving.receipts.queries import get_valid_receipt
from fundapp.giving.reversals import release_line
from fundapp.giving.slips.steps import reopen_slip_of
from fundapp.giving.steps import take_allocations_back
from fundapp.giving.workflow import PaymentAction, next_payment_status
from fundapp.ledger.operations import reverse_entry
from fundapp.mail.operations import queue_message
from fundapp.markers import N_
from fundapp.remarks.models import ReasonCode, Remark, RemarkKind
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_event


def reverse_payment(
    public_id: str,
    *,
    reason: str | Remark,
    code: ReasonCode = ReasonCode.OTHER,
    actor: Actor,
) -> Payment:
    """Reverse a payment that was recorded wrongly; once at most. One that the bank took back is
    returned (`return_payment`).

    The books, the receipt and the trail get the code; the words of the reason are a remark, which
    may be that of an undone match.
    The reversal is posted today, the instalments are open again, the receipt is void but kept. The
    line of the bank that it was matched with waits to be matched again.
    Raises ForbiddenError, NotFoundError, PaymentReversedError, CardPaymentError for one that came
    through the card processor, PartOfRefundError, IncomingPaymentError without a reason,
    ChildNamedError, and the ledger's errors when the reason holds personal data or the money is
    spent.
    """
    require(policy.may_record_payment(actor))
    remark = _reason(reason, code, public_id, actor)
    release_line(public_id, reason=remark, actor=actor)
    payment = lock_payment(public_id)
    if policy.is_of_processor(payment):
        raise CardPaymentError
    reversed_status = next_payment_status(payment.status, PaymentAction.REVERSE)
    if find_refund_before(payment) is not None:
        raise PartOfRefundError
    reversal = reverse_entry(
        payment.journal_entry_id,
        reason=remark.code.label,
        entry_on=clock.today(),
        digest=remark.digest,
        actor=actor,
    )
    payment.status, payment.reversal_entry_id = reversed_status, reversal.id
    take_allocations_back(payment)
    reopen_slip_of(payment, actor)
    receipt = get_valid_receipt(payment.id)
    void_receipt(receipt, reason=remark.code.label, actor=actor)
    record_event(
        "giving:payment:reverse",
        actor=actor,
        subject_type="payment",
        subject_ref=payment.public_id,
        note=remark.trace,
    )
    if has_way(payment.donor):
        queue_message(emails.receipt_void(payment, receipt), actor=actor)
    db.session.flush()
    return payment


def _reason(reason: str | Remark, code: ReasonCode, public_id: str, actor: Actor) -> Remark:
    """The remark of a reason; IncomingPaymentError without one, PersonalDataError,
    ChildNamedError.
    """
    words = public_words(reason, field="reason") if isinstance(reason, str) else reason
    if not words:
        raise IncomingPaymentError(N_("Say why the payment is reversed."), field="reason")
    return write_remark(
        words,
        kind=RemarkKind.REVERSAL,
        code=code,
        subject_type="payment",
        subject_ref=public_id,
        actor=actor,
    )
