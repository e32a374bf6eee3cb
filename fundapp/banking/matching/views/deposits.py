"""Cash that is paid into the bank."""

from flask import url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking.matching import operations
from fundapp.banking.matching.money_forms import DepositForm
from fundapp.banking.queries.money_accounts import list_money_accounts
from fundapp.banking.views.blueprint import blueprint, page
from fundapp.ids import new_public_id
from fundapp.ledger.errors import IdempotencyConflictError
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/deposits/new")
@requires(Permission.STATEMENT_MATCH)
def new_cash_deposit() -> str:
    """The form that pays cash into a bank account."""
    return _form_page(DepositForm(list_money_accounts()))


@blueprint.post("/deposits/new")
@requires(Permission.STATEMENT_MATCH)
def record_cash_deposit() -> Answer:
    """Book it; the same form sent twice is one deposit."""
    form, actor = DepositForm(list_money_accounts()), current_actor()
    return submit(
        form,
        lambda: operations.deposit_cash(
            form.deposit, slip=form.slip.data, key=form.form_id.data or "", actor=actor
        ),
        done=lambda _posted: redirect_with(
            _("The deposit is booked. Match it with its line when the bank states it."),
            url_for("giving.cash"),
        ),
        page=lambda: _form_page(form),
    )


def _form_page(form: DepositForm) -> str:
    if isinstance(form.refusal, IdempotencyConflictError):
        form.form_id.data = new_public_id()  # sent again, it is another deposit
    return page("new_deposit", form=form)
