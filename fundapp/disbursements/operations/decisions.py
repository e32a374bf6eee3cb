"""Deciding on a request, and taking it back."""

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.disbursements.drafts import ChildAmount
from fundapp.disbursements.entry_drafts import CANCELLED_MEMO, approval_entry
from fundapp.disbursements.models import Approval, Decision, DisbursementRequest, RequestStatus
from fundapp.disbursements.operations.locking import (
    lock_request,
    move_on,
    require_action,
    require_allowed,
    require_reason,
    require_same_facts,
)
from fundapp.disbursements.operations.requests import require_consents
from fundapp.disbursements.policy import may_cancel, may_decide
from fundapp.disbursements.workflow import Action, action_of_decision
from fundapp.ledger.drafts import public_memo
from fundapp.ledger.operations import post_entry, reverse_entry


def decide_request(
    public_id: str, *, decision: Decision, version: int, reason: str, actor: Actor
) -> DisbursementRequest:
    """Approve, return or reject the request as it stood at ``version``.

    Approving books the expense, so the fund's money is taken here: InsufficientFundsError when
    there is not enough, whoever else decides at the same moment. Raises NotFoundError, StaleError,
    ThreePeopleError, NotYoursError, ReasonMissingError, NoConsentError, PeriodClosedError.
    """
    approving = decision is Decision.APPROVE
    request, actor = lock_request(public_id, version=version, actor=actor, with_fund=approving)
    status = require_action(request, action_of_decision(decision))
    require_allowed(may_decide(actor, request), actor, request)
    reason = public_memo(reason).strip() if approving else require_reason(reason)
    if approving:
        _book(request, actor)
    request.approvals.append(
        Approval(
            version=request.version,
            facts_sha256=request.facts_sha256,
            approver_id=actor.person_id,
            decision=decision,
            reason=reason,
            decided_at=clock.now(),
        )
    )
    move_on(request, status, verb=str(decision), actor=actor, note=reason)
    return request


def cancel_request(
    public_id: str, *, version: int, reason: str, actor: Actor
) -> DisbursementRequest:
    """Take a request back: who asked until it is approved, then an approver, whose reversal frees
    the money.

    Raises NotFoundError, StaleError, ThreePeopleError, NotYoursError, ReasonMissingError,
    PeriodClosedError.
    """
    request, actor = lock_request(public_id, version=version, actor=actor, with_fund=True)
    status = require_action(request, Action.CANCEL)
    require_allowed(may_cancel(actor, request), actor, request)
    reason = require_reason(reason)
    if request.status is RequestStatus.APPROVED and request.approval_entry_id is not None:
        reverse_entry(
            request.approval_entry_id,
            # The reason itself stays in the trail: what stands in the books is read by everybody.
            reason=CANCELLED_MEMO,
            entry_on=clock.today(),
            actor=actor,
        )
    move_on(request, status, verb="cancel", actor=actor, note=reason)
    return request


def _book(request: DisbursementRequest, actor: Actor) -> None:
    require_same_facts(request)
    amounts = [ChildAmount(line.child, line.amount_satang) for line in request.lines]
    require_consents(amounts, clock.today())
    draft = approval_entry(request, checker=actor, entry_on=clock.today())
    posted = post_entry(draft, actor=actor)
    request.approval_entry_id = posted.id
