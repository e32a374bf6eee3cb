"""Bands of approval and caps at the end of the history."""

from datetime import timedelta

from demo.state import DemoState
from fundapp import clock
from fundapp.disbursements.drafts import HelpRulesDraft
from fundapp.disbursements.kinds import HELP_RULES, help_rules_values
from fundapp.proposals.operations import confirm_proposal, make_proposal

_BANDS = ((5_000_00, 2), (100_000_00, 3))
_CHILD_CAP, _HOUSEHOLD_CAP = 20_000_00, 50_000_00


def set_rules_of_help(state: DemoState) -> None:
    """Rules that begin the day after the last one, decided by the two administrators."""
    users = state.people.users
    draft = HelpRulesDraft(clock.today() + timedelta(days=1), _BANDS, _CHILD_CAP, _HOUSEHOLD_CAP)
    subject, values = draft.starts_on.isoformat(), dict(help_rules_values(draft))
    proposal = make_proposal(HELP_RULES, subject, values, actor=users["admin"].as_actor())
    confirm_proposal(proposal.public_id, actor=users["admin2"].as_actor())
