"""The page that a link in a mailbox opens: a pledge made with that address, to be confirmed."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.giving import operations, queries
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


def _page(code: str, form: ButtonForm) -> str:
    pledge = queries.get_pledge_to_confirm(code)
    return render_template("giving/confirm_gift.html", pledge=pledge, form=form)
