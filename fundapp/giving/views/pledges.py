"""The page of a pledge, for whoever has its address: how to pay, what is paid, and its changes."""

from collections.abc import Callable

from flask import Response, abort, current_app, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import public
from fundapp.giving import operations, queries
from fundapp.giving.channels.policy import opens_choice
from fundapp.giving.forms import ChangeForm
from fundapp.giving.gateways.values import GATEWAY
from fundapp.giving.history import history_for_donor
from fundapp.giving.labels import pledge_sum
from fundapp.giving.models import Instalment, Pledge
from fundapp.giving.payment_instructions import (
    ACCOUNTS,
    payable_instalment,
    payment_instructions,
    promptpay_of,
)
from fundapp.giving.policy import may_be_paid_by_card
from fundapp.giving.reader import said_with
from fundapp.giving.receipts.keys import owner_key
from fundapp.giving.reminders.stop_codes import stop_code
from fundapp.giving.slips.forms import SlipForm
from fundapp.giving.slips.queries import list_slips_of
from fundapp.giving.views.blueprint import blueprint
from fundapp.giving.workflow import PledgeAction, is_possible
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit
from fundapp.web.qr_codes import qr_png, qr_svg


@blueprint.get("/pledges/<token>")
@public
def pledge(token: str) -> str:
    """How to pay, and the schedule."""
    return pledge_page(token)


@blueprint.get("/pledges/<token>/instalments/<number>/qr.svg")
@public
def qr_code(token: str, number: str) -> Response:
    """The PromptPay QR code of an open instalment."""
    instalment, payload = _payload(token, number)
    title = _("PromptPay QR code, reference %(reference)s", reference=instalment.reference)
    return Response(qr_svg(payload, title=title), mimetype="image/svg+xml")


@blueprint.get("/pledges/<token>/instalments/<number>/qr.png")
@public
def qr_picture(token: str, number: str) -> Response:
    """The same as a picture to save, which bank apps open from the phone's pictures."""
    instalment, payload = _payload(token, number)
    answer = Response(qr_png(payload), mimetype="image/png")
    answer.headers.set(
        "Content-Disposition", "attachment", filename=f"promptpay-{instalment.reference}.png"
    )
    return answer


def _payload(token: str, number: str) -> tuple[Instalment, str]:
    """The open instalment of this number and its PromptPay payload; 404 without one."""
    pledge = queries.get_pledge(token)
    instalment = payable_instalment(pledge, number)
    if instalment is None or str(instalment.number) != number:
        abort(404)
    accounts = current_app.extensions[ACCOUNTS]()
    payload = promptpay_of(pledge.funds, accounts, current_app.config).payload(instalment)
    if payload is None:
        abort(404)
    return instalment, payload


@blueprint.post("/pledges/<token>/pause")
@public
def pause_pledge(token: str) -> Answer:
    """Pause it."""
    message = _("The pledge is paused.")
    return _act(token, operations.pause_pledge, message)


@blueprint.post("/pledges/<token>/resume")
@public
def resume_pledge(token: str) -> Answer:
    """Resume it."""
    return _act(token, operations.resume_pledge, _("The pledge goes on. Thank you."))


@blueprint.post("/pledges/<token>/cancel")
@public
def cancel_pledge(token: str) -> Answer:
    """Cancel it."""
    message = _("The pledge is cancelled. Thank you for what you have given.")
    return _act(token, operations.cancel_pledge, message)


@blueprint.post("/pledges/<token>/change")
@public
def change_pledge(token: str) -> Answer:
    """Change the amount, the days, how often and how many of what is still to come."""
    form, actor = ChangeForm(), current_actor()
    return submit(
        form,
        lambda: operations.change_pledge(token, **form.terms, actor=actor),
        done=_back(token, _("The pledge is changed. What was paid stays as it is.")),
        page=lambda: pledge_page(token, form),
    )


@blueprint.post("/pledges/<token>/name")
@public
def show_pledge_name(token: str) -> Answer:
    """Print the name on receipts to come, or leave it out."""
    form, actor, is_shown = ButtonForm(), current_actor(), request.form.get("show") == "1"
    return submit(
        form,
        lambda: operations.show_pledge_name(token, is_shown=is_shown, actor=actor),
        done=_back(token, _name_said(is_shown=is_shown)),
        page=lambda: pledge_page(token, button_form=form),
    )


@blueprint.post("/pledges/<token>/gifts/<public_id>/name")
@public
def show_gift_name(token: str, public_id: str) -> Answer:
    """Show the name with one gift, or hide it."""
    form, actor, is_shown = ButtonForm(), current_actor(), request.form.get("show") == "1"
    return submit(
        form,
        lambda: operations.show_gift_name(public_id, is_shown=is_shown, token=token, actor=actor),
        done=lambda _gift: redirect_with(
            _name_said(is_shown=is_shown), url_for("giving.pledge", token=token)
        ),
        page=lambda: pledge_page(token, button_form=form),
    )


def _name_said(*, is_shown: bool) -> str:
    if is_shown:
        return _("Your name is shown from now on. Receipts stay as they were issued.")
    return _("Your name is left out from now on. Receipts stay as they were issued.")


def _sum(pledge: Pledge) -> str:
    """What a pledge that was made "each time" comes to, as its instalments stand."""
    if pledge.each_satang is None:
        return ""
    amounts = [instalment.amount_satang for instalment in pledge.instalments]
    return pledge_sum(pledge.frequency, amounts, is_counted=True)


def _act(token: str, operation: Callable[..., Pledge], message: str) -> Answer:
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operation(token, actor=actor),
        done=_back(token, message),
        page=lambda: pledge_page(token, button_form=form),
    )


def _back(token: str, message: str) -> Callable[[Pledge], AnyResponse]:
    return lambda _pledge: redirect_with(message, url_for("giving.pledge", token=token))


def pledge_page(
    token: str,
    form: ChangeForm | None = None,
    button_form: ButtonForm | None = None,
    slip_form: SlipForm | None = None,
) -> str:
    """The page with a form that was refused: of new terms, of a button, or of a slip."""
    pledge = queries.get_pledge(token)
    possible = {action.value: is_possible(pledge.status, action) for action in PledgeAction}
    possible["resume"] = possible["resume"] and pledge.takes_gifts
    instructions = payment_instructions(
        pledge,
        request.args.get("instalment"),
        current_app.config,
        current_app.extensions[ACCOUNTS](),
        clock.today(),
    )
    return render_template(
        "giving/pledge.html",
        pledge=pledge,
        instructions=instructions,
        takes_card=GATEWAY in current_app.extensions
        and instructions.instalment is not None
        and may_be_paid_by_card(instructions.instalment, pledge),
        saved_card=queries.find_saved_card(pledge.id),
        total=_sum(pledge),
        receipts=queries.list_pledge_receipts(pledge.id),
        receipt_key=owner_key,
        history=history_for_donor(pledge),
        choice_code=stop_code(pledge.donor) if opens_choice(pledge.donor) else "",
        form=form or ChangeForm.of(pledge),
        button_form=button_form,
        slip_form=slip_form or SlipForm(formdata=None),
        slips=list_slips_of(pledge.id),
        said=said_with(pledge),
        version=queries.pledge_version(token),
        possible=possible,
    )
