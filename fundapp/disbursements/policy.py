"""Who may do what with which request. Pure; what its state allows is in `workflow`.

Three people, whatever roles they hold: who asks does not decide, and neither of the two pays.
"""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission, Role
from fundapp.children.policy import own_districts
from fundapp.disbursements.models import Decision, DisbursementRequest, PayoutMethod, RequestStatus
from fundapp.ledger.models import AccountUse, Fund

#: Roles that see the requests of every district; case managers see those of their own.
_SEE_ALL = frozenset({Role.APPROVER, Role.FUND_OFFICER, Role.AUDITOR})


def sees_requests_everywhere(viewer: Actor) -> bool:
    """Whether the viewer sees the requests of every district."""
    return not viewer.roles.isdisjoint(_SEE_ALL)


def may_see(viewer: Actor, request: DisbursementRequest) -> bool:
    """Whether the viewer may see the request; for others its address is unknown (404)."""
    if not viewer.can(Permission.DISBURSEMENT_READ):
        return False
    return sees_requests_everywhere(viewer) or request.district_code in own_districts(viewer)


def may_see_payee(viewer: Actor, request: DisbursementRequest) -> bool:
    """Whether the viewer is shown the payee and the whole account number: those who ask, decide or
    pay, and no auditor.
    """
    return may_see(viewer, request) and viewer.can_any(
        Permission.DISBURSEMENT_REQUEST,
        Permission.DISBURSEMENT_DECIDE,
        Permission.DISBURSEMENT_PAY,
    )


def may_ask_for_help(actor: Actor) -> bool:
    """Whether the actor may ask for help at all: case managers."""
    return actor.can(Permission.DISBURSEMENT_REQUEST)


def may_request(actor: Actor, district_code: str) -> bool:
    """Whether the actor may ask for help for children of the district: case managers, their own."""
    return may_ask_for_help(actor) and district_code in own_districts(actor)


def may_resubmit(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may change a returned request and send it in again: only who asked."""
    return may_request(actor, request.district_code) and actor.user_id == request.requested_by_id


def may_decide(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may approve, return or reject: an approver who did not ask."""
    return actor.can(Permission.DISBURSEMENT_DECIDE) and actor.user_id != request.requested_by_id


def may_cancel(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may cancel: who asked until it is approved, then an approver who did not
    ask.
    """
    if request.status is RequestStatus.APPROVED:
        return may_decide(actor, request)
    return may_ask_for_help(actor) and actor.user_id == request.requested_by_id


def may_pay(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may record the payout: who neither asked nor ever approved."""
    approvers = {
        approval.approver_id
        for approval in request.approvals
        if approval.decision is Decision.APPROVE
    }
    return (
        actor.can(Permission.DISBURSEMENT_PAY)
        and actor.user_id != request.requested_by_id
        and actor.user_id not in approvers
    )


def may_file_proof_of_receipt(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may file a proof of receipt: a case manager of the district who did not
    pay.
    """
    payers = {payout.payer_id for payout in request.payouts}
    return (
        actor.can(Permission.DISBURSEMENT_PROVE)
        and request.district_code in own_districts(actor)
        and actor.user_id not in payers
    )


def accounts_to_pay_from(fund: Fund, method: PayoutMethod) -> list[str]:
    """The accounts of the fund that such a payout may be paid from, by code."""
    use = AccountUse.CASH if method is PayoutMethod.CASH else AccountUse.BANK
    return fund.account_codes(use)
