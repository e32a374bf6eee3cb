"""Recording that the money of an approved request was paid."""

from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.db import db
from fundapp.disbursements.entry_drafts import SOURCE_TYPE, payout_entry
from fundapp.disbursements.errors import FactsChangedError, PayoutAccountError, PayoutDayError
from fundapp.disbursements.facts import current_facts
from fundapp.disbursements.holds import require_no_hold
from fundapp.disbursements.locking import lock_request
from fundapp.disbursements.models import (
    Approval,
    Decision,
    DisbursementRequest,
    PaidStop,
    Payout,
    StopReason,
)
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
    require_verified_account,
)
from fundapp.disbursements.stops import find_stops, is_released
from fundapp.disbursements.workflow import Action
from fundapp.ledger.operations import post_entry
from fundapp.trail.operations import record_event


def record_payout(
    public_id: str,
    *,
    version: int,
    paid_on: date,
    paid_from_account_code: str,
    bank_reference: str = "",
    is_sent: bool = False,
    actor: Actor,
) -> Payout:
    """Record that an approved request was paid, by a third person, on ``paid_on``.

    ``is_sent``: its file went to the bank, which has paid. What stopped the payment since then, or
    changed the request, does not undo that: it is kept for an approver to look at (`PaidStop`).

    Raises NotFoundError, StaleError, ThreePeopleError, VerifierError, NotYoursError,
    ResetTogetherError, AccountNotVerifiedError, FactsChangedError, PaymentStoppedError,
    PayoutAccountError, PayoutDayError, BankReferenceError, NamedError, PeriodClosedError, and what
    holds the request elsewhere (`holds`).
    """
    request, actor = lock_request(public_id, version=version, actor=actor, with_fund=True)
    require_no_hold(request)
    status = require_action(request, Action.PAY)
    require_allowed(may_pay(actor, request), actor, request)
    require_separate_hands(request, actor)
    require_verified_account(request, is_sent=is_sent)
    reader = Reader(actor, Purpose.DECISION)
    reasons = _stops_after_file(request, reader) if is_sent else []
    approval = request.approvals[-1] if is_sent else _valid_approval(request, reader)
    if not is_sent:
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
        attempt=len(request.payouts) + 1,
    )
    request.payouts.append(payout)
    move_on(request, status, verb="pay", actor=actor)
    _note_stops(request, reasons, actor)
    return payout


def _stops_after_file(request: DisbursementRequest, reader: Reader) -> list[StopReason]:
    """What stops the payment that the bank has made, each reason once; nothing that an approver let
    go.
    """
    stops = find_stops(request, clock.today(), reader)
    found = set() if is_released(request, stops) else {stop.reason for stop in stops}
    if current_facts(request, reader) != request.approvals[-1].facts_sha256:
        found.add(StopReason.CHANGED)
    return sorted(found)


def _note_stops(request: DisbursementRequest, reasons: list[StopReason], actor: Actor) -> None:
    """Keep what an approver has to look at, and write it into the trail."""
    if not reasons:
        return
    noticed_at, attempt = clock.now(), request.payouts[-1].attempt
    db.session.add_all(
        PaidStop(request_id=request.id, attempt=attempt, reason=reason, noticed_at=noticed_at)
        for reason in reasons
    )
    record_event(
        "disbursements:request:pay-stopped",
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=request.public_id,
    )
    db.session.flush()


def _valid_approval(request: DisbursementRequest, reader: Reader) -> Approval:
    """The last decision, when it approved exactly what is stored now."""
    require_same_facts(request, reader)
    approval = request.approvals[-1]
    if approval.decision is not Decision.APPROVE or approval.facts_sha256 != request.facts_sha256:
        raise FactsChangedError
    return approval
