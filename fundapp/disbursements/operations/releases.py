"""Payments that something stopped after the approval, and letting one go on."""

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.disbursements.errors import NotStoppedError
from fundapp.disbursements.locking import lock_request
from fundapp.disbursements.models import DisbursementRequest, PaymentRelease, RequestStatus
from fundapp.disbursements.policy import may_release_payment
from fundapp.disbursements.queries import sees_request
from fundapp.disbursements.steps import (
    move_on,
    require_action,
    require_allowed,
    require_reason,
    write_reason,
)
from fundapp.disbursements.stops import (
    Stop,
    digest_of,
    find_stops,
    is_released,
    unseen_stops,
)
from fundapp.disbursements.workflow import Action
from fundapp.errors import NotFoundError
from fundapp.remarks.models import ReasonCode, RemarkKind


def read_stops(request: DisbursementRequest, *, actor: Actor) -> list[Stop]:
    """What stops the payment of a request that was read in the same unit of work, unless an
    approver let it go on; nothing of one that is not to be paid. NotFoundError when it is not the
    actor's to see.
    """
    if not sees_request(actor, request):
        raise NotFoundError
    if request.status is not RequestStatus.APPROVED:
        return []
    stops = find_stops(request, clock.today(), Reader(actor, Purpose.DECISION))
    return [] if is_released(request, stops) else stops


def release_payment(
    public_id: str, *, version: int, reason: str, actor: Actor
) -> DisbursementRequest:
    """Let a stopped payment go on, as an approver who did not ask, with the reason. Whatever
    happens later stops it again. Of one that the bank made all the same: say what is done about it.

    Raises NotFoundError, StaleError, ThreePeopleError, NotYoursError, NotStoppedError,
    ReasonMissingError, PersonalDataError, NamedError.
    """
    request, actor = lock_request(public_id, version=version, actor=actor)
    status = require_action(request, Action.RELEASE)
    require_allowed(may_release_payment(actor, request), actor, request)
    stops = find_stops(request, clock.today(), Reader(actor, Purpose.DECISION))
    is_open = stops and not is_released(request, stops)
    if not (is_open if request.status is RequestStatus.APPROVED else unseen_stops(request)):
        raise NotStoppedError
    cleaned = require_reason(reason)
    remark = write_reason(request, cleaned, ReasonCode.OTHER, RemarkKind.DECISION, actor)
    request.releases.append(
        PaymentRelease(
            requested_by_id=request.requested_by_id,
            released_by_id=actor.person_id,
            stop_sha256=digest_of(stops),
            reason_digest=remark.digest,
            released_at=clock.now(),
        )
    )
    move_on(request, status, verb="release", actor=actor, note=remark.trace)
    return request
