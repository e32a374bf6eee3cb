"""Recording that the money of an approved request was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.db import db
from fundapp.disbursements.entry_drafts import SOURCE_TYPE, payout_entry
from fundapp.disbursements.errors import FactsChangedError, PayoutAccountError, PayoutDayError
from fundapp.disbursements.facts import current_facts
from fundapp.disbursements.holds import require_no_hold, require_no_payment_hold
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
    require_separate_hands_of,
    require_verified_account,
)
from fundapp.disbursements.stops import find_stops, is_released
from fundapp.disbursements.workflow import Action
from fundapp.ledger.drafts import EntryDraft
from fundapp.ledger.operations import PostedEntry, post_entries, post_entry
from fundapp.trail.operations import record_event, record_events


@dataclass(frozen=True, slots=True)
class SentPayout:
    """A payment that the bank has made: of which request, on which day, out of which account."""

    request: DisbursementRequest
    paid_on: date
    account_code: str


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
    require_verified_account(request)
    reader = Reader(actor, Purpose.DECISION)
    require_no_payment_hold(request)
    approval = _valid_approval(request, reader)
    require_not_stopped(request, reader)
    sent = SentPayout(request, paid_on, paid_from_account_code)
    _check_payment(sent)
    require_bank_number(bank_reference)
    require_no_names(request, bank_reference, "bank_reference", actor)
    posted = post_entry(_entry(sent, approval, actor), actor=actor)
    payout = _payout(sent, approval, posted, actor)
    payout.bank_reference = bank_reference
    request.payouts.append(payout)
    move_on(request, status, verb="pay", actor=actor)
    return payout


def record_sent_payouts(sent: Sequence[SentPayout], *, actor: Actor) -> None:
    """Record payments whose file went to the bank, which has made them, all or none, in few
    statements. The caller holds the locks of the funds and of the requests, which it read whole
    after that, and knows that nothing else holds them.

    What stopped a payment since its file, or changed the request, does not undo that it was made:
    it is kept for an approver to look at (`PaidStop`). Raises WrongStateError, ThreePeopleError,
    VerifierError, NotYoursError, ResetTogetherError, AccountNotVerifiedError, PayoutAccountError,
    PayoutDayError, PeriodClosedError.
    """
    for each in sent:
        require_action(each.request, Action.PAY)
        require_allowed(may_pay(actor, each.request), actor, each.request)
        require_verified_account(each.request, is_sent=True)
        _check_payment(each)
    require_separate_hands_of([each.request for each in sent], actor)
    reader = Reader(actor, Purpose.DECISION)
    stops = [_stops_after_file(each.request, reader) for each in sent]
    drafts = [_entry(each, each.request.approvals[-1], actor) for each in sent]
    entries = post_entries(drafts, actor=actor)
    for each, posted in zip(sent, entries, strict=True):
        request = each.request
        request.payouts.append(_payout(each, request.approvals[-1], posted, actor))
        request.status = require_action(request, Action.PAY)
        request.version += 1
    db.session.flush()
    record_events(
        "disbursements:request:pay",
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_refs=[each.request.public_id for each in sent],
    )
    for each, reasons in zip(sent, stops, strict=True):
        _note_stops(each.request, reasons, actor)


def _check_payment(sent: SentPayout) -> None:
    """PayoutAccountError, PayoutDayError."""
    request = sent.request
    if sent.account_code not in accounts_to_pay_from(request.fund, request.payout_method):
        raise PayoutAccountError(field="paid_from")
    if not clock.local_day(request.approvals[-1].decided_at) <= sent.paid_on <= clock.today():
        raise PayoutDayError(field="paid_on")


def _entry(sent: SentPayout, approval: Approval, payer: Actor) -> EntryDraft:
    return payout_entry(
        sent.request, approval, payer=payer, paid_on=sent.paid_on, paid_from=sent.account_code
    )


def _payout(sent: SentPayout, approval: Approval, posted: PostedEntry, payer: Actor) -> Payout:
    request = sent.request
    return Payout(
        voucher=approval.voucher,
        requested_by_id=request.requested_by_id,
        approval_id=approval.id,
        approver_id=approval.approver_id,
        payer_id=payer.person_id,
        method=request.payout_method,
        paid_from_account_code=sent.account_code,
        amount_satang=request.total_satang,
        paid_on=sent.paid_on,
        bank_reference="",
        journal_entry_id=posted.id,
        recorded_at=clock.now(),
        attempt=len(request.payouts) + 1,
    )


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
