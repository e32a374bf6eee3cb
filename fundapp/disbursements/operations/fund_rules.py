"""Rules of a fund that two administrators decided: whom it may help, and with what."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.disbursements.drafts import FundRulesDraft
from fundapp.disbursements.fund_rules import check_fund_rules
from fundapp.disbursements.models import FundRules, FundRuleValue
from fundapp.disbursements.policy import may_set_help_rules
from fundapp.ids import new_id
from fundapp.proposals.models import Proposal
from fundapp.trail.operations import record_event

FUND_RULES_SOURCE = "fund-rules"


def set_fund_rules(draft: FundRulesDraft, proposal: Proposal, *, actor: Actor) -> FundRules:
    """Record rules of a fund; ``actor`` confirmed what another administrator proposed.

    Raises ForbiddenError and what `check_fund_rules` raises.
    """
    require(may_set_help_rules(actor))
    check_fund_rules(draft)
    rules = FundRules(
        id=new_id(),
        fund_code=draft.fund_code,
        starts_on=draft.starts_on,
        age_from=draft.age_from,
        age_to=draft.age_to,
        value_count=len(draft.values),
        confirmed_by_id=actor.person_id,
        proposal_id=proposal.id,
        recorded_at=clock.now(),
    )
    db.session.add(rules)
    db.session.flush()
    rules.values = [
        FundRuleValue(rules_id=rules.id, aspect=aspect, value=value)
        for aspect, value in draft.values
    ]
    db.session.flush()
    record_event(
        "disbursements:fund-rules:set",
        actor=actor,
        subject_type=FUND_RULES_SOURCE,
        subject_ref=draft.fund_code,
        note=draft.starts_on.isoformat(),
    )
    return rules
