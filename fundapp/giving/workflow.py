"""The states of a pledge and a payment, and the actions that lead from one to another (pure)."""

from enum import StrEnum

from fundapp.giving.errors import PaymentReversedError, PledgeStateError
from fundapp.giving.models import PaymentStatus, PledgeStatus, RefundStatus, RefundWay
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class PledgeAction(StrEnum):
    """What is done to a pledge; payments cause ``complete`` and ``reopen``, people the rest."""

    EXTEND = "extend"
    CHANGE = "change"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    COMPLETE = "complete"
    REOPEN = "reopen"


class PaymentAction(StrEnum):
    """What is done to a payment after it was recorded."""

    REVERSE = "reverse"
    RETURN = "return"


#: (state, action) → state of a pledge. What is not here is not possible.
PLEDGE_TRANSITIONS: dict[tuple[PledgeStatus, PledgeAction], PledgeStatus] = {
    (PledgeStatus.ACTIVE, PledgeAction.EXTEND): PledgeStatus.ACTIVE,
    (PledgeStatus.ACTIVE, PledgeAction.CHANGE): PledgeStatus.ACTIVE,
    (PledgeStatus.ACTIVE, PledgeAction.PAUSE): PledgeStatus.PAUSED,
    (PledgeStatus.ACTIVE, PledgeAction.CANCEL): PledgeStatus.CANCELLED,
    (PledgeStatus.ACTIVE, PledgeAction.COMPLETE): PledgeStatus.COMPLETED,
    (PledgeStatus.PAUSED, PledgeAction.CHANGE): PledgeStatus.PAUSED,
    (PledgeStatus.PAUSED, PledgeAction.RESUME): PledgeStatus.ACTIVE,
    (PledgeStatus.PAUSED, PledgeAction.CANCEL): PledgeStatus.CANCELLED,
    (PledgeStatus.PAUSED, PledgeAction.COMPLETE): PledgeStatus.COMPLETED,
    (PledgeStatus.COMPLETED, PledgeAction.REOPEN): PledgeStatus.ACTIVE,
}

#: (state, action) → state of a payment.
PAYMENT_TRANSITIONS: dict[tuple[PaymentStatus, PaymentAction], PaymentStatus] = {
    (PaymentStatus.RECEIVED, PaymentAction.REVERSE): PaymentStatus.REVERSED,
    (PaymentStatus.RECEIVED, PaymentAction.RETURN): PaymentStatus.RETURNED,
}


def is_possible(status: PledgeStatus, action: PledgeAction) -> bool:
    """Whether ``action`` is possible for a pledge in ``status``."""
    return (status, action) in PLEDGE_TRANSITIONS


def next_pledge_status(status: PledgeStatus, action: PledgeAction) -> PledgeStatus:
    """The state of a pledge in ``status`` after ``action``; PledgeStateError when it is not
    possible.
    """
    if not is_possible(status, action):
        raise PledgeStateError
    return PLEDGE_TRANSITIONS[status, action]


def next_payment_status(status: PaymentStatus, action: PaymentAction) -> PaymentStatus:
    """The state of a payment in ``status`` after ``action``; PaymentReversedError when it is not
    possible.
    """
    if (status, action) not in PAYMENT_TRANSITIONS:
        raise PaymentReversedError
    return PAYMENT_TRANSITIONS[status, action]


class RefundStep(LabelledEnum):
    """How far a refund is that two people confirmed, as the giver and the office read it."""

    AT_PROCESSOR = "at_processor", N_("Confirmed, on its way to the card processor"), "info"
    WAITS_AT_PROCESSOR = "waits_at_processor", N_("Waits for the giver's bank account"), "warn"
    ACCOUNT = "account", N_("Waits for the giver's bank account"), "warn"
    VERIFY = "verify", N_("The account waits to be verified"), "info"
    PAY = "pay", N_("Waits to be paid"), "info"
    COLLECT = "collect", N_("Waits at the office to be collected"), "info"
    PAID = "paid", N_("Paid; not yet seen in the bank"), "good"
    SEEN = "seen", N_("Paid, and seen in the bank"), "good"
    HANDED_OVER = "handed_over", N_("Paid in cash"), "good"
    DONE = "done", N_("Refunded"), "good"
    FAILED = "failed", N_("The refund failed; the gift counts again"), "bad"
    CANCELLED = "cancelled", N_("Cancelled; the money is a gift again"), "neutral"
    REFUSED = "refused", N_("Refused by the card processor"), "bad"


_AT_PROCESSOR = {
    RefundStatus.ORDERED: RefundStep.AT_PROCESSOR,
    RefundStatus.WAITING: RefundStep.WAITS_AT_PROCESSOR,
    RefundStatus.PAID: RefundStep.DONE,
    RefundStatus.FAILED: RefundStep.FAILED,
    RefundStatus.REFUSED: RefundStep.REFUSED,
}


def refund_step(
    status: RefundStatus,
    way: RefundWay | None = None,
    *,
    has_account: bool = False,
    is_verified: bool = False,
    is_seen: bool = False,
) -> RefundStep:
    """How far a refund is; ``way`` is None for one through the card processor."""
    if way is None:
        return _AT_PROCESSOR[status]
    if status is RefundStatus.REFUSED:
        return RefundStep.CANCELLED
    if way is RefundWay.CASH:
        is_paid = status is RefundStatus.PAID
        return RefundStep.HANDED_OVER if is_paid else RefundStep.COLLECT
    if status is RefundStatus.PAID:
        return RefundStep.SEEN if is_seen else RefundStep.PAID
    if not has_account:
        return RefundStep.ACCOUNT
    return RefundStep.PAY if is_verified else RefundStep.VERIFY
