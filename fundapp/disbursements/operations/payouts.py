"""Recording that the money of an approved request was paid."""

from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.disbursements.entry_drafts import payout_entry
from fundapp.disbursements.errors import FactsChangedError, PayoutAccountError, PayoutDayError
from fundapp.disbursements.holds import require_no_hold
from fundapp.disbursements.locking import lock_request
from fundapp.disbursements.models import Approval, Decision, DisbursementRequest, Payout
from fundapp.disbursements.policy import accounts_to_pay_from, may_pay
from fundapp.disbursements.steps import (
    move_on,
    require_action,
    require_allowed,
    require_bank_number,
    require_no_names,
    require_not_stopped,
    require_same_facts,
    require_separate_hands,
)
from fundapp.disbursements.workflow import Action
from fundapp.ledger.operations import post_entry


def record_payout(
    public_id: str,
    *,
    version: int,
    paid_on: date,
    paid_from_account_code: str,
    bank_reference: str = "",
    actor: Actor,
) -> Payout:
    """Record that an approved request was paid, by a third person, on ``paid_on``.

    Raises NotFoundError, StaleError, ThreePeopleError, NotYoursError, ResetTogetherError,
    FactsChangedError, PaymentStoppedError, PayoutAccountError, PayoutDayError,
    BankReferenceError, NamedError, PeriodClosedError, and what holds the request elsewhere
    (`holds`).
    """
    request, actor = lock_request(public_id, version=version, actor=actor, with_fund=True)
    require_no_hold(request)
    status = require_action(request, Action.PAY)
    require_allowed(may_pay(actor, request), actor, request)
    require_separate_hands(request, actor)
    reader = Reader(actor, Purpose.DECISION)
    approval = _valid_approval(request, reader)
    require_not_stopped(request, reader)
    if paid_from_account_code not in accounts_to_pay_from(request.fund, request.payout_method):
        raise PayoutAccountError(field="paid_from")
    if not clock.local_day(approval.decided_at) <= paid_on <= clock.today():
        raise PayoutDayError(field="paid_on")
    require_bank_number(bank_reference)
    require_no_names(request, bank_reference, "bank_reference", actor)
    draft = payout_entry(
        request, approval, payer=actor, paid_on=paid_on, paid_from=paid_from_account_code
    )
    posted = post_entry(draft, actor=actor)
    payout = Payout(
        voucher=approval.voucher,
        requested_by_id=request.requested_by_id,
        approval_id=approval.id,
        approver_id=approval.approver_id,
        payer_id=actor.person_id,
        method=request.payout_method,
        paid_from_account_code=paid_from_account_code,
        amount_satang=request.total_satang,
        paid_on=paid_on,
        bank_reference=bank_reference,
        journal_entry_id=posted.id,
        recorded_at=clock.now(),
    )
    request.payouts.append(payout)
    move_on(request, status, verb="pay", actor=actor)
    return payout


def _valid_approval(request: DisbursementRequest, reader: Reader) -> Approval:
    """The last decision, when it approved exactly what is stored now."""
    require_same_facts(request, reader)
    approval = request.approvals[-1]
    if approval.decision is not Decision.APPROVE or approval.facts_sha256 != request.facts_sha256:
        raise FactsChangedError
    return approval
