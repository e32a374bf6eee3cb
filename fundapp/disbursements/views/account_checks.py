"""Verifying the bank details of payees: a page of requests that wait, and one request."""

from collections.abc import Mapping

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.db import unit_of_reading
from fundapp.disbursements import operations
from fundapp.disbursements.account_names import read_account_names
from fundapp.disbursements.forms import AccountCheckForm, AccountChecksForm, AccountNamesForm
from fundapp.disbursements.operations.account_checks import AccountToVerify
from fundapp.disbursements.views.blueprint import blueprint
from fundapp.disbursements.views.request_actions import carry_out
from fundapp.paging import int_key
from fundapp.thai.banks import banks
from fundapp.thai.folding import bare_number
from fundapp.thai.names import fold_name
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/accounts")
@requires(Permission.DISBURSEMENT_VERIFY)
def accounts() -> str:
    """The bank details that wait to be verified, the oldest first; each is read."""
    return _page(AccountChecksForm(formdata=None))


@blueprint.post("/accounts")
@requires(Permission.DISBURSEMENT_VERIFY)
@fresh_factor
def verify_accounts() -> Answer:
    """Verify the ticked ones."""
    form, actor = AccountChecksForm().take(request.form.getlist("accounts")), current_actor()
    return submit(
        form,
        lambda: operations.verify_accounts(
            form.accounts.data or (), checked_by=form.checked_by.value, actor=actor
        ),
        done=lambda checks: redirect_with(
            ngettext("%(num)s line verified.", "%(num)s lines verified.", len(checks)),
            url_for("disbursements.accounts"),
        ),
        page=lambda: _page(form),
        refused=lambda _error: _page(form),
    )


@blueprint.post("/accounts/names")
@requires(Permission.DISBURSEMENT_VERIFY)
@fresh_factor
def compare_names() -> Answer:
    """Compare the page with the answer file of the bank; nothing is changed by that."""
    form = AccountNamesForm()
    return submit(
        form,
        lambda: read_account_names(form.file.content() or b""),
        done=lambda names: (_page(AccountChecksForm(formdata=None), names=names), 200),
        page=lambda: _page(AccountChecksForm(formdata=None), names_form=form),
    )


@blueprint.post("/<public_id>/verify")
@requires(Permission.DISBURSEMENT_VERIFY)
@fresh_factor
def verify_account(public_id: str) -> Answer:
    """Note what was found of the bank details of one request."""
    form, actor = AccountCheckForm(), current_actor()
    return carry_out(
        public_id,
        form,
        lambda: operations.verify_account(
            public_id,
            version=form.version_number,
            answer=form.answer.value,
            checked_by=form.checked_by.value,
            words=form.words.data,
            actor=actor,
        ),
        _("Noted. It stays with the request."),
    )


def _page(
    form: AccountChecksForm,
    *,
    names_form: AccountNamesForm | None = None,
    names: Mapping[str, str] | None = None,
) -> str:
    """The page. Ticked are the lines that were sent, those that the bank's file confirms, or all
    that nothing speaks against, as the address asks.
    """
    after = int_key(request.args.get("after"))
    page = unit_of_reading(operations.read_accounts_to_verify, after=after, actor=current_actor())
    confirmed = {row.key for row in page.rows if _is_confirmed(row, names or {})}
    everything = request.args.get("ticked") == "all"
    ticked = {row.key for row in page.rows if everything and row.is_shown and not row.warnings}
    return render_template(
        "disbursements/accounts.html",
        page=page,
        form=form,
        names_form=names_form or AccountNamesForm(formdata=None),
        names=names,
        bare_number=bare_number,
        ticked=ticked | confirmed | set(form.accounts.data or ()),
        confirmed=confirmed,
        banks=banks(),
        after=after,
    )


def _is_confirmed(row: AccountToVerify, names: Mapping[str, str]) -> bool:
    """Whether the bank's file has the name of the payee for the account."""
    name = names.get(bare_number(row.account.number), "") if row.account else ""
    return bool(name) and fold_name(name) == fold_name(row.payee_name)
