"""Rules of help that two administrators decided: bands of approval, and caps of a fiscal year."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.disbursements.drafts import HelpRulesDraft
from fundapp.disbursements.models import ApprovalBand, HelpRules
from fundapp.disbursements.policy import may_set_help_rules
from fundapp.disbursements.steps import check_help_rules
from fundapp.ids import new_id
from fundapp.proposals.models import Proposal
from fundapp.trail.operations import record_event

RULES_SOURCE = "help-rules"


def set_help_rules(draft: HelpRulesDraft, proposal: Proposal, *, actor: Actor) -> HelpRules:
    """Record rules of help; ``actor`` confirmed what another administrator proposed.

    Raises ForbiddenError and what `check_help_rules` raises.
    """
    require(may_set_help_rules(actor))
    check_help_rules(draft)
    rules = HelpRules(
        id=new_id(),
        starts_on=draft.starts_on,
        band_count=len(draft.bands),
        child_cap_satang=draft.child_cap_satang,
        household_cap_satang=draft.household_cap_satang,
        confirmed_by_id=actor.person_id,
        proposal_id=proposal.id,
        recorded_at=clock.now(),
    )
    db.session.add(rules)
    db.session.flush()
    rules.bands = [
        ApprovalBand(rules_id=rules.id, number=number, from_satang=satang, approvers=approvers)
        for number, (satang, approvers) in enumerate(draft.bands, start=1)
    ]
    db.session.flush()
    record_event(
        "disbursements:help-rules:set",
        actor=actor,
        subject_type=RULES_SOURCE,
        subject_ref=draft.starts_on.isoformat(),
    )
    return rules
