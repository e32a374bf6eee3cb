"""Pages of casework: entries of a file, its timeline, details, further guardians, moves, and what
is due.
"""

from collections.abc import Mapping

from flask import Response, abort, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.children import operations as children
from fundapp.children import queries as children_queries
from fundapp.children.casework import operations, queries
from fundapp.children.casework.forms import (
    ChildMoveForm,
    DetailsForm,
    EntryForm,
    FurtherGuardianForm,
    SettleForm,
)
from fundapp.children.casework.labels import DETAILS, LISTED, SETTLING, UNASKED, WORDS
from fundapp.children.casework.models import CaseKind
from fundapp.children.casework.policy import may_agree_to_plan, may_be_settled
from fundapp.children.handovers import queries as handovers
from fundapp.children.handovers.policy import may_hand_over
from fundapp.children.models import Child, ChildStatus, LegalCapacity, TargetGroup
from fundapp.children.views.blueprint import blueprint
from fundapp.clock import today
from fundapp.db import unit_of_reading
from fundapp.documents.serving import document_response
from fundapp.paging import Page
from fundapp.places.queries import list_districts
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit


@blueprint.get("/children/<public_id>/casework")
@requires(Permission.CHILD_READ)
def casework(public_id: str) -> str:
    """Everything of casework of a child, newest first: what happened, as people read it."""
    return _casework_page(public_id)


@blueprint.get("/children/<public_id>/casework/<kind>")
@requires(Permission.CHILD_REGISTER)
def new_entry(public_id: str, kind: str) -> str:
    """The form that writes an entry of a kind."""
    return _entry_page(public_id, EntryForm(_kind(kind), formdata=None))


@blueprint.post("/children/<public_id>/casework/<kind>")
@requires(Permission.CHILD_REGISTER)
def write_entry(public_id: str, kind: str) -> Answer:
    """Write an entry."""
    form, actor = EntryForm(_kind(kind)), current_actor()
    return submit(
        form,
        lambda: operations.write_entry(
            public_id, form.draft(), photos=form.document.all_accepted, actor=actor
        ),
        before=form.document.take_in,
        done=lambda _entry: redirect_with(_("It is written."), casework_url(public_id)),
        page=lambda: _entry_page(public_id, form),
    )


@blueprint.post("/children/<public_id>/casework/<entry_id>/settle")
@requires(Permission.CHILD_REGISTER)
def settle_entry(public_id: str, entry_id: str) -> Answer:
    """A need is met, a flag lifted, a follow-up done."""
    return _settle(public_id, entry_id)


@blueprint.post("/children/<public_id>/casework/<entry_id>/agree")
@requires(Permission.PLAN_AGREE)
def agree_to_plan(public_id: str, entry_id: str) -> Answer:
    """A supervisor agrees to a plan."""
    return _settle(public_id, entry_id)


@blueprint.get("/children/<public_id>/photos/<photo_id>")
@requires(Permission.CHILD_READ)
def photo(public_id: str, photo_id: str) -> Response:
    """A photograph of a visit, as a download."""
    actor = current_actor()
    document, content = unit_of_reading(operations.read_photo, public_id, photo_id, actor=actor)
    return document_response(document, content)


@blueprint.get("/children/<public_id>/details")
@requires(Permission.CHILD_REGISTER)
def details(public_id: str) -> str:
    """The form that says where a child lives, in which class it is, and who is in the household."""
    found = unit_of_reading(operations.read_casework, public_id, actor=current_actor())
    return _details_page(public_id, DetailsForm(formdata=None).fill(found))


@blueprint.post("/children/<public_id>/details")
@requires(Permission.CHILD_REGISTER)
def change_details(public_id: str) -> Answer:
    """Keep it."""
    form, actor = DetailsForm(), current_actor()
    return submit(
        form,
        lambda: operations.change_details(public_id, form.draft(), actor=actor),
        done=lambda _none: redirect_with(_("The file was changed."), casework_url(public_id)),
        page=lambda: _details_page(public_id, form),
    )


@blueprint.post("/children/<public_id>/guardians")
@requires(Permission.CHILD_REGISTER)
def add_guardian(public_id: str) -> Answer:
    """Another adult who belongs to the child."""
    form, actor = FurtherGuardianForm(), current_actor()
    return submit(
        form,
        lambda: operations.add_guardian(public_id, form.draft(), actor=actor),
        done=lambda _row: redirect_with(_("The file was changed."), casework_url(public_id)),
        page=lambda: _casework_page(public_id, form),
    )


