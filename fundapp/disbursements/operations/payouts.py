"""The money leaving, and the word that it came."""

from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.disbursements.encryption import encrypt_proof_of_receipt
from fundapp.disbursements.entry_drafts import SOURCE_TYPE, payout_entry
from fundapp.disbursements.errors import (
    FactsChangedError,
    NoteMissingError,
    PayoutAccountError,
    PayoutDayError,
    ReceiptDayError,
)
from fundapp.disbursements.models import (
    Approval,
    Decision,
    DisbursementRequest,
    Payout,
    ProofOfReceipt,
    ReceiptOutcome,
)
from fundapp.disbursements.operations.locking import (
    lock_request,
    move_on,
    require_action,
    require_allowed,
    require_same_facts,
)
from fundapp.disbursements.policy import accounts_to_pay_from, may_file_proof_of_receipt, may_pay
from fundapp.disbursements.workflow import Action, action_of_outcome
from fundapp.documents.operations import store_document
from fundapp.ids import new_id, readable
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

    Raises NotFoundError, StaleError, ThreePeopleError, NotYoursError, FactsChangedError,
    PayoutAccountError, PayoutDayError, PeriodClosedError.
    """
    request, actor = lock_request(public_id, version=version, actor=actor, with_fund=True)
    status = require_action(request, Action.PAY)
    require_allowed(may_pay(actor, request), actor, request)
    approval = _standing_approval(request)
    _require_account(request, paid_from_account_code)
    if not clock.local_day(approval.decided_at) <= paid_on <= clock.today():
        raise PayoutDayError(field="paid_on")
    draft = payout_entry(
        request, approval, payer=actor, paid_on=paid_on, paid_from=paid_from_account_code
    )
    posted = post_entry(draft, actor=actor)
    payout_id = new_id()
    payout = Payout(
        id=payout_id,
        voucher=readable(payout_id, "PV"),
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


def file_proof_of_receipt(
    public_id: str,
    *,
    outcome: ReceiptOutcome,
    confirmed_on: date,
    confirmed_by: str,
    note: str = "",
    document: bytes | None = None,
    version: int | None = None,
    actor: Actor,
) -> ProofOfReceipt:
    """File what the guardian or school says of the money; "received" settles the request, now or
    later.

    ``document`` is the signed paper as it was uploaded. Without a ``version`` the request is taken
    as it stands. Raises NotFoundError, StaleError, NotYoursError, ReceiptDayError,
    NoteMissingError, DocumentRefusedError.
    """
    request, actor = lock_request(public_id, version=version, actor=actor)
    status = require_action(request, action_of_outcome(outcome))
    require_allowed(may_file_proof_of_receipt(actor, request), actor, request)
    if not request.payouts[-1].paid_on <= confirmed_on <= clock.today():
        raise ReceiptDayError(field="confirmed_on")
    if outcome is not ReceiptOutcome.RECEIVED and not note:
        raise NoteMissingError(field="note")
    proof = ProofOfReceipt(
        id=new_id(),
        outcome=outcome,
        confirmed_on=confirmed_on,
        document_id=_store(document, request, actor),
        filed_by_id=actor.person_id,
        filed_at=clock.now(),
    )
    encrypt_proof_of_receipt(proof, confirmed_by, note)
    request.proofs.append(proof)
    move_on(request, status, verb="prove", actor=actor, note=str(outcome))
    return proof


def _standing_approval(request: DisbursementRequest) -> Approval:
    """The approval that the payout rests on, of exactly what is stored now."""
    require_same_facts(request)
    approval = request.approvals[-1]
    if approval.decision is not Decision.APPROVE or approval.facts_sha256 != request.facts_sha256:
        raise FactsChangedError
    return approval


def _require_account(request: DisbursementRequest, account_code: str) -> None:
    possible = accounts_to_pay_from(request.fund, request.payout_method)
    if account_code not in possible:
        raise PayoutAccountError(field="paid_from")


def _store(upload: bytes | None, request: DisbursementRequest, actor: Actor) -> int | None:
    if not upload:
        return None
    document = store_document(
        upload, subject_type=SOURCE_TYPE, subject_ref=request.public_id, actor=actor
    )
    return document.id
