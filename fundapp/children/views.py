"""Pages of children's files. Whoever opens a name leaves a mark in the trail; nothing is cached."""

from typing import TypeVar

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.actors import Actor
from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.children import labels, operations, queries
from fundapp.children.drafts import ChildDraft, ConsentDraft
from fundapp.children.files import KnownGuardian
from fundapp.children.forms import (
    ChildForm,
    CloseForm,
    ConsentForm,
    FactsForm,
    FilterForm,
    FindForm,
)
from fundapp.children.models import Child, ChildStatus
from fundapp.children.policy import may_receive_help, may_register
from fundapp.clock import today
from fundapp.db import unit_of_work
from fundapp.documents.serving import document_response
from fundapp.errors import RuleError
from fundapp.paging import int_key

blueprint = Blueprint("children", __name__)

F = TypeVar("F", bound=FactsForm)
Answer = str | tuple[str, int] | BaseResponse


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    """No browser and no proxy keeps a page about children."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/children")
@requires(Permission.CHILD_READ)
def index() -> Answer:
    """The children the reader may see, newest first."""
    return _list_page(FindForm(formdata=None))


@blueprint.route("/children/find", methods=["GET", "POST"])
@requires(Permission.CHILD_READ)
def find() -> Answer:
    """Open the file with exactly this identity number or code; a number is never in an address."""
    text = request.values.get("id", "").strip()
    child = queries.find_by_code(text, viewer=current_actor())
    if child is None and request.method == "POST":
        child = queries.find_by_id_number(request.form.get("id", ""), viewer=current_actor())
    if child is None:
        form = FindForm()
        form.id.errors = [_("None of the children you may see has this number or code.")]
        return _list_page(form), 422
    return redirect(url_for("children.show", public_id=child.public_id))


@blueprint.route("/children/new", methods=["GET", "POST"])
@requires(Permission.CHILD_REGISTER)
def new() -> Answer:
    """Register a child; with ``?guardian=`` a sibling of one who is registered."""
    guardian = _known_guardian(request.args.get("guardian"))
    form = _offered(ChildForm(), current_actor())
    form.known_guardian = guardian
    alike = None
    if form.is_sent_and_right():
        try:
            child = unit_of_work(_register, form.draft(), form.upload(), actor=current_actor())
        except RuleError as error:
            form.refuse(error)
            alike = queries.find_by_code(str(error.params.get("code", "")), viewer=current_actor())
        else:
            flash(_("The file %(code)s is open.", code=child.code), "success")
            return redirect(url_for("children.show", public_id=child.public_id))
    page = render_template("children/new.html", form=form, guardian=guardian, alike=alike)
    return page, 422 if form.errors else 200


@blueprint.get("/children/<public_id>")
@requires(Permission.CHILD_READ)
def show(public_id: str) -> Answer:
    """A child's file."""
    return _file_page(public_id)


@blueprint.route("/children/<public_id>/edit", methods=["GET", "POST"])
@requires(Permission.CHILD_REGISTER)
def edit(public_id: str) -> Answer:
    """Correct what the file says."""
    file = unit_of_work(operations.read_file_to_change, public_id, actor=current_actor())
    form = _offered(FactsForm(), current_actor(), only=file.child.district_code)
    if form.is_sent_and_right():
        try:
            unit_of_work(
                operations.change_child,
                public_id,
                form.facts(),
                actor=current_actor(),
                version=form.version.data or "",
            )
        except RuleError as error:
            form.refuse(error)
        else:
            flash(_("The file was changed."), "success")
            return redirect(url_for("children.show", public_id=public_id))
    elif not form.is_submitted():
        form.fill(file)
    return render_template("children/edit.html", form=form, file=file), 422 if form.errors else 200


@blueprint.post("/children/<public_id>/consents")
@requires(Permission.CHILD_REGISTER)
def record_consent(public_id: str) -> Answer:
    """Add a consent, with its signed paper if there is one."""
    form = ConsentForm()
    if form.is_sent_and_right():
        try:
            unit_of_work(
                _record_consent, public_id, form.draft(), form.upload(), actor=current_actor()
            )
        except RuleError as error:
            form.refuse(error)
        else:
            flash(_("The consent was recorded."), "success")
            return redirect(url_for("children.show", public_id=public_id))
    return _file_page(public_id, consent_form=form), 422


