"""The officer's list of donors, and a donor's file."""

from flask import render_template, request
from flask_login import current_user

from fundapp.giving import queries
from fundapp.giving.forms import DonorSearch
from fundapp.giving.views.blueprint import blueprint
from fundapp.identity.access import requires
from fundapp.identity.permissions import Permission


@blueprint.get("/donors")
@requires(Permission.DONOR_READ)
def donors() -> str:
    """Donors, newest first."""
    page = queries.list_donors(after=request.args.get("after"))
    return render_template("giving/donors.html", form=DonorSearch(), page=page)


@blueprint.post("/donors")
@requires(Permission.DONOR_READ)
def find_donors() -> str:
    """Those with a name, an e-mail address or a reference, none of which stand in an address."""
    form = DonorSearch(request.form)
    page = queries.list_donors(form.text(), after=request.form.get("after"))
    return render_template("giving/donors.html", form=form, page=page)


@blueprint.get("/donors/<public_id>")
@requires(Permission.DONOR_READ)
def donor(public_id: str) -> str:
    """Everything about one donor."""
    return render_template(
        "giving/donor.html",
        file=queries.open_donor(public_id),
        may_record=current_user.can(Permission.PAYMENT_RECORD),
    )
