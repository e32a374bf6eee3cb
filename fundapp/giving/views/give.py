"""Giving and pledging."""

from flask import Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from fundapp.db import unit_of_work
from fundapp.errors import DomainError
from fundapp.giving import operations, queries
from fundapp.giving.forms import GiveForm
from fundapp.giving.forms.reading import refuse
from fundapp.giving.views.blueprint import actor, blueprint
from fundapp.identity.access import public
from fundapp.web.limits import limiter, setting


def _made(response: Response) -> bool:
    return response.status_code == 303


@blueprint.get("/give")
@public
def give() -> str:
    """The form."""
    funds = queries.list_gift_funds()
    return render_template("giving/give.html", form=GiveForm(funds), funds=funds)


@blueprint.post("/give")
@limiter.limit(lambda: setting("LIMIT_PLEDGE"), deduct_when=_made)
@public
def make_pledge() -> AnyResponse | tuple[str, int]:
    """Make the pledge; what was typed stays when something is wrong with it."""
    funds = queries.list_gift_funds()
    form = GiveForm(funds)
    if form.validate_on_submit():
        try:
            pledge = unit_of_work(operations.make_pledge, form.terms(), actor=actor())
            return redirect(url_for("giving.pledge", token=pledge.token), 303)
        except DomainError as error:
            refuse(form, error)
    return render_template("giving/give.html", form=form, funds=funds), 422
