"""What stops a payment after its approval, until an approver cancels it or lets it go on.

Values are read with the `Reader` of whoever asks.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from fundapp.children.models import ChildStatus, CloseReason
from fundapp.children.reader import Reader
from fundapp.disbursements.models import DisbursementRequest, PaidStop, StopReason
from fundapp.disbursements.payees import is_payee_on_file
from fundapp.disbursements.policy import allows_help


@dataclass(frozen=True, slots=True)
class Stop:
    """A reason, and the code of the child whom it is about."""

    code: str
    reason: StopReason


def find_stops(request: DisbursementRequest, on: date, reader: Reader) -> list[Stop]:
    """What stops the payment of an approved request on this day. The files are read for the payee
    only where nothing else stops it.
    """
    stops = []
    for line in request.lines:
        child = line.child
        if child.status is not ChildStatus.ACTIVE:
            died = child.close_reason is CloseReason.DIED
            stops.append(Stop(child.code, StopReason.DIED if died else StopReason.CLOSED))
        if not allows_help(child, request.need, request.fund, on):
            stops.append(Stop(child.code, StopReason.CONSENT))
    if not stops and not is_payee_on_file(request, reader):
        stops.append(Stop("", StopReason.GUARDIAN))
    return stops


def digest_of(stops: list[Stop]) -> bytes:
    """SHA-256 of what stops a payment: an approver lets go what was shown, and nothing later."""
    text = "\n".join(sorted(f"{stop.code} {stop.reason}" for stop in stops))
    return hashlib.sha256(text.encode()).digest()


def is_released(request: DisbursementRequest, stops: list[Stop]) -> bool:
    """Whether an approver let the payment go on with exactly these stops, since its approval: one
    that came back or was never made is approved anew, and what stops it then is looked at anew.
    """
    wanted, approved = digest_of(stops), max((each.id for each in request.approvals), default=0)
    return any(
        release.stop_sha256 == wanted and release.id > approved for release in request.releases
    )


def unseen_stops(request: DisbursementRequest) -> list[PaidStop]:
    """What had stopped the payment when the bank paid all the same, until an approver looked or
    the money came back.
    """
    seen = max((release.id for release in request.releases), default=0)
    back = {payout.attempt for payout in request.payouts if payout.comeback is not None}
    return [stop for stop in request.paid_stops if stop.id > seen and stop.attempt not in back]
