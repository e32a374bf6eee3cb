"""The page to give or pledge."""

from collections.abc import Sequence

from flask import redirect, render_template, url_for

from fundapp.access.current import current_actor
from fundapp.access.marks import public
from fundapp.giving import operations, queries
from fundapp.giving.forms import GiveForm
from fundapp.giving.views.blueprint import blueprint
from fundapp.ledger.models import Fund
from fundapp.web.forms import Answer, submit
from fundapp.web.limits import take_try, visitor


@blueprint.get("/give")
@public
def give() -> str:
    """The form."""
    funds = queries.list_gift_funds()
    return _page(GiveForm(funds), funds)


@blueprint.post("/give")
@public
def make_pledge() -> Answer:
    """Make the pledge; a form with mistakes does not count against the limit."""
    funds = queries.list_gift_funds()
    form, actor = GiveForm(funds), current_actor()
    return submit(
        form,
        lambda: operations.make_pledge(form.terms(), actor=actor),
        done=lambda pledge: redirect(url_for("giving.pledge", token=pledge.token), 303),
        page=lambda: _page(form, funds),
        before=lambda: take_try("LIMIT_PLEDGE", visitor()),
    )


def _page(form: GiveForm, funds: Sequence[Fund]) -> str:
    return render_template("giving/give.html", form=form, funds=funds)
