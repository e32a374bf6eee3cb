"""The rules of a fund: what counts, what counted, and the form by which others are proposed."""

from flask import render_template, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.disbursements.forms.fund_rules import FundRulesForm
from fundapp.disbursements.kinds import FUND_RULES, fund_rules_values
from fundapp.disbursements.labels import draft_of_rules, rules_rows
from fundapp.disbursements.policy import may_propose_help_rules
from fundapp.disbursements.queries.fund_rules import find_fund_rules, list_fund_rules
from fundapp.disbursements.views.blueprint import blueprint
from fundapp.ledger.queries import get_fund
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.proposals.queries import find_open_proposal
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/rules/<code>")
@requires(Permission.JOURNAL_READ)
def fund_rules(code: str) -> str:
    """All versions of the rules of a fund. Who asks for help reads those in force on the form."""
    fund, today, versions = get_fund(code), clock.today(), list_fund_rules(code)
    rows = rules_rows([draft_of_rules(each) for each in versions])
    may_propose = may_propose_help_rules(current_actor())
    return render_template(
        "disbursements/fund_rules.html",
        fund=fund,
        all_rules=list(zip(versions, rows, strict=True)),
        in_force=find_fund_rules(code, today),
        today=today,
        may_propose=may_propose and not fund.is_closed,
        waiting=find_open_proposal(FUND_RULES, code) if may_propose else None,
    )


@blueprint.get("/rules/<code>/new")
@requires(Permission.HOUSE_CONFIRM)
def new_fund_rules(code: str) -> str:
    """The form, with what counts now."""
    form = FundRulesForm(get_fund(code), formdata=None)
    return _form_page(code, form.fill(find_fund_rules(code, clock.today())))


@blueprint.post("/rules/<code>/new")
@requires(Permission.HOUSE_CONFIRM)
@fresh_factor
def propose_fund_rules(code: str) -> Answer:
    """Propose them."""
    form, actor = FundRulesForm(get_fund(code)), current_actor()
    return submit(
        form,
        lambda: make_proposal(FUND_RULES, code, fund_rules_values(form.draft()), actor=actor),
        done=_proposed,
        page=lambda: _form_page(code, form),
    )


def _proposed(proposal: Proposal) -> Answer:
    return redirect_with(
        _("Proposed. It is in force when an administrator has confirmed it."),
        url_for("proposals.show", public_id=proposal.public_id),
    )


def _form_page(code: str, form: FundRulesForm) -> str:
    return render_template(
        "disbursements/new_fund_rules.html",
        form=form,
        fund=get_fund(code),
        waiting=find_open_proposal(FUND_RULES, code),
    )
