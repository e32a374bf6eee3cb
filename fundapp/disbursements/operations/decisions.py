"""Deciding on a request, and cancelling it."""

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.db import db
from fundapp.disbursements.drafts import ChildAmount
from fundapp.disbursements.endorsements import cite_endorsements, require_endorsed
from fundapp.disbursements.entry_drafts import CANCELLED_MEMO, approval_entry
from fundapp.disbursements.fund_rules import require_fund_rules
from fundapp.disbursements.holds import require_no_hold
from fundapp.disbursements.locking import lock_request
from fundapp.disbursements.models import Approval, Decision, DisbursementRequest, RequestStatus
from fundapp.disbursements.policy import (
    approvers_needed,
    current_approvers,
    may_cancel,
    may_decide,
)
from fundapp.disbursements.queries.help_rules import approvers_by_amount
from fundapp.disbursements.reader import children_of
from fundapp.disbursements.steps import (
    move_on,
    require_action,
    require_allowed,
    require_consents,
    require_payee_on_file,
    require_reason,
    require_same_facts,
    require_separate_hands,
    require_verified_account,
    require_within_caps,
    write_reason,
)
from fundapp.disbursements.workflow import Action, action_of_decision
from fundapp.ledger.drafts import public_memo
from fundapp.ledger.operations import post_entry, reverse_entry
from fundapp.remarks.models import ReasonCode, Remark, RemarkKind


def decide_request(
    public_id: str,
    *,
    decision: Decision,
    version: int,
    reason: str,
    code: ReasonCode = ReasonCode.OTHER,
    actor: Actor,
) -> DisbursementRequest:
    """Approve, return or reject ``version`` of the request. What is kept for ever is the code and
    the digest of the reason; its words can be erased.

    Where several approve, only the last approval books; until then the request waits for another
    person.
    Approving books the expense, so the fund's money is spent here: InsufficientFundsError when
    there is not enough, whoever else decides at the same moment. Raises NotFoundError, StaleError,
    ThreePeopleError, NotYoursError, ResetTogetherError, ReasonMissingError, PersonalDataError,
    FactsChangedError, NamedError, NoConsentError, NoSensitiveConsentError, OverChildCapError,
    OverHouseholdCapError, PayeeLeftFileError, VerifierError, AccountNotVerifiedError,
    PeriodClosedError, InterestDeclaredError, what `require_fund_rules` raises, and what packages
    above want before an approval.
    """
    approving = decision is Decision.APPROVE
    request, actor = lock_request(public_id, version=version, actor=actor, with_fund=approving)
    status = require_action(request, action_of_decision(decision))
    require_allowed(may_decide(actor, request), actor, request)
    if approving:
        require_separate_hands(request, actor)
    reason = public_memo(reason, field="reason") if approving else require_reason(reason)
    remark = write_reason(request, reason, code, RemarkKind.DECISION, actor) if reason else None
    needed = approvers_needed(request, approvers_by_amount(request))
    is_last = len(current_approvers(request)) + 1 >= needed
    if approving:
        require_verified_account(request)
        require_endorsed(request)
        _check_again(request, actor)
    if approving and is_last:
        _book(request, actor)
    approval = _write_approval(request, decision, remark, actor)
    if approving:
        cite_endorsements(approval)
    note = remark.trace if remark else ""
    if approving and not is_last:
        move_on(request, request.status, verb="approve-first", actor=actor, note=note)
    else:
        move_on(request, status, verb=str(decision), actor=actor, note=note)
    return request


def cancel_request(
    public_id: str,
    *,
    version: int,
    reason: str,
    code: ReasonCode = ReasonCode.OTHER,
    actor: Actor,
) -> DisbursementRequest:
    """Cancel a request: who asked until it is approved, then an approver, which reverses the
    expense.

    Raises NotFoundError, StaleError, ThreePeopleError, NotYoursError, ReasonMissingError,
    PersonalDataError, NamedError, PeriodClosedError, and what holds the request elsewhere.
    """
    request, actor = lock_request(public_id, version=version, actor=actor, with_fund=True)
    require_no_hold(request)
    status = require_action(request, Action.CANCEL)
    require_allowed(may_cancel(actor, request), actor, request)
    remark = write_reason(request, require_reason(reason), code, RemarkKind.CANCELLATION, actor)
    if request.status is RequestStatus.APPROVED and request.approval_entry_id is not None:
        reverse_entry(
            request.approval_entry_id,
            reason=CANCELLED_MEMO,
            digest=remark.digest,
            entry_on=clock.today(),
            actor=actor,
        )
    move_on(request, status, verb="cancel", actor=actor, note=remark.trace)
    return request


def _write_approval(
    request: DisbursementRequest, decision: Decision, remark: Remark | None, actor: Actor
) -> Approval:
    """The decision as a row: the database counts the approvals before it takes the state."""
    approval = Approval(
        version=request.version,
        facts_sha256=request.facts_sha256,
        approver_id=actor.person_id,
        decision=decision,
        reason_code=remark.code if remark else None,
        reason_digest=remark.digest if remark else None,
        decided_at=clock.now(),
    )
    request.approvals.append(approval)
    db.session.flush()
    return approval


def _check_again(request: DisbursementRequest, actor: Actor) -> None:
    """What was checked when help was asked for."""
    reader = Reader(actor, Purpose.DECISION)
    require_same_facts(request, reader)
    children = children_of(request)
    require_consents(children, request.need, request.fund)
    require_fund_rules(children, request.need, request.district_code, request.fund, reader, actor)
    shares = [ChildAmount(line.child, line.amount_satang) for line in request.lines]
    require_within_caps(shares, request.requested_at, request.id)
    require_payee_on_file(request, reader)


def _book(request: DisbursementRequest, actor: Actor) -> None:
    draft = approval_entry(request, checker=actor, entry_on=clock.today())
    request.approval_entry_id = post_entry(draft, actor=actor).id
