"""The officer's list of donors, and the page of one donor."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.giving import operations, queries
from fundapp.giving.channels.queries import ways_of
from fundapp.giving.forms import ConnectForm, DonorSearch, MergeForm
from fundapp.giving.views.blueprint import blueprint
from fundapp.thai.calendar import be_year
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit


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


@blueprint.post("/donors/<public_id>/merge")
@requires(Permission.PAYMENT_RECORD)
def merge_donor(public_id: str) -> Answer:
    """Merge the donor into the one of the file on which the button is."""
    form, actor = MergeForm(), current_actor()
    into = form.into.data or ""
    return submit(
        form,
        lambda: operations.merge_donor(public_id, into=into, actor=actor),
        done=lambda donor: redirect_with(
            _("The two are one donor now. You can undo this below."),
            url_for("giving.donor", public_id=donor.public_id),
        ),
        page=lambda: _donor_page(into, button_form=form),
    )


@blueprint.post("/donors/<public_id>/part")
@requires(Permission.PAYMENT_RECORD)
def part_donor(public_id: str) -> Answer:
    """Undo the merge of the donor."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.part_donor(public_id, actor=actor),
        done=lambda _donor: redirect_with(
            _("The merge is undone. Each has a file of its own again."),
            url_for("giving.donor", public_id=public_id),
        ),
        page=lambda: _donor_page(public_id, button_form=form),
    )


def _donor_page(
    public_id: str, form: ConnectForm | None = None, button_form: BaseForm | None = None
) -> str:
    file = queries.get_donor_file(public_id)
    return render_template(
        "giving/donor.html",
        file=file,
        ways=ways_of(file.donor),
        button_form=button_form,
        year=be_year(clock.today().year),
        form=form or ConnectForm(email=file.donor.email),
        may_record=current_actor().can(Permission.PAYMENT_RECORD),
    )
