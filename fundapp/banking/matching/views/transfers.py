"""Money moved between accounts of a fund before the bank states it."""

from flask import url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking.matching import operations, queries
from fundapp.banking.matching.forms import (
    TransferForm,
)
from fundapp.banking.views.blueprint import blueprint, page
from fundapp.ids import new_public_id
from fundapp.ledger.errors import IdempotencyConflictError
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/transfers/new")
@requires(Permission.STATEMENT_MATCH)
def new_transfer() -> str:
    """The form that moves money between two accounts of a fund."""
    return _form_page(TransferForm(queries.list_own_moves()))


@blueprint.post("/transfers/new")
@requires(Permission.STATEMENT_MATCH)
def record_transfer() -> Answer:
    """Record it; the same form sent twice is one transfer."""
    form, actor = TransferForm(queries.list_own_moves()), current_actor()
    return submit(
        form,
        lambda: operations.record_transfer(
            form.transfer(), slip=form.slip.data, key=form.form_id.data, actor=actor
        ),
        done=lambda _posted: redirect_with(
            _("The transfer is booked. Match its lines when the bank states them."),
            url_for("banking.accounts"),
        ),
        page=lambda: _form_page(form),
    )


def _form_page(form: TransferForm) -> str:
    if isinstance(form.refusal, IdempotencyConflictError):
        form.form_id.data = new_public_id()  # sent again, it is another transfer
    return page("new_transfer", form=form)
