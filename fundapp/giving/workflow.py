"""What may happen to a pledge and a payment, and what becomes of it (pure)."""

from enum import StrEnum

from fundapp.giving.errors import AlreadyReversedError, PledgeStateError
from fundapp.giving.models import PaymentStatus, PledgeStatus


class PledgeAction(StrEnum):
    """What is done to a pledge; ``complete`` and ``reopen`` follow from money, the rest from
    people.
    """

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


#: (state, action) → state. What is not here is not allowed.
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
}


def may_pledge(status: PledgeStatus, action: PledgeAction) -> bool:
    """Whether ``action`` is possible for a pledge in ``status``."""
    return (status, action) in PLEDGE_TRANSITIONS


def next_pledge_status(status: PledgeStatus, action: PledgeAction) -> PledgeStatus:
    """What a pledge in ``status`` becomes by ``action``; PledgeStateError when it is not
    possible.
    """
    if not may_pledge(status, action):
        raise PledgeStateError
    return PLEDGE_TRANSITIONS[status, action]


def next_payment_status(status: PaymentStatus, action: PaymentAction) -> PaymentStatus:
    """What a payment in ``status`` becomes by ``action``; AlreadyReversedError when it is not
    possible.
    """
    if (status, action) not in PAYMENT_TRANSITIONS:
        raise AlreadyReversedError
    return PAYMENT_TRANSITIONS[status, action]
