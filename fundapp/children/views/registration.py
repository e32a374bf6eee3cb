"""Registering a child, and correcting what its file says."""

from typing import TypeVar

from flask import render_template, request
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.children import operations, queries
from fundapp.children.forms import AlikeForm, ChildForm, FactsForm
from fundapp.children.models import Child, ChildStatus
from fundapp.children.views.blueprint import blueprint
from fundapp.children.views.files import file_url
from fundapp.db import unit_of_reading, unit_of_work
from fundapp.web.forms import Answer, redirect_with, submit
from fundapp.web.limits import take_try

F = TypeVar("F", bound=FactsForm)


@blueprint.get("/children/new")
@requires(Permission.CHILD_REGISTER)
def new() -> str:
    """The form to register a child; with ``?guardian=`` a sibling of one who is registered."""
    return _registration_page(_registration_form())


@blueprint.post("/children/new")
@requires(Permission.CHILD_REGISTER)
def create() -> Answer:
    """Register a child."""
    form, actor = _registration_form(), current_actor()
    return submit(
        form,
        lambda: operations.register_child(form.draft(), paper=form.paper.accepted, actor=actor),
        before=form.paper.take_in,
        done=_registered,
        page=lambda: _registration_page(form),
    )


@blueprint.post("/children/alike")
@requires(Permission.CHILD_REGISTER)
def alike() -> str | tuple[str, int]:
    """A part of the form, while it is filled in: files that may be of the same child."""
    form, actor = AlikeForm(), current_actor()
    if not form.validate():
        return "", 422
    take_try("LIMIT_COMPARE", actor.ref)
    found, holder = unit_of_work(
        operations.find_alike_files, form.facts(), form.guardian_name.data or "", actor=actor
    )
    seen = holder is not None and queries.sees_child(actor, holder)
    return render_template("children/_alike.html", found=found, holder=holder, holder_seen=seen)


@blueprint.get("/children/<public_id>/edit")
@requires(Permission.CHILD_REGISTER)
def edit(public_id: str) -> str:
    """The form to correct what the file says, filled in."""
    file = unit_of_reading(operations.read_file_to_change, public_id, actor=current_actor())
    form = _offer_places(FactsForm(), only=file.child.district_code)
    return _edit_page(form.fill(file), file.child)


@blueprint.post("/children/<public_id>/edit")
@requires(Permission.CHILD_REGISTER)
def change(public_id: str) -> Answer:
    """Correct what the file says."""
    actor = current_actor()
    child = queries.get_child(public_id, viewer=actor)
    form = _offer_places(FactsForm(), only=child.district_code)
    return submit(
        form,
        lambda: operations.change_child(
            public_id, form.facts(), version=form.version.data or "", actor=actor
        ),
        done=lambda child: redirect_with(_("The file was changed."), file_url(child)),
        page=lambda: _edit_page(form, child),
    )


def _registered(child: Child) -> Answer:
    message = (
        _("The file %(code)s is open.", code=child.code)
        if child.status is ChildStatus.ACTIVE
        else _("The file %(code)s waits until a supervisor has decided.", code=child.code)
    )
    return redirect_with(message, file_url(child))


def _registration_form() -> ChildForm:
    form = _offer_places(ChildForm())
    guardian_id = request.args.get("guardian")
    if guardian_id:
        actor = current_actor()
        form.known_guardian = unit_of_reading(operations.read_guardian, guardian_id, actor=actor)
    return form


def _offer_places(form: F, only: str | None = None) -> F:
    """The form with the places that the actor may choose; ``only`` those of one district."""
    own = queries.list_own_districts(current_actor(), Permission.CHILD_REGISTER)
    districts = [district for district in own if only in (None, district.code)]
    return form.offer(districts, queries.list_subdistricts_of(districts))


def _registration_page(form: ChildForm) -> str:
    """The form; after a refusal with a link to the file that may be of the same child."""
    code = str(form.refusal.params.get("code", "")) if form.refusal else ""
    alike = queries.find_by_code(code, viewer=current_actor())
    return render_template("children/new.html", form=form, alike=alike)


def _edit_page(form: FactsForm, child: Child) -> str:
    return render_template("children/edit.html", form=form, child=child)
