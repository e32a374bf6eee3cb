"""The officer's list of donors, and the page of one donor."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.giving import operations, queries
from fundapp.giving.channels.queries import ways_of
from fundapp.giving.forms import ConnectForm, DescribeForm, DonorSearch, MergeForm
from fundapp.giving.in_kind.queries import list_donor_gifts_in_kind
from fundapp.giving.views.blueprint import blueprint
from fundapp.identity.queries import names_of
from fundapp.thai.calendar import be_year
from fundapp.trail.models import AuditEvent
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit


@blueprint.get("/donors")
@requires(Permission.DONOR_READ)
def donors() -> str:
    """Donors, newest first."""
    return _list_page(DonorSearch(tags=queries.list_tags()), request.args.get("after"))


@blueprint.post("/donors")
@requires(Permission.DONOR_READ)
def find_donors() -> str:
    """Donors by name, e-mail address or reference, which stay out of the address of the page."""
    form = DonorSearch(request.form, tags=queries.list_tags())
    return _list_page(form, request.form.get("after"))


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


def _list_page(form: DonorSearch, after: str | None) -> str:
    tag = form.tag.data or ""
    page = queries.list_donors(form.text(), tag=tag, after=after)
    actor = current_actor()
    return render_template(
        "giving/donors.html",
        form=form,
        page=page,
        is_filtered=bool(form.text() or tag),
        tags=queries.tags_of([row.donor.id for row in page.rows]),
        may_record=actor.can(Permission.PAYMENT_RECORD),
        may_import=actor.can(Permission.DONOR_IMPORT),
    )


@blueprint.get("/donors/<public_id>/describe")
@requires(Permission.PAYMENT_RECORD)
def describe_donor(public_id: str) -> str:
    """What the donor is, and its tags."""
    donor = queries.get_donor(public_id)
    tags = queries.tags_of([donor.id]).get(donor.id, [])
    form = DescribeForm(kind=donor.kind, phone=donor.phone, tags=tags)
    return render_template("giving/describe_donor.html", form=form, donor=donor)


@blueprint.post("/donors/<public_id>/describe")
@requires(Permission.PAYMENT_RECORD)
def save_donor_description(public_id: str) -> Answer:
    """Keep what the donor is, and its tags."""
    form, actor = DescribeForm(), current_actor()
    donor = queries.get_donor(public_id)
    return submit(
        form,
        lambda: operations.describe_donor(
            public_id,
            kind=form.kind.value,
            phone=form.phone.data or "",
            tags=form.tags.data or [],
            actor=actor,
        ),
        done=lambda _donor: redirect_with(
            _("It is kept in the donor's file."), url_for("giving.donor", public_id=public_id)
        ),
        page=lambda: render_template("giving/describe_donor.html", form=form, donor=donor),
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
        actors=names_of(
            event.row.actor for event in file.timeline if isinstance(event.row, AuditEvent)
        ),
        year=be_year(clock.today().year),
        form=form or ConnectForm(email=file.donor.email),
        may_record=current_actor().can(Permission.PAYMENT_RECORD),
        in_kind=list_donor_gifts_in_kind([file.donor.id, *(each.id for each in file.merged)]),
    )
