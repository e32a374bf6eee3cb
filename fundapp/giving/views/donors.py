"""The officer's list of donors, and a donor's file."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.db import unit_of_work
from fundapp.errors import DomainError, NotFoundError, StaleError
from fundapp.giving import operations, queries
from fundapp.giving.forms import ConnectForm, DonorSearch
from fundapp.giving.forms.reading import refuse
from fundapp.giving.views.blueprint import blueprint


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
    return _donor_page(public_id, None)


@blueprint.post("/donors/<public_id>/connect")
@requires(Permission.PAYMENT_RECORD)
def connect_donor(public_id: str) -> Response | tuple[str, int]:
    """Connect the donor with the account that the donor signs in with."""
    form = ConnectForm()
    if form.validate_on_submit():
        try:
            unit_of_work(
                operations.connect_donor, public_id, email=form.address, actor=current_actor()
            )
            flash(_("The donor is connected with the user account."), "success")
            return redirect(url_for("giving.donor", public_id=public_id), 303)
        except (NotFoundError, StaleError):
            raise
        except DomainError as error:
            refuse(form, error)
    return _donor_page(public_id, form), 422


def _donor_page(public_id: str, form: ConnectForm | None) -> str:
    file = queries.open_donor(public_id)
    return render_template(
        "giving/donor.html",
        file=file,
        form=form or ConnectForm(email=file.donor.email),
        may_record=current_user.can(Permission.PAYMENT_RECORD),
    )
