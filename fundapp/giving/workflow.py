"""The states of a pledge and a payment, and the actions that lead from one to another (pure)."""

from enum import StrEnum

from fundapp.giving.errors import PaymentReversedError, PledgeStateError
from fundapp.giving.models import PaymentStatus, PledgeStatus


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
