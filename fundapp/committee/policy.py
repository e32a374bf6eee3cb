"""Who keeps the committee's meetings, and who votes. Pure.

A member is an approver whom an order in force appoints: the permission alone gives no vote, and an
appointment without the role gives none either. The secretary, a fund officer, keeps agenda,
attendance and minutes and has no vote. Two people appoint.
"""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.committee.workflow import OF_MEMBERS, MeetingAction


def may_appoint(actor: Actor) -> bool:
    """Whether the actor may record an appointment order: two people together."""
    return actor.can(Permission.COMMITTEE_APPOINT)


def may_propose_order(actor: Actor) -> bool:
    """Whether the actor may propose an appointment order."""
    return actor.can(Permission.HOUSE_PROPOSE)


def may_propose_rule(actor: Actor) -> bool:
    """Whether the actor may propose from which amount on a request needs a resolution."""
    return actor.can(Permission.HOUSE_CONFIRM)


def may_keep(actor: Actor) -> bool:
    """Whether the actor keeps meetings: the secretary."""
    return actor.can(Permission.COMMITTEE_KEEP)


def may_vote(actor: Actor) -> bool:
    """Whether the role of the actor can have a vote; the seat gives it."""
    return actor.can(Permission.COMMITTEE_VOTE)


def may_do(actor: Actor, action: MeetingAction) -> bool:
    """Whether the actor's role does this with a meeting."""
    return may_vote(actor) if action in OF_MEMBERS else may_keep(actor)
