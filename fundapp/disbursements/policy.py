"""Who may do what with which request. Pure; what its state allows is in `workflow`.

Three people, whatever roles they hold: who asks does not decide, and neither of the two pays. Who
asked and who paid do not say that the money was received. What a bank pays has a fourth, who
verified the bank details and does nothing else.
What a request says of people is shown while the consents of its children count; after that only to
those who have to finish a payment that was promised before.
"""

from dataclasses import dataclass
from datetime import date

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission, Role
from fundapp.children.models import Child, ConsentKind
from fundapp.children.policy import has_consent
from fundapp.disbursements.models import (
    AccountAnswer,
    AccountCheck,
    Decision,
    DisbursementRequest,
    Need,
    PayeeKind,
    PayoutMethod,
    RequestStatus,
    ReturnCause,
)
from fundapp.disbursements.workflow import OWED_STATES
from fundapp.ledger.models import AccountUse, Fund, Restriction

#: Those who need to know the payee: they ask, decide, pay or file proofs. No auditor does.
_KNOW_THE_PAYEE = (
    Permission.DISBURSEMENT_REQUEST,
    Permission.DISBURSEMENT_VERIFY,
    Permission.DISBURSEMENT_DECIDE,
    Permission.DISBURSEMENT_PAY,
    Permission.DISBURSEMENT_PROVE,
)
#: Those who need the whole numbers of vendors.
_KNOW_VENDORS = (
    Permission.HOUSE_PROPOSE,
    Permission.DISBURSEMENT_VERIFY,
    Permission.DISBURSEMENT_DECIDE,
    Permission.DISBURSEMENT_PAY,
)


def may_see(viewer: Actor, request: DisbursementRequest, *, is_handed_on: bool) -> bool:
    """Whether the viewer may see the request; for others its address is unknown (404).

    ``is_handed_on``: the viewer was responsible for each of its children, and others are now
    (`queries.visibility.is_request_handed_on`). Then being a case manager of its district shows it
    only to who asked.
    """
    is_left = is_handed_on and viewer.user_id != request.requested_by_id
    role = Role.CASE_MANAGER if is_left else None
    return viewer.can_in(Permission.DISBURSEMENT_READ, request.district_code, but=role)


def may_see_payee(viewer: Actor, request: DisbursementRequest) -> bool:
    """Whether the viewer's work needs the payee and the whole account number: those who ask,
    decide, pay or file the proof *in its district*, and no auditor. Whether they are shown depends
    on the consents too (`shown_parts`).
    """
    return viewer.can_in(Permission.DISBURSEMENT_READ, request.district_code) and any(
        viewer.can_in(permission, request.district_code) for permission in _KNOW_THE_PAYEE
    )


def may_open(viewer: Actor, request: DisbursementRequest) -> bool:
    """Whether the viewer may see whom the request names after writing why: auditors."""
    return viewer.can_in(Permission.DISBURSEMENT_OPEN, request.district_code)


def has_opened(viewer: Actor, request: DisbursementRequest, on: date) -> bool:
    """Whether a reason of the viewer's own counts on this day."""
    return may_open(viewer, request) and any(
        opening.opened_by_id == viewer.user_id and opening.opened_on <= on <= opening.ends_on
        for opening in request.openings
    )


def may_note_staff_accounts(actor: Actor) -> bool:
    """Whether the actor may note accounts of those who work for the fund: administrators."""
    return actor.can(Permission.USER_MANAGE)


def may_record_vendor(actor: Actor) -> bool:
    """Whether the actor may write what two people agreed of a vendor."""
    return actor.can(Permission.VENDOR_KEEP)


def may_see_vendor_numbers(viewer: Actor) -> bool:
    """Whether the viewer's work needs the whole tax and account numbers of vendors: those who
    propose and confirm them, verify bank details, decide or pay.
    """
    return any(map(viewer.can, _KNOW_VENDORS))


def may_note_payees(actor: Actor) -> bool:
    """Whether the actor may note the hashes of payees that were written before: the worker."""
    return actor.can(Permission.PAYEE_NOTE)


