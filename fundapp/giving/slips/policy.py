"""Who may send and decide on slips, and which slip a payment is of (pure)."""

from collections.abc import Collection, Sequence

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.giving.models import Method, Payment, Slip
from fundapp.giving.policy import is_of_processor

#: Slips of one donor that may wait at a time.
MOST_WAITING = 20
_BY_BANK = (Method.PROMPTPAY, Method.TRANSFER)


def may_send_slip(actor: Actor) -> bool:
    """Whether the actor may send a slip for a pledge whose address it knows."""
    return actor.can(Permission.PLEDGE_CHANGE)


def may_decide_slip(actor: Actor) -> bool:
    """Whether the actor may say of slips whether they are of money that came."""
    return actor.can(Permission.STATEMENT_MATCH)


def came_by_bank(payment: Payment) -> bool:
    """Whether a slip can be of this payment: it came to the fund's own account at a bank."""
    return payment.method in _BY_BANK and not is_of_processor(payment)


def choose_slip(
    slips: Sequence[Slip], instalment_ids: Collection[int], used: Collection[int]
) -> Slip | None:
    """Of the waiting slips of a pledge the one that a payment closes: for an instalment that it
    pays, else the oldest; none of ``used``.
    """
    free = [slip for slip in slips if slip.id not in used]
    free.sort(key=lambda slip: (slip.instalment_id not in instalment_ids, slip.sent_at, slip.id))
    return free[0] if free else None
