"""The pages of the bank reconciliation: one account, and every account on one day."""

from flask import request

from fundapp import clock
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking.queries.accounts import get_bank_account, list_bank_accounts
from fundapp.banking.reconciliation.days import account_day
from fundapp.banking.reconciliation.forms import EndOfDayForm, ReconciliationForm
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


@blueprint.get("/reconciliation/accounts")
@requires(Permission.STATEMENT_READ)
def account_days() -> tuple[str, int]:
    """Every bank account, cash box and the card processor at the end of a day."""
    form = EndOfDayForm(request.args)
    is_valid = form.validate()
    day = min(form.day.data or clock.today(), clock.today()) if is_valid else clock.today()
    body = page("account_days", form=form, day=day, rows=account_day(day) if is_valid else [])
    return body, 200 if is_valid else 422
