"""Declaring an interest in a request."""

from fundapp.access.actors import Actor
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.errors import WrongStateError
from fundapp.disbursements.locking import lock_request
from fundapp.disbursements.models import (
    DisbursementRequest,
    Interest,
    RequestStatus,
)
from fundapp.disbursements.policy import is_recused, may_decide
from fundapp.disbursements.steps import note_interest, require_allowed
from fundapp.trail.operations import record_event


def declare_interest_in_request(
    public_id: str, interest: Interest, *, version: int, actor: Actor
) -> DisbursementRequest:
    """Declare that the actor, who could decide on the request, has an interest in it, and decides
    nothing about it from now on. Twice is once.

    Raises NotFoundError, StaleError, WrongStateError, ThreePeopleError, NotYoursError.
    """
    request, actor = lock_request(public_id, version=version, actor=actor)
    if is_recused(actor, request):
        return request
    if request.status is not RequestStatus.SUBMITTED:
        raise WrongStateError
    require_allowed(may_decide(actor, request), actor, request)
    note_interest(request, actor.person_id, interest)
    record_event(
        "disbursements:request:declare",
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=request.public_id,
    )
    return request
