"""The page of the bank reconciliation."""

from flask import request

from fundapp import clock
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking.queries.accounts import get_bank_account, list_bank_accounts
from fundapp.banking.reconciliation.forms import ReconciliationForm
from fundapp.banking.reconciliation.queries import reconcile
from fundapp.banking.views.blueprint import blueprint, page


@blueprint.get("/reconciliation")
@requires(Permission.STATEMENT_READ)
def reconciliation() -> tuple[str, int]:
    """The bank's balance, the books' balance, and every difference by name."""
    accounts = list_bank_accounts()
    form = ReconciliationForm(request.args, accounts)
    is_valid = form.validate()
    day = form.day.data or clock.today()
    result = reconcile(get_bank_account(form.account.data), day) if accounts and is_valid else None
    body = page("reconciliation", form=form, accounts=accounts, day=day, reconciliation=result)
    return body, 200 if is_valid else 422
