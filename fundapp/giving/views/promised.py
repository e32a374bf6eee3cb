"""The report that holds what was promised against what arrived."""

from flask import render_template, request

from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.giving import queries
from fundapp.giving.forms import PromisedFilter
from fundapp.giving.views.blueprint import blueprint
from fundapp.ledger.queries import list_funds


@blueprint.get("/payments/promised")
@requires(Permission.PAYMENT_READ)
def promised() -> tuple[str, int]:
    """By fund, for the month of today unless other days are chosen."""
    form = PromisedFilter(request.args)
    is_valid = form.validate()
    found = queries.sum_promised(form.first_day, form.last_day) if is_valid else {}
    body = render_template(
        "giving/promised.html",
        form=form,
        rows=[(fund, found[fund.code]) for fund in list_funds() if fund.code in found],
        total=sum(found.values(), queries.Promised()),
    )
    return body, 200 if is_valid else 422