@dataclass(frozen=True, slots=True)
class ShownParts:
    """What of a request a viewer is shown: why help is needed; the payee with the account and the
    voucher; who confirmed, the notes and the signed papers; the words of decisions.

    ``is_ended``: a consent that it rests on does not count any more. ``is_promised``: the viewer
    sees something all the same, to finish the payment. ``is_opened``: an auditor wrote a reason,
    and sees the names of the children too. ``is_handed_on``: the viewer asked, and handed all its
    children on since: what is left is what became of the request.
    """

    reason: bool
    payee: bool
    receipt: bool
    remarks: bool = False
    is_ended: bool = False
    is_opened: bool = False
    is_handed_on: bool = False

    @property
    def is_promised(self) -> bool:
        """Whether something is shown although a consent has ended."""
        return self.is_ended and (self.payee or self.receipt)


def consents_needed(need: Need, fund: Fund) -> frozenset[ConsentKind]:
    """The kinds of consent that help rests on: asking for help with health says something of
    health, asking for zakat something of religion.
    """
    kinds = {ConsentKind.KEEP_FILE}
    if need is Need.HEALTH:
        kinds.add(ConsentKind.SENSITIVE_FACTS)
    if fund.restriction is Restriction.ZAKAT:
        kinds.add(ConsentKind.ZAKAT)
    return frozenset(kinds)


def allows_help(child: Child, need: Need, fund: Fund, on: date) -> bool:
    """Whether the child's consents allow that a request of this kind says something of it."""
    return all(has_consent(child, kind, on) for kind in consents_needed(need, fund))


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


def parts_for(
    viewer: Actor,
    request: DisbursementRequest,
    on: date,
    *,
    sees_children: bool,
    is_handed_on: bool,
) -> ShownParts:
    """What of the request the viewer is shown on this day, who ``sees_children``: the file of each
    of its children.
    """
    if is_handed_on:
        is_ended = not rests_on_consent(request, on)
        return ShownParts(False, False, False, is_ended=is_ended, is_handed_on=True)
    if rests_on_consent(request, on):
        is_opened = has_opened(viewer, request, on)
        sees_payee = is_opened or may_see_payee(viewer, request)
        return ShownParts(
            is_opened or sees_children,
            sees_payee,
            receipt=sees_payee,
            remarks=sees_payee,
            is_opened=is_opened,
        )
    finishes = finishes_payment(viewer, request)
    is_paid = request.status is not RequestStatus.APPROVED
    return ShownParts(False, payee=finishes, receipt=finishes and is_paid, is_ended=True)


def may_ask_for_help(actor: Actor) -> bool:
    """Whether the actor may ask for help at all: case managers."""
    return actor.can(Permission.DISBURSEMENT_REQUEST)


def may_request(actor: Actor, district_code: str) -> bool:
    """Whether the actor may ask for help for children of the district: case managers, their own."""
    return actor.can_in(Permission.DISBURSEMENT_REQUEST, district_code)


