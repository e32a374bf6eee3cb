"""Who hands children over to whom. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.children.models import Child, ChildStatus

#: Children who are handed over at once.
MOST_HANDED = 200


def may_assign(actor: Actor, district_code: str) -> bool:
    """Whether the actor decides who is responsible for children of the district: a supervisor."""
    return actor.can_in(Permission.CHILD_ASSIGN, district_code)


def may_hand_over(actor: Actor, child: Child, manager_id: int | None) -> bool:
    """Whether the actor may hand the child over, for whom ``manager_id`` is responsible: the case
    manager itself, or a supervisor of the district.
    """
    is_own = actor.user_id is not None and actor.user_id == manager_id
    cares = is_own and actor.can_in(Permission.CHILD_HAND_OVER, child.district_code)
    return child.status is not ChildStatus.CLOSED and (
        cares or may_assign(actor, child.district_code)
    )


def may_settle_handover(actor: Actor, child: Child, people: set[int | None]) -> bool:
    """Whether the actor may take a hand-over back or refuse it: one of the people whom it names, or
    a supervisor of the district.
    """
    return actor.user_id in people or may_assign(actor, child.district_code)
