"""What every operation on a request begins with: lock it, look at it, refuse what is stale or
not allowed.
"""

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp.access.actors import Actor
from fundapp.db import db, lock
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.errors import (
    FactsChangedError,
    NotYoursError,
    ReasonMissingError,
    ThreePeopleError,
    WrongStateError,
)
from fundapp.disbursements.facts import current_facts
from fundapp.disbursements.models import DisbursementRequest, RequestStatus
from fundapp.disbursements.policy import may_see
from fundapp.disbursements.workflow import Action, next_status
from fundapp.errors import NotFoundError, StaleError
from fundapp.identity.queries import current_authority
from fundapp.ledger.drafts import public_memo
from fundapp.ledger.locking import lock_fund
from fundapp.trail.operations import record_event

_COLLECTIONS = ("lines", "approvals", "payouts", "proofs")


def lock_request(
    public_id: str, *, version: int | None, actor: Actor, with_fund: bool = False
) -> tuple[DisbursementRequest, Actor]:
    """The request, locked and read anew, with its fund locked before it where money will move; and
    the actor, read anew too: whoever waited for the lock may have been disabled meanwhile.

    Raises NotFoundError for what the actor cannot see, StaleError when ``version`` is not the
    present one.
    """
    wanted = DisbursementRequest.public_id == public_id
    fund_code = db.session.scalar(select(DisbursementRequest.fund_code).where(wanted))
    if fund_code is None:
        raise NotFoundError
    if with_fund:
        lock_fund(fund_code)
    # Only the row itself is locked: joined rows would be locked with it.
    request = lock(select(DisbursementRequest).where(wanted).options(lazyload("*")))
    actor = current_authority(actor)
    if request is None or not may_see(actor, request):
        raise NotFoundError
    db.session.expire(request, _COLLECTIONS)
    if request.fund_code != fund_code or version not in (None, request.version):
        raise StaleError
    return request, actor


def require_action(request: DisbursementRequest, action: Action) -> RequestStatus:
    """The state that ``action`` leads to; WrongStateError when it is not possible now."""
    status = next_status(request.status, action)
    if status is None:
        raise WrongStateError
    return status


def require_allowed(allowed: bool, actor: Actor, request: DisbursementRequest) -> None:
    """Refuse the actor unless ``allowed``, and say whether it is for being one of the three
    already.
    """
    if allowed:
        return
    taken = {request.requested_by_id, *(approval.approver_id for approval in request.approvals)}
    raise ThreePeopleError if actor.user_id in taken else NotYoursError


def require_same_facts(request: DisbursementRequest) -> None:
    """FactsChangedError unless the request is, bit for bit, what was sent in."""
    if current_facts(request) != request.facts_sha256:
        raise FactsChangedError


def require_reason(reason: str) -> str:
    """The reason, cleaned; it stays in the trail for ever, so it may hold no personal data."""
    cleaned = public_memo(reason).strip()
    if not cleaned:
        raise ReasonMissingError(field="reason")
    return cleaned


def move_on(
    request: DisbursementRequest, status: RequestStatus, *, verb: str, actor: Actor, note: str = ""
) -> None:
    """Put the request into ``status``, raise its version and write the trail."""
    request.status = status
    request.version += 1
    record_event(
        f"disbursements:request:{verb}",
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=request.public_id,
        note=note,
    )
    db.session.flush()
