"""The list of children, the search, a child's file, and closing it."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.children import operations, queries
from fundapp.children.casework.models import ZakatGroup
from fundapp.children.casework.operations import read_zakat_group
from fundapp.children.errors import UnknownChildError
from fundapp.children.files import FoundChildren
from fundapp.children.forms import (
    ChildFilterForm,
    ChildMergeForm,
    CloseForm,
    ConsentForm,
    FindForm,
    UndoMergeForm,
)
from fundapp.children.models import ASKED_KINDS, Child, ChildStatus
from fundapp.children.policy import (
    may_decide_duplicate,
    may_hold_zakat_group,
    may_receive_help,
)
from fundapp.children.views.blueprint import blueprint
from fundapp.clock import today
from fundapp.db import unit_of_reading
from fundapp.paging import int_key
from fundapp.trail.queries import Span
from fundapp.web.forms import Answer, BaseForm, DaysFilter, redirect_with, submit
from fundapp.web.limits import take_try

#: How many reads of the last 90 days the file shows; the list of reads shows all.
SHOWN_READS = 25


@blueprint.get("/children")
@requires(Permission.CHILD_READ)
def index() -> str:
    """The children the viewer may see, newest first."""
    return list_page(FindForm(formdata=None))


@blueprint.get("/children/find")
@requires(Permission.CHILD_READ)
def find_by_code() -> Answer:
    """Redirect to the file with exactly this code; identity numbers are never in an address."""
    child = queries.find_by_code(request.args.get("id", ""), viewer=current_actor())
    if child is not None:
        return file_redirect(child)
    form = FindForm(formdata=None)
    form.refuse(UnknownChildError(field="id"))
    return list_page(form), 422


@blueprint.post("/children/find")
@requires(Permission.CHILD_READ)
def find() -> Answer:
    """Redirect to the file with exactly this identity number or code, or list those whose name is
    like it.
    """
    form, actor = FindForm(), current_actor()

    def done(found: FoundChildren) -> Answer:
        if found.child is not None:
            return file_redirect(found.child)
        if found.names:
            names = found.names
            return render_template("children/found.html", find_form=form, names=names), 200
        form.refuse(UnknownChildError(field="id"))
        return list_page(form), 422

    return submit(
        form,
        lambda: operations.look_up_child(form.id.data, actor=actor),
        done=done,
        page=lambda: list_page(form),
        before=lambda: take_try("LIMIT_LOOK_UP", actor.ref),
    )


@blueprint.get("/children/<public_id>")
@requires(Permission.CHILD_READ)
def show(public_id: str) -> str:
    """A child's file."""
    return file_page(public_id)


@blueprint.post("/children/<public_id>/close")
@requires(Permission.CHILD_REGISTER)
def close(public_id: str) -> Answer:
    """Close a file with a reason."""
    form, actor = CloseForm(), current_actor()
    return submit(
        form,
        lambda: operations.close_child(public_id, form.reason.value, actor=actor),
        done=lambda child: redirect_with(_("The file is closed."), file_url(child)),
        page=lambda: file_page(public_id, form),
    )


def file_url(child: Child) -> str:
    """The address of a child's file."""
    return url_for("children.show", public_id=child.public_id)


def file_redirect(child: Child) -> Response:
    """303 to a child's file."""
    return redirect(file_url(child), 303)


def list_page(find_form: FindForm) -> str:
    """The list of children with the search form; the names on it are read."""
    viewer = current_actor()
    districts = queries.list_own_districts(viewer, Permission.CHILD_READ)
    filters = ChildFilterForm(request.args).offer(districts)
    page = queries.list_children(
        viewer=viewer,
        district_code=filters.district.data,
        status=filters.status.member,
        after=int_key(request.args.get("after")),
    )
    return render_template(
        "children/index.html",
        find_form=find_form,
        names=unit_of_reading(operations.read_names, page.rows, actor=viewer),
        page=page,
        filters=filters,
        districts=districts,
    )


def file_page(public_id: str, sent: BaseForm | None = None) -> str:
    """A child's file with its forms, which is a read; ``sent`` is the form that was refused."""
    viewer = current_actor()
    file = unit_of_reading(operations.read_file, public_id, actor=viewer)
    child = file.child
    merge, merged = queries.find_merge(child), queries.list_merged(child)
    seen = queries.seen_of(viewer, merged)
    decides = may_decide_duplicate(viewer, child)
    may_withdraw = queries.sees_child(viewer, child, Permission.CHILD_REGISTER)
    return render_template(
        "children/show.html",
        file=file,
        child=child,
        zakat=unit_of_reading(read_zakat_group, public_id, actor=viewer),
        zakat_groups=ZakatGroup,
        zakat_consented=may_hold_zakat_group(child, today()),
        is_corrected=queries.is_corrected(child),
        papers=queries.list_papers(child),
        finding=queries.find_finding(child),
        siblings=queries.list_siblings(child, viewer=viewer),
        reads=queries.list_reads(Span(*DaysFilter().bounds), child=child, limit=SHOWN_READS).rows,
        may_change=may_withdraw and child.status is not ChildStatus.CLOSED,
        may_withdraw=may_withdraw,
        may_receive_help=may_receive_help(child, today()),
        today=today(),
        sent=sent,
        form_kinds=ASKED_KINDS,
        merge=merge,
        merged=merged,
        seen_merged={other.public_id for other in merged if other.id in seen},
        may_merge=decides and child.status is ChildStatus.ACTIVE,
        may_undo_merge=decides and merge is not None,
        merge_form=sent if isinstance(sent, ChildMergeForm) else ChildMergeForm(formdata=None),
        undo_form=sent if isinstance(sent, UndoMergeForm) else UndoMergeForm(formdata=None),
        consent_form=sent if isinstance(sent, ConsentForm) else ConsentForm(formdata=None),
        close_form=sent if isinstance(sent, CloseForm) else CloseForm(formdata=None),
    )
