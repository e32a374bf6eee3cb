"""The bank proof."""

from flask import request

from fundapp import clock
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking import queries
from fundapp.banking.forms import ProofForm
from fundapp.banking.views.blueprint import blueprint, page


@blueprint.get("/reconciliation")
@requires(Permission.STATEMENT_READ)
def reconciliation() -> tuple[str, int]:
    """The bank's balance, the books' balance, and every difference by name."""
    accounts = queries.list_bank_accounts()
    form = ProofForm(request.args, accounts, clock.today())
    is_right = form.validate()
    proof = None
    if accounts and is_right:
        account = queries.get_bank_account(form.account.data or "")
        proof = queries.reconcile(account, form.wanted_on)
    body = page("reconciliation", form=form, accounts=accounts, proof=proof)
    return body, 200 if is_right else 422
