"""A batch of payouts that the bank has answered, with one line that failed; a payment and a child's
share that came back.
"""

from flask import current_app
from sqlalchemy import select

from demo.handlers.help_requests import verify_bank_details
from demo.state import DemoState
from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.banking.queries import list_bank_accounts
from fundapp.db import db
from fundapp.disbursements.models import (
    Decision,
    DisbursementRequest,
    PayeeKind,
    PayoutMethod,
    RequestStatus,
    ReturnCause,
)
from fundapp.disbursements.operations import (
    decide_request,
    record_comeback,
    record_share_return,
)
from fundapp.disbursements.policy import may_pay, rests_on_consent
from fundapp.ledger.queries import fund_available
from fundapp.payouts.models import BankFileKind
from fundapp.payouts.operations import (
    make_batch,
    record_told,
    release_batch,
    take_file,
    tell_results,
)
from fundapp.payouts.queries import get_batch, list_payable_requests

_FEWEST, _MOST = 2, 3
_FAILED = "failed,ปิดบัญชีแล้ว"
_LEFT = "โรงเรียนคืนเงินเนื่องจากนักเรียนหนึ่งคนย้ายออกแล้ว"
_CAME_BACK = "ธนาคารแจ้งว่าบัญชีปลายทางถูกระงับ และโอนเงินกลับเข้าบัญชีกองทุนแล้ว"


def pay_a_batch(state: DemoState) -> None:
    """Pay what one approver approved and waits to be paid from one account; the last line fails."""
    maker, taker = state.people.officer(0), state.people.officer(1)
    _approve(state, state.people.approver(0))
    waiting, account_code = _waiting(state.people.approver(0).user_id)
    if not waiting:
        return
    batch = make_batch(
        [request.public_id for request in waiting],
        bank_account=account_code,
        pay_on=clock.today(),
        key="demo",
        leave_out=True,
        actor=maker,
    )
    release_batch(batch.public_id, actor=state.people.approver(1))
    take_file(
        batch.public_id,
        kind=BankFileKind.SMART,
        sender_name=current_app.config["FUND_NAME_TH"],
        actor=taker,
    )
    lines = get_batch(batch.public_id).lines
    told = [f"{line.voucher},paid," for line in lines[:-1]]
    told.append(f"{lines[-1].voucher},{_FAILED}")
    tell_results("\n".join(told).encode(), actor=taker)
    record_told([line.id for line in lines], actor=taker)
    _give_back(get_batch(batch.public_id).lines[0].request, maker)
    _give_a_share_back(taker)


def _give_a_share_back(officer: Actor) -> None:
    """The share of the first child of the newest payment for several children comes back."""
    paid = select(DisbursementRequest).where(
        DisbursementRequest.status.in_((RequestStatus.PAID, RequestStatus.CONFIRMED))
    )
    for request in db.session.scalars(paid.order_by(DisbursementRequest.id.desc())):
        if len(request.lines) > 1 and may_pay(officer, request):
            record_share_return(
                request.public_id,
                version=request.version,
                cause=ReturnCause.PAYEE,
                returned_on=clock.today(),
                amount_satang=request.lines[0].amount_satang,
                codes=[request.lines[0].child.code],
                reason=_LEFT,
                actor=officer,
            )
            return


def _give_back(request: DisbursementRequest, officer: Actor) -> None:
    record_comeback(
        request.public_id,
        version=request.version,
        cause=ReturnCause.BANK,
        returned_on=clock.today(),
        reason=_CAME_BACK,
        actor=officer,
    )


def _approve(state: DemoState, approver: Actor) -> None:
    """Approve requests that are to be paid by transfer and that nothing stands against."""
    to_decide = select(DisbursementRequest).where(
        DisbursementRequest.status == RequestStatus.SUBMITTED,
        DisbursementRequest.payout_method == PayoutMethod.TRANSFER,
        DisbursementRequest.payee_kind != PayeeKind.OTHER,
    )
    for request in db.session.scalars(to_decide.order_by(DisbursementRequest.id)).all():
        is_covered = request.total_satang <= fund_available(request.fund_code)
        if is_covered and rests_on_consent(request, clock.today()):
            verify_bank_details(state, request, 0)
            decide_request(
                request.public_id,
                decision=Decision.APPROVE,
                version=request.version,
                reason="",
                actor=approver,
            )


def _waiting(approver_id: int | None) -> tuple[list[DisbursementRequest], str]:
    """Requests that this person alone approved, two or three, and the account to pay them from."""
    for account in list_bank_accounts():
        waiting = [
            request
            for request in list_payable_requests(account.account_code)
            if {approval.approver_id for approval in request.approvals} == {approver_id}
        ]
        if len(waiting) >= _FEWEST:
            return waiting[:_MOST], account.code
    return [], ""
