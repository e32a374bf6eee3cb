"""The officer's list of donors who may be one."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.giving import operations, queries
from fundapp.giving.forms import MergeForm
from fundapp.giving.views.blueprint import blueprint
from fundapp.paging import int_key
from fundapp.web.forms import Answer, BaseForm, redirect_with, submit


@blueprint.get("/donors/duplicates")
@requires(Permission.DONOR_READ)
def likely_pairs() -> str:
    """Pairs of donors who may be one, with the reasons."""
    return _page()


@blueprint.post("/donors/<public_id>/same")
@requires(Permission.PAYMENT_RECORD)
def merge_pair(public_id: str) -> Answer:
    """Merge the donor into the other of the pair, whose file shows both."""
    form, actor = MergeForm(), current_actor()
    return submit(
        form,
        lambda: operations.merge_donor(public_id, into=form.into.data or "", actor=actor),
        done=lambda _donor: redirect_with(
            _("The two are one donor now. You can undo this in the donor's file."), _list_url()
        ),
        page=lambda: _page(form),
    )


@blueprint.post("/donors/<public_id>/different")
@requires(Permission.PAYMENT_RECORD)
def tell_pair_apart(public_id: str) -> Answer:
    """Remember that the two of a pair are not the same."""
    form, actor = MergeForm(), current_actor()
    return submit(
        form,
        lambda: operations.tell_apart(public_id, form.into.data or "", actor=actor),
        done=lambda _none: redirect_with(
            _("It is remembered: these two are not the same."), _list_url()
        ),
        page=lambda: _page(form),
    )


def _list_url() -> str:
    return url_for("giving.likely_pairs", after=request.args.get("after"))


def _page(form: BaseForm | None = None) -> str:
    after = request.args.get("after")
    return render_template(
        "giving/likely_pairs.html",
        page=queries.list_likely_pairs(after=int_key(after)),
        after=after,
        form=form,
        may_record=current_actor().can(Permission.PAYMENT_RECORD),
    )
