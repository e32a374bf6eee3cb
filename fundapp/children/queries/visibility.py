"""Which children somebody sees: the rule of `policy.may_see_child` as SQL, and for many children at
once.

A case manager who was responsible for a child and is not any more sees it no longer, from the
moment at which another one took it. It is asked of the database each time: under a lock too, and
for a page that was opened before.
"""

from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission, Role
from fundapp.children.handovers.models import ChildHandover, ChildManager
from fundapp.children.models import Child
from fundapp.children.policy import may_see_child
from fundapp.db import db
from fundapp.identity.models import User, UserDistrict, UserStatus

_IN_STATEMENT = 1_000


def visible_to(
    viewer: Actor, permission: Permission = Permission.CHILD_READ
) -> ColumnElement[bool]:
    """The rule of `policy.may_see_child`, as SQL."""
    if viewer.can_everywhere(permission):
        return Child.id.is_not(None)
    own = viewer.districts_of(permission)
    others = viewer.districts_of(permission, but=Role.CASE_MANAGER)
    is_here = Child.district_code.in_(own)
    if own == others:
        return is_here
    kept = ~is_handed_on(Child.id, viewer.user_id)
    return and_(is_here, or_(Child.district_code.in_(others), kept) if others else kept)


def is_of_child(child_id: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """That the child with this id fulfils conditions on `Child`, asked of each row of what is few:
    as a join, and for PostgreSQL ``EXISTS`` is one, both begin with every child of the districts.
    """
    child = select(Child.id).where(Child.id == child_id, *conditions)
    return child.correlate_except(Child).scalar_subquery().is_not(None)


def is_handed_on(child_id: Any, person_id: Any) -> ColumnElement[bool]:
    """That the person, by row id, was responsible for the child, and the last one who was, or is,
    is somebody else. Not while nobody who works in its district is responsible, or while the child
    is being handed over to the person, who then may take it.
    """
    if isinstance(person_id, int):
        # Of one person few are sought, once for the statement; not for each child of a list.
        return child_id.in_(_left_by(person_id))  # type: ignore[no-any-return]
    past, _last, _row = _aliases()
    return _left(person_id).where(past.child_id == child_id).correlate_except(past).exists()


def _left(person_id: Any) -> Select[int]:
    """The ids of the children that the person was responsible for, and is not any more."""
    past, last, row = _aliases()
    newest = select(func.max(row.id)).where(row.child_id == past.child_id).correlate_except(row)
    works = (
        select(UserDistrict.user_id)
        .join(User, User.id == UserDistrict.user_id)
        .where(
            UserDistrict.user_id == last.manager_id,
            UserDistrict.role == Role.CASE_MANAGER,
            UserDistrict.district_code == last.district_code,
            User.status == UserStatus.ACTIVE,
        )
    )
    is_anothers = select(last.id).where(
        last.id == newest.scalar_subquery(),
        last.manager_id != past.manager_id,
        or_(last.until_at.is_not(None), works.correlate_except(User, UserDistrict).exists()),
    )
    is_offered = select(ChildHandover.id).where(
        ChildHandover.child_id == past.child_id,
        ChildHandover.to_id == past.manager_id,
        ChildHandover.settled_at.is_(None),
    )
    return select(past.child_id).where(
        past.manager_id == person_id,
        # In the words of the index, so that it is used.
        past.until_at.is_not(None),
        is_anothers.correlate_except(last).exists(),
        ~is_offered.correlate_except(ChildHandover).exists(),
    )


@lru_cache(maxsize=256)
def _left_by(person_id: int) -> Select[int]:
    """The same statement for somebody who looks at pages: each asks it many times, and to write it
    takes longer than to run it.
    """
    return _left(person_id)


@cache
def _aliases() -> tuple[type[ChildManager], type[ChildManager], type[ChildManager]]:
    """Names of the table within `_left`, which nothing outside mentions."""
    return aliased(ChildManager), aliased(ChildManager), aliased(ChildManager)


def seen_of(
    viewer: Actor, children: Iterable[Child], permission: Permission = Permission.CHILD_READ
) -> set[int]:
    """The ids of those of these children whom the viewer may see, or to whom it may do what
    ``permission`` says; one question for each thousand, and none where only the role decides.
    """
    files = {child.id: child for child in children}
    doubtful = [
        row_id
        for row_id, child in files.items()
        if may_see_child(viewer, child, permission, is_handed_on=False)
        and not may_see_child(viewer, child, permission, is_handed_on=True)
    ]
    left = _handed_on(viewer, doubtful)
    return {
        row_id
        for row_id, child in files.items()
        if may_see_child(viewer, child, permission, is_handed_on=row_id in left)
    }


def sees_child(viewer: Actor, child: Child, permission: Permission = Permission.CHILD_READ) -> bool:
    """The same of one child."""
    return child.id in seen_of(viewer, [child], permission)


def _handed_on(viewer: Actor, ids: Collection[int]) -> set[int]:
    ordered, found = sorted(ids), set[int]()
    for start in range(0, len(ordered), _IN_STATEMENT):
        wanted = Child.id.in_(ordered[start : start + _IN_STATEMENT])
        statement = select(Child.id).where(wanted, is_handed_on(Child.id, viewer.user_id))
        found |= set(db.session.scalars(statement))
    return found
