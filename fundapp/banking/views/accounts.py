"""The accounts that the funds' money lies in, and the form that changes what pays into one."""

from flask import current_app, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.banking.forms import PromptPayForm
from fundapp.banking.models import BankAccount
from fundapp.banking.operations.accounts import PROMPTPAY, propose_promptpay
from fundapp.banking.policy import may_propose_banking
from fundapp.banking.queries.accounts import find_bank_account
from fundapp.banking.queries.money_accounts import list_money_accounts
from fundapp.banking.views.blueprint import blueprint, page
from fundapp.giving.payment_instructions import PromptPayIds
from fundapp.ledger.chart import BANK_MAIN
from fundapp.proposals.queries import find_open_proposal
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/accounts")
@requires(Permission.STATEMENT_READ)
def accounts() -> str:
    """Bank accounts and cash boxes: their funds, what lies in them, and what pays into them."""
    return page(
        "accounts",
        rows=list_money_accounts(),
        main_account=BANK_MAIN,
        settings=PromptPayIds.of_settings(current_app.config),
        may_change=may_propose_banking(current_actor()),
    )


@blueprint.get("/accounts/<code>")
@requires(Permission.HOUSE_PROPOSE)
def account(code: str) -> str:
    """The form that changes the PromptPay ids of a bank account."""
    account = find_bank_account(code)
    return _form_page(account, PromptPayForm.of(account))


@blueprint.post("/accounts/<code>")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def change_account(code: str) -> Answer:
    """Propose others."""
    form, actor = PromptPayForm(), current_actor()
    return submit(
        form,
        lambda: propose_promptpay(
            code,
            promptpay_biller=form.promptpay_biller.data,
            promptpay_id=form.promptpay_id.data,
            version=form.version_number,
            actor=actor,
        ),
        done=lambda proposal: redirect_with(
            _("Proposed. Pledges show the new code when an administrator confirms it."),
            url_for("proposals.show", public_id=proposal.public_id),
        ),
        page=lambda: _form_page(find_bank_account(code), form),
    )


def _form_page(account: BankAccount, form: PromptPayForm) -> str:
    waiting = find_open_proposal(PROMPTPAY, account.code)
    return page("account", account=account, form=form, waiting=waiting)