def may_resubmit(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may change a returned request and send it in again: only who asked."""
    return may_request(actor, request.district_code) and actor.user_id == request.requested_by_id


def current_approvers(request: DisbursementRequest) -> set[int]:
    """Who approved the waiting request since it was last sent in: each approval raised its version
    by one, and whatever happened between them raised it too.
    """
    found: set[int] = set()
    version = request.version - 1
    for approval in reversed(request.approvals):
        if approval.decision is not Decision.APPROVE or approval.version != version:
            break
        found.add(approval.approver_id)
        version -= 1
    return found


def approvers_needed(request: DisbursementRequest, by_amount: int) -> int:
    """How many approvers decide: as many as the rules of help ask for this amount, and two at least
    where the payee is on no file of the children.
    """
    return max(by_amount, 2 if request.payee_kind is PayeeKind.OTHER else 1)


def may_set_help_rules(actor: Actor) -> bool:
    """Whether the actor may record rules of help: two administrators together."""
    return actor.can(Permission.HELP_RULES_SET)


def may_propose_help_rules(actor: Actor) -> bool:
    """Whether the actor may propose rules of help: administrators, who move no money."""
    return actor.can(Permission.HOUSE_CONFIRM)


def may_decide(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may approve, return or reject: an approver who neither asked nor approved
    already, where several approve, and declared no interest.
    """
    is_first = request.status is RequestStatus.SUBMITTED and actor.user_id in current_approvers(
        request
    )
    return (
        actor.can_in(Permission.DISBURSEMENT_DECIDE, request.district_code)
        and actor.user_id != request.requested_by_id
        and not is_first
        and not is_recused(actor, request)
        and not is_verifier(actor, request)
    )


def may_release_payment(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may let a stopped payment go on, or look at one that the bank made all the
    same: an approver who neither asked nor paid.
    """
    payers = {payout.payer_id for payout in request.payouts}
    return may_decide(actor, request) and actor.user_id not in payers


def is_recused(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor declared an interest in the request."""
    return any(each.user_id == actor.user_id for each in request.interests)


def all_approvers(request: DisbursementRequest) -> set[int]:
    """Who ever approved the request."""
    return {
        approval.approver_id
        for approval in request.approvals
        if approval.decision is Decision.APPROVE
    }


def current_check(request: DisbursementRequest) -> AccountCheck | None:
    """The last check of the bank details, when it is of what the request says now, and the bank
    has sent no payment back since.
    """
    newest = request.account_checks[-1] if request.account_checks else None
    if newest is None or newest.facts_sha256 != request.facts_sha256:
        return None
    is_refuted = any(
        payout.id > newest.id
        and payout.comeback is not None
        and payout.comeback.cause is ReturnCause.BANK
        for payout in request.payouts
    )
    return None if is_refuted else newest


def needs_check(request: DisbursementRequest) -> bool:
    """Whether the bank details have to be verified before the request is approved and paid."""
    check = current_check(request)
    is_verified = check is not None and check.answer is AccountAnswer.MATCHES
    return request.payout_method is not PayoutMethod.CASH and not is_verified


def is_account_refuted(request: DisbursementRequest) -> bool:
    """Whether somebody found that the bank details do not fit, of what the request says now: then
    nobody finds otherwise before it says something else.
    """
    return any(
        check.answer is AccountAnswer.DIFFERS and check.facts_sha256 == request.facts_sha256
        for check in request.account_checks
    )


def is_verifier(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the approval and the payment rest on what the actor verified."""
    check = current_check(request)
    return check is not None and check.checked_by_id == actor.user_id


def may_verify_accounts(actor: Actor) -> bool:
    """Whether the actor may verify bank details at all: fund officers, supervisors."""
    return actor.can(Permission.DISBURSEMENT_VERIFY)


def may_verify_account(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may verify the bank details: who neither asked nor approved nor declared
    an interest. Who verified them does not decide, pay or file the proof of receipt.
    """
    return (
        actor.can_in(Permission.DISBURSEMENT_VERIFY, request.district_code)
        and actor.user_id != request.requested_by_id
        and actor.user_id not in all_approvers(request)
        and not is_recused(actor, request)
    )


def may_cancel(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may cancel: who asked until it is approved, then an approver who did not
    ask.
    """
    if request.status is RequestStatus.APPROVED:
        return may_decide(actor, request)
    return may_request(actor, request.district_code) and actor.user_id == request.requested_by_id


def may_pay(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may record the payout: who neither asked nor ever approved, nor verified
    the bank details.
    """
    approvers = all_approvers(request)
    return (
        actor.can_in(Permission.DISBURSEMENT_PAY, request.district_code)
        and actor.user_id != request.requested_by_id
        and actor.user_id not in approvers
        and not is_verifier(actor, request)
    )


def may_file_proof_of_receipt(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may file a proof of receipt: a case manager or supervisor of the district
    who neither asked nor paid, nor verified the bank details.
    """
    taken = {request.requested_by_id, *(payout.payer_id for payout in request.payouts)}
    return (
        actor.can_in(Permission.DISBURSEMENT_PROVE, request.district_code)
        and actor.user_id not in taken
        and not is_verifier(actor, request)
    )


def may_print_receipt_link(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may print the voucher with the link by which the payee answers: who may
    know the payee and did not ask, while the receipt is not settled.
    """
    is_waiting = request.status in OWED_STATES and request.status is not RequestStatus.CONFIRMED
    return (
        is_waiting
        and may_see_payee(actor, request)
        and actor.can_in(Permission.VOUCHER_PRINT, request.district_code)
        and actor.user_id not in (None, request.requested_by_id)
    )


def may_confirm_by_link(actor: Actor) -> bool:
    """Whether the actor is whoever holds the link on a voucher; which one, the link says."""
    return actor.can(Permission.RECEIPT_CONFIRM)


def accounts_to_pay_from(fund: Fund, method: PayoutMethod) -> list[str]:
    """The accounts of the fund that such a payout may be paid from, by code."""
    use = AccountUse.CASH if method is PayoutMethod.CASH else AccountUse.BANK
    return fund.account_codes(use)
