"""Requests for help: submitted, decided, paid and proved."""

from demo import names
from demo.events import HelpDecided, HelpDecision, HelpPaid, HelpRequested, ProofFiled
from demo.funds import bank_of
from demo.proof_images import proof_image
from demo.state import DemoState
from fundapp import clock
from fundapp.access.actors import RECEIPT_LINK
from fundapp.disbursements.drafts import LineDraft, PayeeAccount, RequestDraft
from fundapp.disbursements.models import (
    AccountAnswer,
    CheckedBy,
    Decision,
    DisbursementRequest,
    PayeeKind,
    PayoutMethod,
    RequestStatus,
)
from fundapp.disbursements.operations import (
    cancel_request,
    confirm_by_link,
    decide_request,
    file_proof_of_receipt,
    print_receipt_link,
    record_payout,
    resubmit_request,
    submit_request,
    verify_account,
)
from fundapp.disbursements.policy import needs_check
from fundapp.documents.intake import accept
from fundapp.ledger import chart

#: Above the numbers of children.
_FIRST_PAYEE = 900_000
_WAYS = (CheckedBy.BOOK, CheckedBy.BANK, CheckedBy.CALL)
_BANKS = ("006", "030", "034", "066", "004", "014")


def help_requested(state: DemoState, event: HelpRequested) -> None:
    """A case manager submits a request, or submits it again after it was returned."""
    children = [state.children[number] for number, _ in event.lines]
    draft = RequestDraft(
        fund_code=event.fund,
        need=event.need,
        reason=event.reason,
        payee_kind=event.payee,
        payee_name=event.payee_name,
        payee_address=f"{event.request} หมู่ที่ {event.request % 9 + 1} จังหวัดยะลา",
        # Of a school nobody told it: the voucher has a line to fill in by hand.
        payee_id_number=_payee_number(event),
        payout_method=event.method,
        account=_account(event),
        lines=[
            LineDraft(child.public_id, satang)
            for child, (_, satang) in zip(children, event.lines, strict=True)
        ],
    )
    manager = state.people.case_manager(children[0].district_code)
    if event.is_resubmission:
        returned = state.requests[event.request]
        resubmit_request(returned.public_id, draft, version=returned.version, actor=manager)
        return
    state.request_events[event.request] = event
    state.requests[event.request] = submit_request(draft, actor=manager)


def _payee_number(event: HelpRequested) -> str:
    """An invented number that belongs to no child of the demo; none of a school."""
    if event.payee is PayeeKind.SCHOOL:
        return ""
    return names.citizen_number(_FIRST_PAYEE + event.request)


def help_decided(state: DemoState, event: HelpDecided) -> None:
    """An approver decides, or the request is cancelled."""
    request = state.requests[event.request]
    approver = state.people.approver(event.request)
    if event.decision is HelpDecision.CANCEL:
        actor = request.requested_by.as_actor() if event.by_requester else approver
        cancel_request(request.public_id, version=request.version, reason=event.reason, actor=actor)
        return
    if event.decision is HelpDecision.APPROVE:
        verify_bank_details(state, request, event.request)
    decide_request(
        request.public_id,
        decision=Decision(event.decision.value),
        version=request.version,
        reason=event.reason,
        actor=approver,
    )


def verify_bank_details(state: DemoState, request: DisbursementRequest, number: int) -> None:
    """Somebody verifies the bank details, where there are any and they are not verified yet."""
    if not needs_check(request):
        return
    verify_account(
        request.public_id,
        version=request.version,
        answer=AccountAnswer.MATCHES,
        checked_by=_WAYS[number % len(_WAYS)],
        actor=state.people.verifier(),
    )


def help_paid(state: DemoState, event: HelpPaid) -> None:
    """An officer pays."""
    request, submitted = state.requests[event.request], state.request_events[event.request]
    if request.status is not RequestStatus.APPROVED:
        raise AssertionError(f"request {event.request} of the plan is not approved")
    is_cash = submitted.method is PayoutMethod.CASH
    payout = record_payout(
        request.public_id,
        version=request.version,
        paid_on=event.paid_on,
        paid_from_account_code=(
            chart.CASH_ON_HAND if is_cash else bank_of(submitted.fund).account_code
        ),
        actor=state.people.officer(event.request),
    )
    state.vouchers[event.request] = payout.voucher


def proof_filed(state: DemoState, event: ProofFiled) -> None:
    """The payee answers by the link on the voucher, or the supervisor files the signed paper."""
    request = state.requests[event.request]
    if event.by_link:
        printer = state.people.approver(event.request)
        _voucher, token = print_receipt_link(request.public_id, actor=printer)
        confirm_by_link(token, outcome=event.outcome, note=event.note, actor=RECEIPT_LINK)
        return
    file_proof_of_receipt(
        request.public_id,
        version=request.version,
        outcome=event.outcome,
        confirmed_on=clock.today(),
        confirmed_by=event.confirmed_by,
        note=event.note,
        document=accept(proof_image(request.number)) if event.has_document else None,
        actor=state.people.supervisor(),
    )


def _account(event: HelpRequested) -> PayeeAccount | None:
    if event.method is PayoutMethod.CASH:
        return None
    if event.method is PayoutMethod.PROMPTPAY:
        return PayeeAccount("promptpay", names.citizen_number(900_000 + event.request))
    bank = _BANKS[event.request % len(_BANKS)]
    return PayeeAccount(bank, names.account_number(event.request))
