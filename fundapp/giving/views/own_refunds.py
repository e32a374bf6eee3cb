"""A giver's refund, on the page behind the receipt: asked for, followed, and where it goes."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import public
from fundapp.errors import NotFoundError
from fundapp.giving import operations, queries
from fundapp.giving.forms import RefundAccountForm, RefundForm
from fundapp.giving.models import Payment, PaymentStatus, Receipt, RefundRequestStatus, RefundWay
from fundapp.giving.policy import is_of_processor
from fundapp.giving.receipts.views.receipt import owned_receipt
from fundapp.giving.views.blueprint import blueprint
from fundapp.giving.workflow import RefundStep
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit
from fundapp.web.limits import take_try

#: Steps at which the giver says where the money goes.
_WANTS_ACCOUNT = (RefundStep.ACCOUNT, RefundStep.VERIFY)


@blueprint.get("/receipts/<code>/refund")
@public
def own_refund(code: str) -> str:
    """What became of a wish to have a gift back, or the form to ask."""
    return _page(owned_receipt(code))


@blueprint.post("/receipts/<code>/refund")
@public
def ask_for_own_refund(code: str) -> Answer:
    """Ask the office to give the gift back."""
    found, actor = owned_receipt(code), current_actor()
    payment_ref = found.payment.public_id
    form = RefundForm(by_card=is_of_processor(found.payment))
    return submit(
        form,
        lambda: operations.ask_for_refund(
            payment_ref, form.amount.value, form.way_value or RefundWay.TRANSFER, actor=actor
        ),
        before=lambda: take_try("LIMIT_REFUND", found.code),
        done=lambda _asked: redirect_with(_("Asked for. The office decides."), _url(code)),
        page=lambda: _page(owned_receipt(code), form),
    )


@blueprint.post("/receipts/<code>/refund/withdraw")
@public
def withdraw_own_refund(code: str) -> Answer:
    """Ask no more."""
    found, actor = owned_receipt(code), current_actor()
    payment_ref = found.payment.public_id
    form = ButtonForm()
    return submit(
        form,
        lambda: operations.withdraw_refund_request(payment_ref, actor=actor),
        done=lambda _none: redirect_with(_("Withdrawn. The gift stays with the fund."), _url(code)),
        page=lambda: _page(owned_receipt(code)),
    )


@blueprint.post("/receipts/<code>/refund/account/<public_id>")
@public
def give_refund_account(code: str, public_id: str) -> Answer:
    """Say to which account the refund goes."""
    found, actor = owned_receipt(code), current_actor()
    if queries.get_refund(public_id).payment.id != found.payment_id:
        raise NotFoundError
    form = RefundAccountForm()
    return submit(
        form,
        lambda: operations.enter_refund_account(public_id, form.account(), actor=actor),
        before=lambda: take_try("LIMIT_REFUND", found.code),
        done=lambda _none: redirect_with(_("Thank you. The office looks at it."), _url(code)),
        page=lambda: _page(owned_receipt(code), form),
    )


def _url(code: str) -> str:
    return url_for("giving.own_refund", code=code, key=request.args.get("key"))


def _page(receipt: Receipt, sent: BaseForm | None = None) -> str:
    payment: Payment = receipt.payment
    asked, refunds = queries.list_own_refunds(payment)
    waits = [each for each in refunds if each.step in _WANTS_ACCOUNT]
    is_open = any(each.status is RefundRequestStatus.OPEN for each in asked)
    by_card = is_of_processor(payment)
    return render_template(
        "giving/own_refund.html",
        receipt=receipt,
        payment=payment,
        asked=asked,
        refunds=refunds,
        waits=waits[0] if waits else None,
        key=request.args.get("key"),
        is_open=is_open,
        may_ask=payment.status is PaymentStatus.RECEIVED and not is_open,
        by_card=by_card,
        form=sent
        if isinstance(sent, RefundForm)
        else RefundForm(formdata=None, by_card=by_card, amount=payment.amount_satang),
        account_form=sent
        if isinstance(sent, RefundAccountForm)
        else RefundAccountForm(formdata=None),
    )
