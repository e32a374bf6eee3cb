"""Rules of help for tests, as two administrators decide them."""

from fundapp import clock
from fundapp.disbursements.drafts import FundRulesDraft, HelpRulesDraft
from fundapp.disbursements.kinds import (
    FUND_RULES,
    HELP_RULES,
    fund_rules_values,
    help_rules_values,
)
from fundapp.disbursements.models import RuleAspect
from tests.factories.identity import agree


def make_help_rules(
    *bands: tuple[int, int], child: int | None = None, household: int | None = None
) -> HelpRulesDraft:
    """Rules that begin today: bands as (satang, approvers), caps in satang."""
    draft = HelpRulesDraft(clock.today(), bands, child, household)
    agree(HELP_RULES, draft.starts_on.isoformat(), dict(help_rules_values(draft)))
    return draft


def make_fund_rules(
    fund: str, *values: tuple[RuleAspect, str], ages: tuple[int | None, int | None] = (None, None)
) -> FundRulesDraft:
    """Rules of a fund that begin today."""
    draft = FundRulesDraft(fund, clock.today(), *ages, tuple((a, str(v)) for a, v in values))
    agree(FUND_RULES, fund, fund_rules_values(draft))
    return draft
