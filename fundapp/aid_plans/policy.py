"""Who asks for aid in instalments, shows that conditions hold, and decides on that (pure)."""

from hashlib import sha256

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.aid_plans.models import AidFact, AidInstalment, AidPlan, AidWaiver
from fundapp.disbursements.models import DisbursementRequest, RequestStatus
from fundapp.disbursements.policy import current_approvers, is_recused, may_request

#: Instalments that are still to be paid.
OPEN_STATES = (RequestStatus.SUBMITTED, RequestStatus.RETURNED, RequestStatus.APPROVED)


def may_split(actor: Actor, request: DisbursementRequest) -> bool:
    """Whether the actor may make instalments of the request: who asked, before a decision."""
    return (
        request.status is RequestStatus.SUBMITTED
        and not request.approvals
        and may_request(actor, request.district_code)
        and actor.user_id == request.requested_by_id
    )


def may_record_fact(actor: Actor, instalment: AidInstalment) -> bool:
    """Whether the actor may record what shows that a condition holds: case managers and supervisors
    of the district.
    """
    request = instalment.request
    return request.status in OPEN_STATES and actor.can_in(
        Permission.DISBURSEMENT_PROVE, request.district_code
    )


def may_decide_fact(actor: Actor, instalment: AidInstalment, fact: AidFact) -> bool:
    """Whether the actor may accept it: a supervisor of the district who neither asked for the aid
    nor recorded it.
    """
    may = actor.can_in(Permission.PLAN_AGREE, instalment.request.district_code)
    taken = (instalment.plan.asked_by_id, fact.recorded_by_id)
    return may and fact.decided_at is None and actor.user_id not in taken


def may_waive(actor: Actor, instalment: AidInstalment) -> bool:
    """Whether the actor may ask that an instalment is paid without a condition: an approver who did
    not ask for the aid and declared no interest.
    """
    request = instalment.request
    return (
        request.status in OPEN_STATES
        and actor.can_in(Permission.DISBURSEMENT_DECIDE, request.district_code)
        and actor.user_id != instalment.plan.asked_by_id
        and not is_recused(actor, request)
    )


def may_agree_to_waiver(actor: Actor, instalment: AidInstalment, waiver: AidWaiver) -> bool:
    """Whether the actor may agree to that: a second approver."""
    is_open = waiver.second_at is None and actor.user_id != waiver.first_by_id
    return is_open and may_waive(actor, instalment)


def approved_together(plan: AidPlan) -> list[AidInstalment]:
    """The waiting instalments that differ in their day alone: those on which nothing but approvals
    of what stands there now was decided. One that was returned may have another payee since.
    """
    return [
        each
        for each in plan.instalments
        if each.request.status is RequestStatus.SUBMITTED
        and len(each.request.approvals) == len(current_approvers(each.request))
    ]


def may_approve_plan(actor: Actor, plan: AidPlan) -> bool:
    """Whether the actor may approve those at once: an approver who has approved none of them and
    declared no interest; each is asked again when it is approved.
    """
    waiting = approved_together(plan)
    return bool(waiting) and all(
        actor.can_in(Permission.DISBURSEMENT_DECIDE, each.request.district_code)
        and actor.user_id not in {plan.asked_by_id, *current_approvers(each.request)}
        and not is_recused(actor, each.request)
        for each in waiting
    )


def waiting_version(plan: AidPlan) -> str:
    """What `approve_plan` compares with what its page showed: those instalments and their
    versions.
    """
    shown = [f"{each.request_id}:{each.request.version}" for each in approved_together(plan)]
    return sha256(",".join(shown).encode()).hexdigest()


def may_set_aid_rules(actor: Actor) -> bool:
    """Whether the actor may record conditions: two administrators together."""
    return actor.can(Permission.HELP_RULES_SET)


def may_propose_aid_rules(actor: Actor) -> bool:
    """Whether the actor may propose conditions: administrators, who move no money."""
    return actor.can(Permission.HOUSE_CONFIRM)
