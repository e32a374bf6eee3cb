"""Recording what two people decided: an appointment order, a rule from which amount on requests
need a resolution.
"""

from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.committee.drafts import OrderDraft
from fundapp.committee.models import CHAIR, CommitteeOrder, CommitteeRule, CommitteeSeat
from fundapp.committee.policy import may_appoint
from fundapp.committee.steps import check_order, check_rule
from fundapp.db import db
from fundapp.documents.queries import get_document
from fundapp.ids import new_id
from fundapp.proposals.models import Proposal
from fundapp.trail.operations import record_event

SOURCE_TYPE = "committee-order"
RULE = "committee-rule"


def record_order(draft: OrderDraft, proposal: Proposal, *, actor: Actor) -> CommitteeOrder:
    """Record an appointment order; ``actor`` confirmed what another person proposed.

    Raises ForbiddenError and what `check_order` raises.
    """
    require(may_appoint(actor))
    people = check_order(draft)
    order = CommitteeOrder(
        id=new_id(),
        number=draft.number,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        seat_count=len(people),
        quorum=draft.quorum,
        document_id=get_document(SOURCE_TYPE, draft.document).id,
        confirmed_by_id=actor.person_id,
        proposal_id=proposal.id,
        recorded_at=clock.now(),
    )
    db.session.add(order)
    db.session.flush()
    order.seats = [
        CommitteeSeat(
            order_id=order.id,
            seat=number,
            member_id=member.id,
            substitute_id=substitute.id if substitute else None,
        )
        for number, (member, substitute) in enumerate(people, start=CHAIR)
    ]
    db.session.flush()
    record_event(
        "committee:order:record", actor=actor, subject_type=SOURCE_TYPE, subject_ref=order.number
    )
    return order


def record_rule(
    starts_on: date, from_satang: int, proposal: Proposal, *, actor: Actor
) -> CommitteeRule:
    """Record from which amount on, from a day to come on, a request needs a resolution; ``actor``
    confirmed what another administrator proposed. Raises ForbiddenError, RuleDayError,
    RuleKnownError.
    """
    require(may_appoint(actor))
    check_rule(starts_on)
    rule = CommitteeRule(
        starts_on=starts_on,
        from_satang=from_satang,
        confirmed_by_id=actor.person_id,
        proposal_id=proposal.id,
        recorded_at=clock.now(),
    )
    db.session.add(rule)
    db.session.flush()
    record_event(
        "committee:rule:record",
        actor=actor,
        subject_type=RULE,
        subject_ref=starts_on.isoformat(),
    )
    return rule
