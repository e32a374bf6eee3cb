"""New files that may be of a child who has one already."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.children import operations, queries
from fundapp.children.forms import ChildMergeForm, DuplicateForm, UndoMergeForm
from fundapp.children.models import Child, ChildStatus, DuplicateDecision
from fundapp.children.policy import may_decide_duplicate
from fundapp.children.views.blueprint import blueprint
from fundapp.children.views.files import file_page
from fundapp.db import unit_of_reading
from fundapp.paging import int_key
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/children/duplicates")
@requires(Permission.CHILD_READ)
def duplicates() -> str:
    """What waits for a supervisor, or with ``?state=decided`` was decided in the last days; by
    codes, so it is no read.
    """
    is_decided = request.args.get("state") == "decided"
    page = queries.list_findings(
        viewer=current_actor(),
        is_decided=is_decided,
        after=int_key(request.args.get("after")),
    )
    return render_template("children/duplicates.html", page=page, is_decided=is_decided)


@blueprint.get("/children/<public_id>/duplicate")
@requires(Permission.CHILD_READ)
def duplicate(public_id: str) -> str:
    """The two files beside each other, which is a read of what is shown."""
    return _duplicate_page(public_id, DuplicateForm(formdata=None))


@blueprint.post("/children/<public_id>/duplicate")
@requires(Permission.DUPLICATE_DECIDE)
def decide_duplicate(public_id: str) -> Answer:
    """Decide whether the new file is of another child or of the same."""
    form, actor = DuplicateForm(), current_actor()
    return submit(
        form,
        lambda: operations.decide_duplicate(
            public_id, form.decision.value, reason=form.reason.data, actor=actor
        ),
        done=_decided,
        page=lambda: _duplicate_page(public_id, form),
    )


@blueprint.post("/children/<public_id>/merge")
@requires(Permission.DUPLICATE_DECIDE)
def merge(public_id: str) -> Answer:
    """Close a file because its child has another one."""
    form, actor = ChildMergeForm(), current_actor()
    return submit(
        form,
        lambda: operations.merge_child(
            public_id, form.other_code.data, reason=form.reason.data, actor=actor
        ),
        done=lambda other: redirect_with(
            _("The file is merged into %(code)s.", code=other.code),
            url_for("children.show", public_id=public_id),
        ),
        page=lambda: file_page(public_id, form),
    )


@blueprint.post("/children/<public_id>/merge/undo")
@requires(Permission.DUPLICATE_DECIDE)
def undo_merge(public_id: str) -> Answer:
    """Open a file again that was merged into another one."""
    form, actor = UndoMergeForm(), current_actor()
    return submit(
        form,
        lambda: operations.undo_merge(public_id, reason=form.reason.data, actor=actor),
        done=lambda child: redirect_with(
            _("The file %(code)s is open again.", code=child.code),
            url_for("children.show", public_id=public_id),
        ),
        page=lambda: file_page(public_id, form),
        stale=lambda error: redirect_with(
            _(str(error)), url_for("children.show", public_id=public_id), "info"
        ),
    )


def _decided(child: Child) -> Answer:
    message = (
        _("The file %(code)s is of another child, and open.", code=child.code)
        if child.status is ChildStatus.ACTIVE
        else _("The file %(code)s is merged into the other one.", code=child.code)
    )
    return redirect_with(message, url_for("children.duplicates"))


def _duplicate_page(public_id: str, form: DuplicateForm) -> str:
    viewer = current_actor()
    compared = unit_of_reading(operations.read_compared_files, public_id, actor=viewer)
    finding = compared.finding
    child = finding.child
    is_waiting = finding.decision is None and child.status is ChildStatus.WAITING
    supervises = viewer.can_in(Permission.DUPLICATE_DECIDE, child.district_code)
    return render_template(
        "children/duplicate.html",
        compared=compared,
        finding=finding,
        child=child,
        is_waiting=is_waiting,
        may_decide=is_waiting and may_decide_duplicate(viewer, child),
        is_own=is_waiting and supervises and viewer.user_id == finding.found_by_id,
        may_name_other=supervises or queries.sees_child(viewer, finding.other),
        form=form,
        today=clock.today(),
        hints={
            str(DuplicateDecision.ANOTHER_CHILD): _("The file goes on, and help can be asked for."),
            str(DuplicateDecision.SAME_CHILD): _(
                "This file is closed. The child is helped by the other file."
            ),
        },
    )
