"""The page of a fund, and the forms that propose it otherwise."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.ledger import kinds, queries
from fundapp.ledger.chart import FundAccounts
from fundapp.ledger.forms import (
    FundAccountsForm,
    FundOpeningForm,
    FundSettingsForm,
    LetGoLimitForm,
    TaxWordingForm,
)
from fundapp.ledger.kinds.values import settings_of
from fundapp.ledger.models import FundStatus
from fundapp.ledger.obstacles import find_obstacles
from fundapp.ledger.operations import freeze_fund
from fundapp.ledger.policy import may_freeze_fund
from fundapp.ledger.views.blueprint import blueprint, propose
from fundapp.proposals.queries import (
    find_open_proposal,
    find_open_proposals,
    version_of_values,
)
from fundapp.proposals.registry import find_kind
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit
from fundapp.web.locale import localized, translated


@blueprint.get("/funds/new")
@requires(Permission.HOUSE_PROPOSE)
def new_fund() -> str:
    """The form of a new fund."""
    return _opening_page(FundOpeningForm.empty())


@blueprint.post("/funds/new")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def add_fund() -> Answer:
    """Propose to open it."""
    form = FundOpeningForm()
    form.offer(queries.list_accounts())
    return propose(
        form,
        kinds.FUND_OPENING,
        lambda: form.code.data,
        lambda: kinds.opening_values(
            form.restriction.value, form.settings, form.accounts, form.texts
        ),
        page=lambda: _opening_page(form),
    )


@blueprint.get("/funds/<code>")
@requires(Permission.HOUSE_PROPOSE)
def fund(code: str) -> str:
    """Everything that two people change of a fund, and what they propose now."""
    return _fund_page(code, ButtonForm())


@blueprint.get("/funds/<code>/settings")
@requires(Permission.HOUSE_PROPOSE)
def fund_settings(code: str) -> str:
    """The form of its names, purposes, least gift, goal and place."""
    data = FundSettingsForm.data_of_settings(settings_of(queries.get_fund(code)))
    return _form_page(
        code, kinds.FUND_SETTINGS, _filled(FundSettingsForm, kinds.FUND_SETTINGS, code, data)
    )


@blueprint.post("/funds/<code>/settings")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def change_fund_settings(code: str) -> Answer:
    """Propose others."""
    form = FundSettingsForm()
    return propose(
        form,
        kinds.FUND_SETTINGS,
        lambda: code,
        lambda: kinds.settings_values(form.settings),
        page=lambda: _form_page(code, kinds.FUND_SETTINGS, form),
    )


@blueprint.get("/funds/<code>/accounts")
@requires(Permission.HOUSE_PROPOSE)
def fund_accounts(code: str) -> str:
    """The form of the accounts that its money may lie in."""
    data = FundAccountsForm.data_of_accounts(FundAccounts.of(queries.get_fund(code)))
    form = _filled(FundAccountsForm, kinds.FUND_ACCOUNTS, code, data)
    form.offer(queries.list_accounts())
    return _form_page(code, kinds.FUND_ACCOUNTS, form)


@blueprint.post("/funds/<code>/accounts")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def change_fund_accounts(code: str) -> Answer:
    """Propose others."""
    form = FundAccountsForm()
    form.offer(queries.list_accounts())
    return propose(
        form,
        kinds.FUND_ACCOUNTS,
        lambda: code,
        lambda: kinds.accounts_values(form.accounts),
        page=lambda: _form_page(code, kinds.FUND_ACCOUNTS, form),
    )


@blueprint.get("/funds/<code>/tax-wording")
@requires(Permission.HOUSE_PROPOSE)
def tax_wording(code: str) -> str:
    """The form of what its receipts say about tax."""
    fund = queries.get_fund(code)
    data = {
        **TaxWordingForm.data_of(queries.get_tax_texts(fund)),
        "is_deductible": queries.is_gift_deductible(fund),
    }
    form = _filled(TaxWordingForm, kinds.TAX_WORDING, code, data)
    return _form_page(code, kinds.TAX_WORDING, form)


@blueprint.post("/funds/<code>/tax-wording")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def change_tax_wording(code: str) -> Answer:
    """Propose another sentence."""
    form = TaxWordingForm()
    return propose(
        form,
        kinds.TAX_WORDING,
        lambda: code,
        lambda: kinds.wording_values(form.texts, is_deductible=form.is_deductible.data),
        page=lambda: _form_page(code, kinds.TAX_WORDING, form),
    )


@blueprint.get("/funds/<code>/let-go")
@requires(Permission.HOUSE_PROPOSE)
def let_go_limit(code: str) -> str:
    """The form of what it lets go."""
    data = {"limit": queries.get_fund(code).let_go_limit_satang}
    return _form_page(
        code, kinds.LET_GO_LIMIT, _filled(LetGoLimitForm, kinds.LET_GO_LIMIT, code, data)
    )


@blueprint.post("/funds/<code>/let-go")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def change_let_go_limit(code: str) -> Answer:
    """Propose another limit."""
    form = LetGoLimitForm()
    return propose(
        form,
        kinds.LET_GO_LIMIT,
        lambda: code,
        lambda: {"satang": form.limit.data or 0},
        page=lambda: _form_page(code, kinds.LET_GO_LIMIT, form),
    )


@blueprint.post("/funds/<code>/close")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def close_fund(code: str) -> Answer:
    """Propose to close it."""
    return _propose_status(code, FundStatus.CLOSED)


@blueprint.post("/funds/<code>/reopen")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def reopen_fund(code: str) -> Answer:
    """Propose to open it again."""
    return _propose_status(code, FundStatus.OPEN)


@blueprint.post("/funds/<code>/freeze")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def freeze(code: str) -> Answer:
    """Freeze it at once."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: freeze_fund(code, actor=actor),
        done=lambda _fund: redirect_with(
            _("The fund is frozen. Two people open it again."), url_for("ledger.fund", code=code)
        ),
        page=lambda: _fund_page(code, form),
    )


