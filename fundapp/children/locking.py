"""Row locks of children, held until the unit of work ends."""

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.children.errors import (
    FileClosedError,
    HandedOnError,
    IdentityHiddenError,
    OtherDistrictError,
)
from fundapp.children.models import Child, ChildStatus
from fundapp.children.policy import may_register, may_show_identity
from fundapp.children.queries.visibility import sees_child
from fundapp.db import lock
from fundapp.errors import NotFoundError


def lock_child(public_id: str) -> Child:
    """The child, locked and read anew; the caller decides whether the actor may know of it.

    Raises NotFoundError.
    """
    statement = select(Child).where(Child.public_id == public_id)
    # PostgreSQL cannot lock the optional side of an outer join, so the relations are loaded later.
    child = lock(statement.options(lazyload(Child.guardian), lazyload(Child.district)))
    if child is None:
        raise NotFoundError
    return child


def lock_child_to_change(public_id: str, *, actor: Actor, closed_too: bool = False) -> Child:
    """The child, locked, when the actor may change its file.

    Raises NotFoundError, also for a child whom the actor handed over and another case manager took
    meanwhile, OtherDistrictError, HandedOnError, and FileClosedError unless ``closed_too``.
    """
    child = lock_child(public_id)
    if not sees_child(actor, child):
        raise NotFoundError
    if not may_register(actor, child.district_code):
        raise OtherDistrictError
    if not sees_child(actor, child, Permission.CHILD_REGISTER):
        raise HandedOnError
    if child.status is ChildStatus.CLOSED and not closed_too:
        raise FileClosedError
    return child


def lock_child_to_correct(public_id: str, *, actor: Actor) -> Child:
    """As `lock_child_to_change`; IdentityHiddenError without a consent to keep the file: nobody
    corrects what is hidden.
    """
    child = lock_child_to_change(public_id, actor=actor)
    if not may_show_identity(child, clock.today()):
        raise IdentityHiddenError
    return child
