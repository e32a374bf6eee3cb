"""The officer's list of donors, and the page of one donor."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.giving import operations, queries
from fundapp.giving.forms import ConnectForm, DonorSearch
from fundapp.giving.views.blueprint import blueprint
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/donors")
@requires(Permission.DONOR_READ)
def donors() -> str:
    """Donors, newest first."""
    page = queries.list_donors(after=request.args.get("after"))
    return render_template("giving/donors.html", form=DonorSearch(), page=page)


@blueprint.post("/donors")
@requires(Permission.DONOR_READ)
def find_donors() -> str:
    """Donors by name, e-mail address or reference, which stay out of the address of the page."""
    form = DonorSearch(request.form)
    page = queries.list_donors(form.text(), after=request.form.get("after"))
    return render_template("giving/donors.html", form=form, page=page)


@blueprint.get("/donors/<public_id>")
@requires(Permission.DONOR_READ)
def donor(public_id: str) -> str:
    """Everything about one donor."""
    return _donor_page(public_id)


@blueprint.post("/donors/<public_id>/connect")
@requires(Permission.PAYMENT_RECORD)
def connect_donor(public_id: str) -> Answer:
    """Connect the donor with the account that the donor signs in with."""
    form, actor = ConnectForm(), current_actor()
    return submit(
        form,
        lambda: operations.connect_donor(public_id, email=form.email.value, actor=actor),
        done=lambda _donor: redirect_with(
            _("The donor is connected with the user account."),
            url_for("giving.donor", public_id=public_id),
        ),
        page=lambda: _donor_page(public_id, form),
    )


def _donor_page(public_id: str, form: ConnectForm | None = None) -> str:
    file = queries.get_donor_file(public_id)
    return render_template(
        "giving/donor.html",
        file=file,
        form=form or ConnectForm(email=file.donor.email),
        may_record=current_actor().can(Permission.PAYMENT_RECORD),
    )
