"""The rules of help: what counts, what counted, and the form by which others are proposed."""

from flask import render_template, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.disbursements.forms.help_rules import HelpRulesForm, filled_with
from fundapp.disbursements.kinds import HELP_RULES, help_rules_values
from fundapp.disbursements.policy import may_propose_help_rules
from fundapp.disbursements.queries.help_rules import find_help_rules, list_help_rules
from fundapp.disbursements.views.blueprint import blueprint
from fundapp.ledger.queries import list_funds
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/rules")
@requires(Permission.JOURNAL_READ)
def help_rules() -> str:
    """All versions of the rules."""
    return render_template(
        "disbursements/help_rules.html",
        all_rules=list_help_rules(),
        in_force=find_help_rules(clock.today()),
        today=clock.today(),
        funds=list_funds(),
        may_propose=may_propose_help_rules(current_actor()),
    )


@blueprint.get("/rules/new")
@requires(Permission.HOUSE_CONFIRM)
def new_help_rules() -> str:
    """The form, with what counts now."""
    return _form_page(filled_with(find_help_rules(clock.today())))


@blueprint.post("/rules/new")
@requires(Permission.HOUSE_CONFIRM)
@fresh_factor
def propose_help_rules() -> Answer:
    """Propose them."""
    form, actor = HelpRulesForm(), current_actor()

    def work() -> Proposal:
        draft = form.draft()
        values = dict(help_rules_values(draft))
        return make_proposal(HELP_RULES, draft.starts_on.isoformat(), values, actor=actor)

    return submit(form, work, done=_proposed, page=lambda: _form_page(form))


def _proposed(proposal: Proposal) -> Answer:
    return redirect_with(
        _("Proposed. It is in force when an administrator has confirmed it."),
        url_for("proposals.show", public_id=proposal.public_id),
    )


def _form_page(form: HelpRulesForm) -> str:
    return render_template("disbursements/new_help_rules.html", form=form)
