"""Who sees and does what with agencies and referrals (pure)."""

from datetime import date, timedelta

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.agencies.models import AgencyAccess, Referral, ReferralStatus
from fundapp.children.policy import may_share

#: For how long an agency sees a referral at most, and somebody signs in for one.
MOST_SHARED = timedelta(days=183)
MOST_ACCESS = timedelta(days=366)


def may_record_agency(actor: Actor) -> bool:
    """Whether the actor may write what two people agreed of an agency."""
    return actor.can(Permission.AGENCY_KEEP)


def may_propose_agency(actor: Actor) -> bool:
    """Whether the actor may propose an agency, or who signs in for it."""
    return actor.can(Permission.HOUSE_PROPOSE)


def may_refer(actor: Actor) -> bool:
    """Whether the actor refers children, and takes referrals back; which children,
    `queries.refers_child` says.
    """
    return actor.can(Permission.REFERRAL_SEND)


def may_follow_referrals(actor: Actor) -> bool:
    """Whether the actor, of the fund, sees referrals, those of children whose files it sees."""
    return actor.can(Permission.REFERRAL_READ)


def may_answer_some(actor: Actor) -> bool:
    """Whether the actor answers referrals for an agency."""
    return actor.can(Permission.REFERRAL_ANSWER)


def may_open_referral(
    actor: Actor, referral: Referral, access: AgencyAccess | None, on: date
) -> bool:
    """Whether the actor sees it for its agency: it is open or the actor's own, neither its time
    nor the actor's is over, and the consents count.
    """
    if not may_answer_some(actor) or access is None or access.user_id != actor.user_id:
        return False
    is_theirs = referral.status is ReferralStatus.SENT or (
        referral.status in (ReferralStatus.ACCEPTED, ReferralStatus.DONE)
        and referral.accepted_by_id == actor.user_id
    )
    return (
        is_theirs
        and access.agency_id == referral.agency_id
        and on <= min(access.ends_on, referral.ends_on)
        and may_share(referral.child, on)
    )
