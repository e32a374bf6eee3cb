"""A pledge's own page: how to pay, what is paid, pause and cancel. Its address is the key to it."""

from datetime import date

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import public
from fundapp.db import unit_of_work
from fundapp.errors import DomainError, NotFoundError, StaleError
from fundapp.giving import operations, queries
from fundapp.giving.forms import ChangeForm
from fundapp.giving.forms.reading import refuse
from fundapp.giving.models import Pledge
from fundapp.giving.pay_to import ACCOUNTS, pay_sheet, payable, qr_payload
from fundapp.giving.promptpay import qr_svg
from fundapp.giving.views.blueprint import blueprint
from fundapp.giving.workflow import PledgeAction, may_pledge


def private(response: Response) -> Response:
    """Nothing between the donor and us keeps the page, and no search engine lists it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@blueprint.get("/pledges/<token>")
@public
def pledge(token: str) -> Response:
    """How to pay, and the schedule."""
    return private(Response(_page(queries.get_pledge(token), None)))


@blueprint.get("/pledges/<token>/instalments/<number>/qr.svg")
@public
def qr_code(token: str, number: str) -> Response:
    """The PromptPay QR code of an open instalment."""
    instalment = payable(queries.get_pledge(token), number)
    if instalment is None or str(instalment.number) != number:
        abort(404)
    payload = qr_payload(instalment, current_app.config)
    if payload is None:
        abort(404)
    title = _("PromptPay QR code, reference %(reference)s", reference=instalment.reference)
    return private(Response(qr_svg(payload, title=title), mimetype="image/svg+xml"))


@blueprint.post("/pledges/<token>/pause")
@public
def pause_pledge(token: str) -> AnyResponse:
    """Let it rest."""
    unit_of_work(operations.pause_pledge, token, actor=current_actor())
    flash(_("The pledge rests. Nothing is asked of you until you resume it."), "success")
    return redirect(url_for("giving.pledge", token=token), 303)


@blueprint.post("/pledges/<token>/resume")
@public
def resume_pledge(token: str) -> AnyResponse:
    """Take it up again."""
    unit_of_work(operations.resume_pledge, token, actor=current_actor())
    flash(_("The pledge goes on. Thank you."), "success")
    return redirect(url_for("giving.pledge", token=token), 303)


@blueprint.post("/pledges/<token>/cancel")
@public
def cancel_pledge(token: str) -> AnyResponse:
    """End it."""
    unit_of_work(operations.cancel_pledge, token, actor=current_actor())
    flash(_("The pledge is cancelled. Thank you for what you have given."), "success")
    return redirect(url_for("giving.pledge", token=token), 303)


@blueprint.post("/pledges/<token>/change")
@public
def change_pledge(token: str) -> AnyResponse | tuple[Response, int]:
    """Change what is still to come."""
    form = ChangeForm()
    if form.validate_on_submit():
        try:
            unit_of_work(
                operations.change_pledge,
                token,
                amount_satang=form.amount_satang,
                starts_on=form.first_day,
                actor=current_actor(),
                seen=form.seen.data or None,
            )
            flash(_("The pledge is changed. What was paid stays as it is."), "success")
            return redirect(url_for("giving.pledge", token=token), 303)
        except (NotFoundError, StaleError):
            raise
        except DomainError as error:
            refuse(form, error)
    return private(Response(_page(queries.get_pledge(token), form), 422))


def _page(pledge: Pledge, form: ChangeForm | None) -> str:
    today: date = clock.today()
    return render_template(
        "giving/pledge.html",
        pledge=pledge,
        sheet=pay_sheet(
            pledge,
            request.args.get("instalment"),
            current_app.config,
            current_app.extensions[ACCOUNTS](),
            today,
        ),
        receipts=queries.list_pledge_receipts(pledge.id),
        form=form or ChangeForm.of(pledge),
        may={action.value: may_pledge(pledge.status, action) for action in PledgeAction},
    )