def _propose_status(code: str, status: FundStatus) -> Answer:
    form = ButtonForm()
    return propose(
        form,
        kinds.FUND_STATUS,
        lambda: code,
        lambda: kinds.status_values(status),
        page=lambda: _fund_page(code, form),
    )


def _filled(form: type[Any], kind: str, code: str, data: Mapping[str, Any]) -> Any:
    """The form with what is so now."""
    return form(formdata=None, data={**data, "version": version_of_values(kind, code)})


def _opening_page(form: FundOpeningForm) -> str:
    form.offer(queries.list_accounts())
    return render_template(
        "proposals/form.html",
        form=form,
        title=_("Opening a fund"),
        back_url=url_for("ledger.settings"),
    )


def _form_page(code: str, kind: str, form: BaseForm) -> str:
    fund = queries.get_fund(code)
    return render_template(
        "proposals/form.html",
        form=form,
        title=_(find_kind(kind).title),
        subject=localized(fund),
        back_url=url_for("ledger.fund", code=code),
        waiting=find_open_proposal(kind, code),
    )


def _fund_page(code: str, form: ButtonForm) -> str:
    fund = queries.get_fund(code)
    names = (
        kinds.FUND_SETTINGS,
        kinds.FUND_ACCOUNTS,
        kinds.TAX_WORDING,
        kinds.LET_GO_LIMIT,
        kinds.FUND_STATUS,
    )
    shown = {name: find_kind(name) for name in names}
    waiting = find_open_proposals(*names)
    return render_template(
        "ledger/fund.html",
        form=form,
        fund=fund,
        rows={name: kind.rows(kind.read(code)) for name, kind in shown.items()},
        titles={name: _(kind.title) for name, kind in shown.items()},
        waiting={name: waiting.get((name, code)) for name in names},
        obstacles=[] if fund.is_closed else [translated(each) for each in find_obstacles(fund)],
        may_freeze=fund.is_open and may_freeze_fund(current_actor()),
    )
