"""Bands of approval and caps, and the rules of funds, at the end of the history."""

from datetime import timedelta

from demo import funds
from demo.handlers.grants import agree_as_administrators
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
    draft = HelpRulesDraft(clock.today() + timedelta(days=1), _BANDS, _CHILD_CAP, _HOUSEHOLD_CAP)
    subject, values = draft.starts_on.isoformat(), dict(help_rules_values(draft))
    agree_as_administrators(state, HELP_RULES, subject, values)
    for fund, ages, allowed in _OF_FUNDS:
        rules = FundRulesDraft(fund, draft.starts_on, *ages, allowed)
        agree_as_administrators(state, FUND_RULES, fund, fund_rules_values(rules))
