"""Opening bank accounts, freezing and releasing them; the styles of files beside them."""

from collections.abc import Callable

from flask import render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.banking.forms import BankAccountForm
from fundapp.banking.kinds import RELEASED
from fundapp.banking.operations.accounts import (
    ACCOUNT_RELEASE,
    freeze_account,
    propose_bank_account,
)
from fundapp.banking.queries.accounts import list_bank_accounts, list_free_mirrors
from fundapp.banking.statement_files.queries import list_profiles
from fundapp.banking.views.blueprint import blueprint
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.proposals.queries import find_open_proposals
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit


@blueprint.get("/settings")
@requires(Permission.HOUSE_PROPOSE)
def account_settings() -> str:
    """The bank accounts and the styles of files, for whoever proposes changes of them."""
    return _page(ButtonForm())


@blueprint.get("/settings/new")
@requires(Permission.HOUSE_PROPOSE)
def new_account() -> str:
    """The form of a new bank account."""
    return _form_page(BankAccountForm())


@blueprint.post("/settings/new")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def add_account() -> Answer:
    """Propose to open it."""
    form, actor = BankAccountForm(), current_actor()
    form.offer(list_free_mirrors())
    return _submit(
        form,
        lambda: propose_bank_account(form.code.data, **form.values, actor=actor),
        lambda: _form_page(form),
    )


@blueprint.post("/settings/<code>/freeze")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def freeze_bank_account(code: str) -> Answer:
    """Freeze it at once."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: freeze_account(code, actor=actor),
        done=lambda _account: redirect_with(
            _("The bank account is frozen. Two people release it."),
            url_for("banking.account_settings", _anchor=f"account-{code}"),
        ),
        page=lambda: _page(form),
    )


@blueprint.post("/settings/<code>/release")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def release_bank_account(code: str) -> Answer:
    """Propose to release it."""
    form, actor = ButtonForm(), current_actor()
    return _submit(
        form,
        lambda: make_proposal(ACCOUNT_RELEASE, code, RELEASED, actor=actor),
        lambda: _page(form),
    )


def _submit(form: BaseForm, work: Callable[[], Proposal], page: Callable[[], str]) -> Answer:
    return submit(
        form,
        work,
        done=lambda proposal: redirect_with(
            _("Proposed. It holds when an administrator confirms it."),
            url_for("proposals.show", public_id=proposal.public_id),
        ),
        page=page,
    )


def _page(form: ButtonForm) -> str:
    accounts, waiting = list_bank_accounts(), find_open_proposals(ACCOUNT_RELEASE)
    return render_template(
        "banking/settings.html",
        form=form,
        accounts=accounts,
        waiting={each.code: waiting.get((ACCOUNT_RELEASE, each.code)) for each in accounts},
        profiles=list_profiles(),
    )


def _form_page(form: BankAccountForm) -> str:
    form.offer(list_free_mirrors())
    return render_template(
        "proposals/form.html",
        form=form,
        title=_("Opening a bank account"),
        back_url=url_for("banking.account_settings"),
    )