@blueprint.post("/children/<public_id>/consents/<int:consent_id>/withdraw")
@requires(Permission.CHILD_REGISTER)
def withdraw_consent(public_id: str, consent_id: int) -> Answer:
    """Withdraw a consent; it stops to count at once."""
    unit_of_work(operations.withdraw_consent, public_id, consent_id, actor=current_actor())
    flash(_("The consent was withdrawn. It no longer counts from now on."), "success")
    return redirect(url_for("children.show", public_id=public_id))


@blueprint.get("/children/<public_id>/consents/<int:consent_id>/paper")
@requires(Permission.CHILD_READ)
def paper(public_id: str, consent_id: int) -> Answer:
    """The signed paper of a consent, as a download."""
    found = unit_of_work(operations.read_paper, public_id, consent_id, actor=current_actor())
    return document_response(found)


@blueprint.post("/children/<public_id>/close")
@requires(Permission.CHILD_REGISTER)
def close(public_id: str) -> Answer:
    """Close a file with a reason."""
    form = CloseForm()
    if not form.is_sent_and_right():
        return _file_page(public_id, close_form=form), 422
    unit_of_work(operations.close_child, public_id, form.close_reason(), actor=current_actor())
    flash(_("The file is closed."), "success")
    return redirect(url_for("children.show", public_id=public_id))


def _known_guardian(public_id: str | None) -> KnownGuardian | None:
    if not public_id:
        return None
    return unit_of_work(operations.read_guardian, public_id, actor=current_actor())


def _offered(form: F, viewer: Actor, only: str | None = None) -> F:
    """The form with the places the person may choose."""
    own = [place for place in queries.list_own_districts(viewer) if only in (None, place.code)]
    return form.offer(own, queries.list_subdistricts_of(own))


def _register(draft: ChildDraft, upload: bytes | None, *, actor: Actor) -> Child:
    child = operations.register_child(draft, actor=actor)
    if upload is not None:
        operations.file_consent_paper(child.public_id, child.consents[0].id, upload, actor=actor)
    return child


def _record_consent(
    public_id: str, draft: ConsentDraft, upload: bytes | None, *, actor: Actor
) -> None:
    consent = operations.record_consent(public_id, draft, actor=actor)
    if upload is not None:
        operations.file_consent_paper(public_id, consent.id, upload, actor=actor)


def _list_page(find_form: FindForm) -> str:
    viewer = current_actor()
    districts = queries.list_own_districts(viewer)
    filters = FilterForm(request.args).offer(districts)
    page = queries.list_children(
        viewer=viewer,
        district_code=filters.district_code(),
        status=filters.chosen_status(),
        after=int_key(request.args.get("after")),
    )
    names = unit_of_work(operations.read_names, page.rows, actor=viewer)
    return render_template(
        "children/index.html",
        labels=labels,
        find_form=find_form,
        names=names,
        page=page,
        filters=filters,
        districts=districts,
    )


def _file_page(
    public_id: str, consent_form: ConsentForm | None = None, close_form: CloseForm | None = None
) -> str:
    """The file with its forms; opening it is logged."""
    viewer = current_actor()
    file = unit_of_work(operations.read_file, public_id, actor=viewer)
    child = file.child
    may_change = may_register(viewer, child.district_code)
    return render_template(
        "children/show.html",
        labels=labels,
        file=file,
        child=child,
        papers=queries.list_papers(child),
        siblings=queries.list_siblings(child, viewer=viewer),
        reads=queries.list_reads(child),
        may_change=may_change and child.status is ChildStatus.ACTIVE,
        may_withdraw=may_change,
        may_receive_help=may_receive_help(child, today()),
        today=today(),
        consent_form=consent_form or ConsentForm(formdata=None),
        close_form=close_form or CloseForm(formdata=None),
    )
