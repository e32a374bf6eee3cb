"""Pledges that were made with a mailbox, to be confirmed by its owner: by a link in it, or in an
account that was opened by one.
"""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.db import unit_of_work
from fundapp.giving import operations, queries
from fundapp.giving.models import Pledge
from fundapp.giving.views.blueprint import blueprint
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit


@blueprint.get("/my-giving/confirm/<code>")
@requires(Permission.WORKSPACE_OPEN)
def confirm_gift(code: str) -> Answer:
    """What waits to be confirmed; no more of the pledge than the message said."""
    pledge = queries.get_pledge_to_confirm(code)
    if pledge.confirmed_at is not None:
        return redirect(url_for("today.my_giving"), 303)
    return _page(code, ButtonForm()), 200


@blueprint.post("/my-giving/confirm/<code>")
@requires(Permission.WORKSPACE_OPEN)
def confirm_own_gift(code: str) -> Answer:
    """Show it in the account of who is signed in."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.confirm_pledge(code, actor=actor),
        done=lambda _pledge: redirect_with(
            _("The gift is shown in your account now."), url_for("today.my_giving")
        ),
        page=lambda: _page(code, form),
    )


@blueprint.post("/my-giving/claim/<token>")
@requires(Permission.WORKSPACE_OPEN)
def claim_own_gift(token: str) -> Answer:
    """Show a gift that was made with the mailbox of who is signed in."""
    form, actor = ButtonForm(), current_actor()

    def back(_pledge: Pledge) -> AnyResponse:
        return redirect_with(
            _("The gift is shown in your account now."), url_for("today.my_giving")
        )

    return submit(
        form,
        lambda: operations.claim_pledge(token, actor=actor),
        done=back,
        page=lambda: _pledge_page(queries.get_pledge(token), form),
    )


@blueprint.post("/my-giving/gifts/<public_id>/name")
@requires(Permission.WORKSPACE_OPEN)
def show_own_gift_name(public_id: str) -> Answer:
    """Show the name with one gift of the account, or hide it."""
    is_shown = request.form.get("show") == "1"
    unit_of_work(operations.show_gift_name, public_id, is_shown=is_shown, actor=current_actor())
    said = _("Your name is left out from now on. Receipts stay as they were issued.")
    if is_shown:
        said = _("Your name is shown from now on. Receipts stay as they were issued.")
    return redirect_with(said, url_for("today.my_giving", _anchor="gifts"))


def _page(code: str, form: ButtonForm) -> str:
    return _pledge_page(queries.get_pledge_to_confirm(code), form)


def _pledge_page(pledge: Pledge, form: ButtonForm) -> str:
    return render_template("giving/confirm_gift.html", pledge=pledge, form=form)
