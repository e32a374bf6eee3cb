"""Requests for help."""

from demo import names
from demo.acts.stage import Stage
from demo.funds import bank_of
from demo.happenings import HelpAsked, HelpDecided, HelpPaid, HelpProved, Verdict
from demo.papers import signed_paper
from fundapp import clock
from fundapp.disbursements.drafts import LineDraft, PayeeAccount, RequestDraft
from fundapp.disbursements.models import Decision, PayoutMethod, RequestStatus
from fundapp.disbursements.operations import (
    cancel_request,
    decide_request,
    file_proof_of_receipt,
    record_payout,
    resubmit_request,
    submit_request,
)
from fundapp.ledger import chart

_BANKS = ("006", "030", "034", "066", "004", "014")


def help_asked(stage: Stage, it: HelpAsked) -> None:
    """A case manager asks, or asks again after the request was returned."""
    children = [stage.children[number] for number, _ in it.lines]
    draft = RequestDraft(
        fund_code=it.fund,
        need=it.need,
        reason=it.reason,
        payee_kind=it.payee,
        payee_name=it.payee_name,
        payout_method=it.method,
        account=_account(it),
        lines=[
            LineDraft(child.public_id, satang)
            for child, (_, satang) in zip(children, it.lines, strict=True)
        ],
    )
    manager = stage.cast.manager(children[0].district_code)
    if it.again:
        known = stage.requests[it.request]
        resubmit_request(known.public_id, draft, version=known.version, actor=manager)
        return
    stage.asked[it.request] = it
    stage.requests[it.request] = submit_request(draft, actor=manager)


def help_decided(stage: Stage, it: HelpDecided) -> None:
    """An approver decides, or the request is taken back."""
    request = stage.requests[it.request]
    approver = stage.cast.approver(it.request)
    if it.verdict is Verdict.CANCEL:
        actor = request.requested_by.as_actor() if it.by_asker else approver
        cancel_request(request.public_id, version=request.version, reason=it.reason, actor=actor)
        return
    decide_request(
        request.public_id,
        decision=Decision(it.verdict.value),
        version=request.version,
        reason=it.reason,
        actor=approver,
    )


def help_paid(stage: Stage, it: HelpPaid) -> None:
    """An officer pays."""
    request, asked = stage.requests[it.request], stage.asked[it.request]
    if request.status is not RequestStatus.APPROVED:
        raise AssertionError(f"request {it.request} of the story is not approved")
    is_cash = asked.method is PayoutMethod.CASH
    payout = record_payout(
        request.public_id,
        version=request.version,
        paid_on=it.paid_on,
        paid_from_account_code=(
            chart.CASH_ON_HAND if is_cash else bank_of(asked.fund).account_code
        ),
        actor=stage.cast.officer(it.request),
    )
    stage.vouchers[it.request] = payout.voucher


def help_proved(stage: Stage, it: HelpProved) -> None:
    """A case manager files what the guardian or the school says."""
    request = stage.requests[it.request]
    file_proof_of_receipt(
        request.public_id,
        version=request.version,
        outcome=it.outcome,
        confirmed_on=clock.today(),
        confirmed_by=it.confirmed_by,
        note=it.note,
        document=signed_paper(request.number) if it.has_paper else None,
        actor=stage.cast.manager(request.district_code),
    )


def _account(it: HelpAsked) -> PayeeAccount | None:
    if it.method is PayoutMethod.CASH:
        return None
    if it.method is PayoutMethod.PROMPTPAY:
        return PayeeAccount("promptpay", names.citizen_number(900_000 + it.request))
    bank = _BANKS[it.request % len(_BANKS)]
    return PayeeAccount(bank, names.account_number(it.request))