@blueprint.post("/children/<public_id>/guardians/<guardian_id>/end")
@requires(Permission.CHILD_REGISTER)
def end_guardian(public_id: str, guardian_id: str) -> Answer:
    """An adult does not belong to the child any more."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.end_guardian(public_id, guardian_id, actor=actor),
        done=lambda _none: redirect_with(_("The file was changed."), casework_url(public_id)),
        page=lambda: _casework_page(public_id, form),
        stale=lambda error: redirect_with(_(str(error)), casework_url(public_id), "info"),
    )


@blueprint.post("/children/<public_id>/move")
@requires(Permission.CHILD_REGISTER)
def move(public_id: str) -> Answer:
    """Hand a child over to another district."""
    form, actor = ChildMoveForm().offer(list_districts()), current_actor()
    return submit(
        form,
        lambda: operations.move_child(
            public_id, form.district.data, words=form.words.data or "", actor=actor
        ),
        done=lambda _move: redirect_with(
            _("The child is handed over. Its file is in the other district now."),
            url_for("children.index"),
        ),
        page=lambda: _casework_page(public_id, form),
    )


@blueprint.post("/children/<public_id>/take")
@requires(Permission.CHILD_REGISTER)
def take(public_id: str) -> Answer:
    """Take over a child who was handed over."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.take_child(public_id, actor=actor),
        done=lambda _move: redirect_with(_("You took the child over."), casework_url(public_id)),
        page=lambda: _casework_page(public_id, form),
        stale=lambda error: redirect_with(_(str(error)), casework_url(public_id), "info"),
    )


@blueprint.get("/children/due")
@requires(Permission.CHILD_READ)
def due() -> str:
    """What is due in the viewer's districts, and who was handed over; or plans to agree to."""
    viewer, day = current_actor(), today()
    plans = not viewer.can(Permission.CHILD_REGISTER)
    shown, after = request.args.get("shown"), request.args.get("after")
    own = not plans and request.args.get("whose") != "all"
    page = queries.list_due(viewer=viewer, today=day, plans=plans, own=own, after=after)
    if shown == "moved":
        page = Page([], None)
    moved = [] if plans or shown == "due" else queries.list_waiting_moves(viewer)
    listed = [child for _entry, child in page.rows] + [child for _move, child in moved]
    names = unit_of_reading(children.read_names, listed, actor=viewer)
    by_child = {name.child.id: name for name in names}
    return render_template(
        "children/due.html",
        page=page,
        moved=moved,
        names=by_child,
        day=day,
        plans=plans,
        shown=shown,
        own=own,
    )


def casework_url(public_id: str) -> str:
    """The address of a child's casework."""
    return url_for("children.casework", public_id=public_id)


def _settle(public_id: str, entry_id: str) -> Answer:
    form, actor = SettleForm(), current_actor()
    return submit(
        form,
        lambda: operations.settle_entry(
            public_id, entry_id, outcome=form.outcome.data or "", actor=actor
        ),
        done=lambda _entry: redirect_with(_("It is settled."), casework_url(public_id)),
        page=lambda: _casework_page(public_id, form),
        stale=lambda error: redirect_with(_(str(error)), casework_url(public_id), "info"),
    )


def _kind(text: str) -> CaseKind:
    if text not in set(CaseKind):
        abort(404)
    return CaseKind(text)


def _child(public_id: str) -> Child:
    return children_queries.get_child(public_id, viewer=current_actor())


def _entry_page(public_id: str, form: EntryForm) -> str:
    child = _child(public_id)
    return render_template("children/entry.html", form=form, child=child, kind=form.kind)


def _details_page(public_id: str, form: DetailsForm) -> str:
    return render_template("children/details.html", form=form, child=_child(public_id))


def _casework_page(public_id: str, sent: BaseForm | None = None) -> str:
    viewer = current_actor()
    found = unit_of_reading(operations.read_casework, public_id, actor=viewer)
    child = _child(public_id)
    works = children_queries.sees_child(viewer, child, Permission.CHILD_REGISTER)
    changes = works and child.status is not ChildStatus.CLOSED
    guardian_form = (
        sent if isinstance(sent, FurtherGuardianForm) else FurtherGuardianForm(formdata=None)
    )
    move_form = sent if isinstance(sent, ChildMoveForm) else ChildMoveForm(formdata=None)
    row = handovers.manager_now(child)
    people = handovers.managers_of(child.district_code)
    return render_template(
        "children/casework.html",
        casework=found,
        managers=handovers.list_managers(child),
        manager=row.manager if row is not None and row.manager in people else None,
        handover=found.handovers[-1] if found.handovers else None,
        viewer_id=viewer.user_id,
        may_assign=row is not None and may_hand_over(viewer, child, row.manager_id),
        child=child,
        may_change=changes,
        settles={
            shown.entry.id
            for shown in found.entries
            if shown.is_shown
            and may_be_settled(shown.entry)
            and (
                may_agree_to_plan(viewer, shown.entry)
                if shown.entry.kind is CaseKind.PLAN
                else changes
            )
        },
        waits=changes and queries.find_waiting_move(child) is not None,
        guardian_form=guardian_form,
        move_form=move_form.offer(
            [each for each in list_districts() if each.code != child.district_code]
        ),
        sent=sent,
        kinds=list(CaseKind),
        labels={kind: _said({**words, **UNASKED.get(kind, {})}) for kind, words in WORDS.items()},
        listed=LISTED,
        settling={kind: (_(verb), _(done)) for kind, (verb, done) in SETTLING.items()},
        details_labels=_said(DETAILS),
        groups=TargetGroup,
        capacities=LegalCapacity,
        districts={each.code: each for each in list_districts()},
        today=today(),
    )


def _said(words: Mapping[str, str]) -> dict[str, str]:
    """The labels in the reader's language."""
    return {name: _(text) for name, text in words.items()}
