"""Bands of approval and caps, and the rules of funds, at the end of the history."""

from datetime import timedelta

from demo import funds
from demo.state import DemoState
from fundapp import clock
from fundapp.children.casework.models import ZakatGroup
from fundapp.children.models import TargetGroup
from fundapp.disbursements.drafts import FundRulesDraft, HelpRulesDraft
from fundapp.disbursements.kinds import (
    FUND_RULES,
    HELP_RULES,
    fund_rules_values,
    help_rules_values,
)
from fundapp.disbursements.models import Need, RuleAspect
from fundapp.proposals.operations import confirm_proposal, make_proposal

_BANDS = ((5_000_00, 2), (100_000_00, 3))
#: Of each fund the ages, and what is allowed.
_OF_FUNDS: tuple[
    tuple[str, tuple[int | None, int | None], tuple[tuple[RuleAspect, str], ...]], ...
] = (
    (
        funds.ZAKAT,
        (None, 19),
        (
            (RuleAspect.NEED, Need.LIVING),
            (RuleAspect.NEED, Need.FOOD),
            (RuleAspect.NEED, Need.HEALTH),
            (RuleAspect.ZAKAT, ZakatGroup.FAKIR),
            (RuleAspect.ZAKAT, ZakatGroup.MISKIN),
        ),
    ),
    (funds.EARLY, (None, 6), ((RuleAspect.GROUP, TargetGroup.EARLY_CHILDHOOD),)),
)
_CHILD_CAP, _HOUSEHOLD_CAP = 20_000_00, 50_000_00


def set_rules_of_help(state: DemoState) -> None:
    """Rules that begin the day after the last one, decided by the two administrators."""
    users = state.people.users
    draft = HelpRulesDraft(clock.today() + timedelta(days=1), _BANDS, _CHILD_CAP, _HOUSEHOLD_CAP)
    subject, values = draft.starts_on.isoformat(), dict(help_rules_values(draft))
    proposal = make_proposal(HELP_RULES, subject, values, actor=users["admin"].as_actor())
    confirm_proposal(proposal.public_id, actor=users["admin2"].as_actor())
    for fund, ages, allowed in _OF_FUNDS:
        rules = FundRulesDraft(fund, draft.starts_on, *ages, allowed)
        one = make_proposal(
            FUND_RULES, fund, fund_rules_values(rules), actor=users["admin"].as_actor()
        )
        confirm_proposal(one.public_id, actor=users["admin2"].as_actor())
