"""Batches of gifts with control totals."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.giving.gift_batches import operations, queries
from fundapp.giving.gift_batches.forms import BatchForm, GiverListForm, RowForm
from fundapp.giving.gift_batches.policy import may_keep_batches
from fundapp.giving.gift_batches.reader import giver_of
from fundapp.giving.models import GiftBatchRow
from fundapp.giving.queries import list_donors, list_gift_funds
from fundapp.giving.views.blueprint import blueprint
from fundapp.ledger.queries import get_account
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit

_MOST_FOUND = 10


@dataclass(frozen=True, slots=True)
class _ShownRow:
    """A row as the page shows it."""

    row: GiftBatchRow
    name: str


@blueprint.get("/batches")
@requires(Permission.PAYMENT_READ)
def batches() -> str:
    """Batches, or only those that are not posted yet, those of the last day first."""
    is_open = request.args.get("state") == "open"
    return render_template(
        "giving/gift_batches/batches.html",
        page=queries.list_batches(is_open=is_open, after=request.args.get("after")),
        is_open=is_open,
        may_keep=may_keep_batches(current_actor()),
    )


@blueprint.get("/batches/new")
@requires(Permission.PAYMENT_RECORD)
def new_batch() -> str:
    """The form for what is expected of a batch."""
    return _begin_page(_batch_form())


@blueprint.post("/batches/new")
@requires(Permission.PAYMENT_RECORD)
def begin_batch() -> Answer:
    """Begin it."""
    form, actor = _batch_form(), current_actor()
    return submit(
        form,
        lambda: (
            operations.begin_batch(form.draft, key=form.form_id.data or "", actor=actor).public_id
        ),
        done=lambda public_id: redirect_with(
            _("The batch is begun. Record its gifts."),
            url_for("giving.batch", public_id=public_id),
        ),
        page=lambda: _begin_page(form),
    )


@blueprint.get("/batches/<public_id>")
@requires(Permission.PAYMENT_READ)
def batch(public_id: str) -> str:
    """A batch with its gifts, what is still missing, and the forms to add some."""
    return _batch_page(public_id)


@blueprint.post("/batches/<public_id>/find")
@requires(Permission.PAYMENT_RECORD)
def find_batch_donor(public_id: str) -> str:
    """Known donors by name or e-mail address, which stay out of the address of the page."""
    return _batch_page(public_id, search=request.form.get("q", "").strip())


@blueprint.post("/batches/<public_id>/rows")
@requires(Permission.PAYMENT_RECORD)
def add_batch_row(public_id: str) -> Answer:
    """Add one gift."""
    form, actor = RowForm(), current_actor()
    return submit(
        form,
        lambda: operations.add_rows(
            public_id, [form.row], key=form.form_id.data or "", actor=actor
        ),
        done=lambda _batch: redirect_with(
            _("The gift is added."), url_for("giving.batch", public_id=public_id, _anchor="add")
        ),
        page=lambda: _batch_page(public_id, form),
    )


@blueprint.post("/batches/<public_id>/list")
@requires(Permission.PAYMENT_RECORD)
def add_batch_list(public_id: str) -> Answer:
    """Add the gifts of a list."""
    form, actor = GiverListForm(), current_actor()
    return submit(
        form,
        lambda: operations.add_rows(public_id, form.rows, key=form.form_id.data or "", actor=actor),
        done=lambda _batch: redirect_with(
            ngettext(
                "%(num)s gift of the list is added.",
                "%(num)s gifts of the list are added.",
                len(form.rows),
            ),
            url_for("giving.batch", public_id=public_id),
        ),
        page=lambda: _batch_page(public_id, form),
    )


@blueprint.post("/batches/<public_id>/rows/<int:position>/remove")
@requires(Permission.PAYMENT_RECORD)
def remove_batch_row(public_id: str, position: int) -> Answer:
    """Take a gift out again."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.take_row_out(public_id, position, actor=actor),
        done=lambda _batch: redirect_with(
            _("The gift is taken out."), url_for("giving.batch", public_id=public_id)
        ),
        page=lambda: _batch_page(public_id, form),
    )


@blueprint.post("/batches/<public_id>/post")
@requires(Permission.PAYMENT_RECORD)
def post_batch(public_id: str) -> Answer:
    """Post all of it."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: len(operations.post_batch(public_id, actor=actor)),
        done=lambda count: redirect_with(
            ngettext(
                "The batch is posted: %(num)s receipt is issued.",
                "The batch is posted: %(num)s receipts are issued.",
                count,
            ),
            url_for("giving.batch", public_id=public_id),
        ),
        page=lambda: _batch_page(public_id, form),
    )


@blueprint.post("/batches/<public_id>/cancel")
@requires(Permission.PAYMENT_RECORD)
def cancel_batch(public_id: str) -> Answer:
    """Give it up."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.cancel_batch(public_id, actor=actor),
        done=lambda _batch: redirect_with(
            _("The batch is cancelled. Nothing of it was booked."), url_for("giving.batches")
        ),
        page=lambda: _batch_page(public_id, form),
    )


def _batch_form() -> BatchForm:
    return BatchForm(list_gift_funds(), queries.list_senders())


def _begin_page(form: BatchForm) -> str:
    return render_template("giving/gift_batches/new_batch.html", form=form)


def _batch_page(public_id: str, sent: BaseForm | None = None, search: str = "") -> str:
    """The page of a batch; ``sent`` is a form that was refused."""
    shown = queries.get_batch(public_id)
    found = list_donors(search, limit=_MOST_FOUND).rows if search else []
    return render_template(
        "giving/gift_batches/batch.html",
        batch=shown,
        account=get_account(shown.account_code),
        rows=[_ShownRow(row, _name_of(row)) for row in shown.rows],
        row_form=sent if isinstance(sent, RowForm) else RowForm(formdata=None),
        list_form=sent if isinstance(sent, GiverListForm) else GiverListForm(formdata=None),
        refused=sent if isinstance(sent, ButtonForm) else None,
        search=search,
        found=[each.donor for each in found],
        may_keep=may_keep_batches(current_actor()),
    )


def _name_of(row: GiftBatchRow) -> str:
    if row.payment is not None:
        return row.payment.donor.name
    return row.donor.name if row.donor else giver_of(row).name
