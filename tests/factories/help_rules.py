"""Rules of help for tests, as two administrators decide them."""

from fundapp import clock
from fundapp.disbursements.drafts import HelpRulesDraft
from fundapp.disbursements.kinds import HELP_RULES, help_rules_values
from tests.factories.identity import agree


def make_help_rules(
    *bands: tuple[int, int], child: int | None = None, household: int | None = None
) -> HelpRulesDraft:
    """Rules that begin today: bands as (satang, approvers), caps in satang."""
    draft = HelpRulesDraft(clock.today(), bands, child, household)
    agree(HELP_RULES, draft.starts_on.isoformat(), dict(help_rules_values(draft)))
    return draft
