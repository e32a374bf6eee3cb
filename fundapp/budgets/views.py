"""Pages of budgets against what was spent, and of transfers between funds."""

from datetime import date

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.budgets import kinds, queries
from fundapp.budgets.forms import (
    BudgetFilter,
    FundTransferForm,
    TransferRuleForm,
    amounts_of,
    budget_form,
)
from fundapp.budgets.operations import SOURCE_TYPE
from fundapp.budgets.policy import may_ever_give, may_ever_take
from fundapp.budgets.queries import ChargePart, Charges
from fundapp.budgets.steps import YEARS_AHEAD, YEARS_BACK
from fundapp.csv_safety import baht_cell
from fundapp.documents.operations import store_document
from fundapp.documents.papers import open_paper
from fundapp.documents.queries import get_document
from fundapp.documents.serving import document_response
from fundapp.errors import NotFoundError
from fundapp.ids import new_public_id
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.kinds import account_labels
from fundapp.ledger.queries import get_account, get_fund, list_funds, list_open_funds
from fundapp.ledger.views.blueprint import propose
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.proposals.queries import find_open_proposal, find_open_proposals, version_of_values
from fundapp.thai.calendar import fiscal_year_be
from fundapp.web.downloads import csv_download, wants_csv
from fundapp.web.forms import Answer, BaseForm, redirect_with, submit
from fundapp.web.locale import localized

blueprint = Blueprint("budgets", __name__)

#: How many fiscal years before that of today the page offers.
_YEARS_SHOWN = 6


@blueprint.get("/budgets")
@requires(Permission.JOURNAL_READ)
def index() -> str | Response | tuple[str, int]:
    """Budget, committed, spent and left, by fund and kind of expense, in a fiscal year."""
    this_year = fiscal_year_be(clock.today())
    years = range(this_year + YEARS_AHEAD, this_year - _YEARS_SHOWN, -1)
    form = BudgetFilter(request.args, list_funds(), list(years))
    is_valid = form.validate()
    form.year.data = form.year.data if is_valid and form.year.data else str(this_year)
    year = int(form.year.data)
    budgets = queries.list_budgets(year, (form.fund.data or None) if is_valid else None)
    if is_valid and wants_csv():
        return _csv(year, budgets)
    first, last = this_year - YEARS_BACK, this_year + YEARS_AHEAD
    body = render_template(
        "budgets/index.html",
        form=form,
        year=year,
        budgets=budgets,
        may_propose=current_actor().can(Permission.HOUSE_PROPOSE) and first <= year <= last,
        waiting=find_open_proposals(kinds.BUDGET),
        subject=kinds.budget_subject,
        parts=ChargePart,
    )
    return body, 200 if is_valid else 422


@blueprint.get("/budgets/<code>/<account>/charges")
@requires(Permission.JOURNAL_READ)
def charges(code: str, account: str) -> str:
    """The entries and requests behind a figure: of a fund's expense, in some days."""
    asked = request.args
    part = asked.get("part", "")
    try:
        days = date.fromisoformat(asked["from_on"]), date.fromisoformat(asked["to_on"])
        chosen = Charges(code, account, *days, ChargePart(part) if part else None)
    except (KeyError, ValueError):
        raise NotFoundError from None
    return render_template(
        "budgets/charges.html",
        fund=get_fund(code),
        account=get_account(account),
        charges=chosen,
        parts=ChargePart,
        page=queries.list_charges(chosen, after=asked.get("after")),
        sees_requests=current_actor().can(Permission.DISBURSEMENT_READ),
    )


@blueprint.get("/budgets/<code>/<int:year>/propose")
@requires(Permission.HOUSE_PROPOSE)
def budget(code: str, year: int) -> str:
    """The form of the budget of a fund in a year."""
    subject = kinds.budget_subject(code, year)
    accounts = queries.list_expense_accounts()
    data: dict[str, object] = {
        f"amount_{account}": satang for account, satang in queries.get_budget(code, year).items()
    }
    data["version"] = version_of_values(kinds.BUDGET, subject)
    return _budget_page(code, year, budget_form(accounts)(formdata=None, data=data))


@blueprint.post("/budgets/<code>/<int:year>/propose")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def propose_budget(code: str, year: int) -> Answer:
    """Propose other amounts."""
    accounts = queries.list_expense_accounts()
    form = budget_form(accounts)()
    return propose(
        form,
        kinds.BUDGET,
        lambda: kinds.budget_subject(code, year),
        lambda: amounts_of(form, accounts),
        page=lambda: _budget_page(code, year, form),
    )


