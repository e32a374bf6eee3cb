"""Who may do what with which request. Pure; what its state allows is in `workflow`.

Three people, whatever roles they hold: who asks does not decide, and neither of the two pays.
What a request says of people is shown while the consents of its children count; after that only to
those who have to finish a payment that was promised before.
"""

from dataclasses import dataclass
from datetime import date

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission, Role
from fundapp.children.models import Child
from fundapp.children.policy import (
    may_hold_sensitive,
    may_see_child,
    may_show_identity,
    own_districts,
)
from fundapp.disbursements.models import (
    Decision,
    DisbursementRequest,
    Need,
    PayoutMethod,
    RequestStatus,
)
from fundapp.ledger.models import AccountUse, Fund, Restriction

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
    """Whether the viewer's work needs the payee and the whole account number: those who ask, decide
    or pay, and no auditor. Whether they are shown depends on the consents too (`shown_parts`).
    """
    return may_see(viewer, request) and viewer.can_any(
        Permission.DISBURSEMENT_REQUEST,
        Permission.DISBURSEMENT_DECIDE,
        Permission.DISBURSEMENT_PAY,
    )


@dataclass(frozen=True, slots=True)
class ShownParts:
    """What of a request a viewer is shown: why help is needed; the payee with the account and the
    voucher; who confirmed, the notes and the signed papers; the words of decisions.

    ``is_ended``: a consent that it rests on does not count any more. ``is_promised``: the viewer
    sees something all the same, to finish the payment.
    """

    reason: bool
    payee: bool
    receipt: bool
    remarks: bool = False
    is_ended: bool = False

    @property
    def is_promised(self) -> bool:
        """Whether something is shown although a consent has ended."""
        return self.is_ended and (self.payee or self.receipt)


def speaks_of_sensitive_facts(need: Need, fund: Fund) -> bool:
    """Whether asking for this help says something of health, or of religion (zakat)."""
    return need is Need.HEALTH or fund.restriction is Restriction.ZAKAT


def allows_help(child: Child, need: Need, fund: Fund, on: date) -> bool:
    """Whether the child's consents allow that a request of this kind says something of it."""
    if speaks_of_sensitive_facts(need, fund):
        return may_hold_sensitive(child, on)
    return may_show_identity(child, on)


def rests_on_consent(request: DisbursementRequest, on: date) -> bool:
    """Whether every consent counts that the request's words about people rest on."""
    return all(allows_help(line.child, request.need, request.fund, on) for line in request.lines)


def finishes_payment(viewer: Actor, request: DisbursementRequest) -> bool:
    """Whether the viewer has to finish a payment that was promised: pay what is approved, or file
    the proof of receipt of what is paid.
    """
    if request.status is RequestStatus.APPROVED:
        return may_pay(viewer, request)
    if request.status in (RequestStatus.PAID, RequestStatus.PROBLEM):
        return may_file_proof_of_receipt(viewer, request)
    return False


def shown_parts(viewer: Actor, request: DisbursementRequest, on: date) -> ShownParts:
    """What of the request the viewer is shown on this day."""
    if rests_on_consent(request, on):
        sees_payee = may_see_payee(viewer, request)
        sees_children = all(may_see_child(viewer, line.child) for line in request.lines)
        return ShownParts(sees_children, sees_payee, receipt=sees_payee, remarks=sees_payee)
    finishes = finishes_payment(viewer, request)
    is_paid = request.status is not RequestStatus.APPROVED
    return ShownParts(False, payee=finishes, receipt=finishes and is_paid, is_ended=True)


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
