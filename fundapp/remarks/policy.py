"""Who may read and erase words. Pure.

What concerns a child is read through the child's `Reader`, whose caller decides; here is the rest.
"""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.remarks.models import RemarkKind

_READ_BY = {
    RemarkKind.REVERSAL: (Permission.PAYMENT_READ, Permission.STATEMENT_READ),
    RemarkKind.PAYMENT_NOTE: (Permission.PAYMENT_READ,),
    RemarkKind.PLEDGE: (Permission.DONOR_READ,),
    RemarkKind.LINE: (Permission.STATEMENT_READ,),
    RemarkKind.AUDIT: (Permission.SAMPLE_READ, Permission.FINDING_READ),
}


def may_read(actor: Actor, kind: RemarkKind) -> bool:
    """Whether the actor may read words of this kind that concern no child."""
    return actor.can_any(*_READ_BY.get(kind, ()))


def may_erase(actor: Actor) -> bool:
    """Whether the actor may erase words."""
    return actor.can(Permission.REMARK_ERASE)