@blueprint.get("/fund-transfers")
@requires(Permission.JOURNAL_READ)
def transfers() -> str:
    """The transfers between funds, and which funds may give and take."""
    return render_template(
        "budgets/transfers.html",
        page=queries.list_fund_transfers(request.args.get("after")),
        funds={fund.code: fund for fund in list_funds()},
        rules=queries.list_transfer_rules(),
        accounts=account_labels(),
        entry_number=entry_number,
        waiting=find_open_proposals(kinds.TRANSFER_RULE),
        may_ever_give=may_ever_give,
        may_ever_take=may_ever_take,
        may_propose=current_actor().can(Permission.HOUSE_PROPOSE),
    )


@blueprint.get("/fund-transfers/new")
@requires(Permission.HOUSE_PROPOSE)
def new_transfer() -> str:
    """The form of a transfer."""
    return _transfer_page(FundTransferForm(formdata=None))


@blueprint.post("/fund-transfers/new")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def propose_transfer() -> Answer:
    """Propose it, with its paper."""
    form, actor = FundTransferForm(), current_actor()
    _offer(form)

    def work() -> Proposal:
        paper = form.paper.accepted
        if paper is None:
            raise NotFoundError
        stored = store_document(
            paper, subject_type=SOURCE_TYPE, subject_ref=new_public_id(), actor=actor
        )
        draft = form.draft(stored.document.public_id)
        subject = kinds.transfer_subject(draft.from_fund, draft.to_fund)
        return make_proposal(
            kinds.FUND_TRANSFER, subject, kinds.transfer_values(draft), actor=actor
        )

    return submit(
        form,
        work,
        before=form.paper.take_in,
        done=lambda proposal: redirect_with(
            _("Proposed. The money moves when an administrator confirms it."),
            url_for("proposals.show", public_id=proposal.public_id),
        ),
        page=lambda: _transfer_page(form),
    )


@blueprint.get("/fund-transfers/papers/<document_id>")
@requires(Permission.JOURNAL_READ)
def paper(document_id: str) -> Response:
    """The paper of a transfer that was proposed or made."""
    document = get_document(SOURCE_TYPE, document_id)
    return document_response(document, open_paper(document))


@blueprint.get("/fund-transfers/rules/<code>")
@requires(Permission.HOUSE_PROPOSE)
def transfer_rule(code: str) -> str:
    """The form of whether a fund gives and takes."""
    rule = queries.get_transfer_rule(get_fund(code).code)
    data = {
        "gives": rule.gives,
        "takes": rule.takes,
        "version": version_of_values(kinds.TRANSFER_RULE, code),
    }
    return _rule_page(code, TransferRuleForm(formdata=None, data=data))


@blueprint.post("/fund-transfers/rules/<code>")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def propose_transfer_rule(code: str) -> Answer:
    """Propose another rule."""
    form = TransferRuleForm()
    return propose(
        form,
        kinds.TRANSFER_RULE,
        lambda: code,
        lambda: kinds.rule_values(gives=form.gives.data, takes=form.takes.data),
        page=lambda: _rule_page(code, form),
    )


def _csv(year: int, budgets: list[queries.FundBudget]) -> Response:
    header = ("fiscal_year", "fund", "account", "name", "budget_baht", "committed_baht")
    cells = [
        (
            year,
            each.fund.code,
            row.account.code,
            localized(row.account),
            baht_cell(row.budget_satang),
            baht_cell(row.spending.committed_satang),
            baht_cell(row.spending.spent_satang),
            baht_cell(row.left_satang),
        )
        for each in budgets
        for row in each.rows
    ]
    return csv_download(f"budgets-{year}", (*header, "spent_baht", "left_baht"), cells)


def _budget_page(code: str, year: int, form: BaseForm) -> str:
    return render_template(
        "proposals/form.html",
        form=form,
        title=_("Budget for the fiscal year %(year)s", year=year),
        subject=localized(get_fund(code)),
        back_url=url_for("budgets.index", year=year, fund=code),
        waiting=find_open_proposal(kinds.BUDGET, kinds.budget_subject(code, year)),
    )


def _rule_page(code: str, form: BaseForm) -> str:
    return render_template(
        "proposals/form.html",
        form=form,
        title=_("Giving and taking money of other funds"),
        subject=localized(get_fund(code)),
        back_url=url_for("budgets.transfers"),
        waiting=find_open_proposal(kinds.TRANSFER_RULE, code),
    )


def _offer(form: FundTransferForm) -> None:
    rules, funds = queries.list_transfer_rules(), list_open_funds()
    givers = [fund for fund in funds if fund.code in rules and rules[fund.code].gives]
    takers = [fund for fund in funds if fund.code in rules and rules[fund.code].takes]
    form.offer(givers, takers, account_labels())


def _transfer_page(form: FundTransferForm) -> str:
    _offer(form)
    return render_template("budgets/new_transfer.html", form=form)
