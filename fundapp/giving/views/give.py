"""Giving and pledging."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from fundapp.access.current import current_actor
from fundapp.access.marks import public
from fundapp.db import unit_of_work
from fundapp.errors import DomainError
from fundapp.giving import operations, queries
from fundapp.giving.forms import GiveForm
from fundapp.giving.forms.reading import refuse
from fundapp.giving.models import Pledge
from fundapp.giving.views.blueprint import blueprint
from fundapp.web.limits import limiter, setting


@blueprint.get("/give")
@public
def give() -> str:
    """The form."""
    funds = queries.list_gift_funds()
    return render_template("giving/give.html", form=GiveForm(funds), funds=funds)


@blueprint.post("/give")
@public
def make_pledge() -> AnyResponse | tuple[str, int]:
    """Make the pledge; what was typed stays when something is wrong with it."""
    funds = queries.list_gift_funds()
    form = GiveForm(funds)
    if form.validate_on_submit():
        try:
            pledge = _make(form)
            return redirect(url_for("giving.pledge", token=pledge.token), 303)
        except DomainError as error:
            refuse(form, error)
    return render_template("giving/give.html", form=form, funds=funds), 422


# Counted before it is made, not after: many sent at the same moment would all find room.
@limiter.limit(lambda: setting("LIMIT_PLEDGE"))
def _make(form: GiveForm) -> Pledge:
    """What is refused for a mistake in the form never comes here, and is not counted."""
    return unit_of_work(operations.make_pledge, form.terms(), actor=current_actor())
