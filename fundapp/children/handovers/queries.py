"""Who is responsible for whom, and what waits to be taken over. Nothing here decrypts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, exists, false, or_, select, union_all

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission, Role
from fundapp.children.handovers.models import ChildHandover, ChildManager
from fundapp.children.models import Child
from fundapp.children.queries.districts import list_own_districts
from fundapp.children.queries.visibility import visible_to
from fundapp.db import count_rows, db
from fundapp.errors import NotFoundError
from fundapp.identity.models import User
from fundapp.identity.queries import list_people
from fundapp.paging import Page, page_of
from fundapp.places.models import District

PAGE_SIZE = 50
_NOW = ChildManager.until_at.is_(None)


@dataclass(frozen=True, slots=True)
class ManagerLoad:
    """A case manager of a district, and for how many children the person is responsible; without a
    person, the children of the district for whom nobody is.
    """

    district: District
    person: User | None
    count: int


def managers_of(district_code: str) -> list[User]:
    """The case managers who work in this district today."""
    people = list_people(Role.CASE_MANAGER)
    return [person for person in people if _works_in(person.as_actor(), district_code)]


def managers_by_district(districts: Iterable[District]) -> dict[str, list[User]]:
    """The same of several districts, by code."""
    people = [(person, person.as_actor()) for person in list_people(Role.CASE_MANAGER)]
    return {
        each.code: [person for person, actor in people if _works_in(actor, each.code)]
        for each in districts
    }


def manager_now(child: Child) -> ChildManager | None:
    """The present row of the child: who is responsible; None for a closed file."""
    return db.session.scalar(select(ChildManager).where(ChildManager.child_id == child.id, _NOW))


def managers_now(children: Iterable[Child]) -> dict[int, ChildManager]:
    """The present rows of these children, by the child's id."""
    ids = [child.id for child in children]
    rows = db.session.scalars(select(ChildManager).where(ChildManager.child_id.in_(ids), _NOW))
    return {row.child_id: row for row in rows}


def list_managers(child: Child) -> list[ChildManager]:
    """Who was responsible when, oldest first."""
    statement = select(ChildManager).where(ChildManager.child_id == child.id)
    return list(db.session.scalars(statement.order_by(ChildManager.id)))


def list_handovers(child: Child) -> list[ChildHandover]:
    """The hand-overs of the child, oldest first."""
    statement = select(ChildHandover).where(ChildHandover.child_id == child.id)
    return list(db.session.scalars(statement.order_by(ChildHandover.id)))


def find_waiting(child: Child) -> ChildHandover | None:
    """The hand-over of the child that nobody settled."""
    return db.session.scalar(
        select(ChildHandover)
        .where(ChildHandover.child_id == child.id, ChildHandover.settled_at.is_(None))
        .execution_options(populate_existing=True)
    )


def list_to_take(viewer: Actor, limit: int = PAGE_SIZE) -> list[tuple[ChildHandover, Child]]:
    """Children who are being handed over to the viewer, oldest first."""
    statement = _to_take(viewer).order_by(ChildHandover.id).limit(limit)
    return [(row, child) for row, child in db.session.execute(statement)]


def count_to_take(viewer: Actor) -> int:
    """How many there are."""
    return count_rows(_to_take(viewer).with_only_columns(ChildHandover.id))


def list_managed(
    manager: User | None, *, viewer: Actor, after: int | None = None, limit: int = PAGE_SIZE
) -> Page[Child]:
    """Children of the viewer's districts for whom this person is responsible, or nobody, but those
    whom the viewer handed on; newest first, by key.
    """
    ids = unmanaged_children(viewer) if manager is None else _managed(manager, viewer)
    statement = select(Child).where(Child.id.in_(ids), visible_to(viewer))
    if after is not None:
        statement = statement.where(Child.id < after)
    rows = db.session.scalars(statement.order_by(Child.id.desc()).limit(limit + 1)).all()
    return page_of(rows, limit, lambda child: child.id)


def unmanaged_children(viewer: Actor) -> Select[Any]:
    """The children of the viewer's districts for whom nobody is responsible who works there today.
    Each gap between those who do is one range of the index, so the children of the others are not
    passed over.
    """
    districts = list_own_districts(viewer, Permission.CHILD_READ)
    people = managers_by_district(districts)
    parts = [_of_district(each.code, None, people[each.code]) for each in districts]
    if not parts:
        return select(ChildManager.child_id).where(false())
    return select(union_all(*parts).subquery().c.child_id)


def list_manager_loads(viewer: Actor) -> list[ManagerLoad]:
    """Each case manager of each district of the viewer with the number of children, and those for
    whom nobody is responsible; no number is above 1,001, which stands for more.
    """
    districts = list_own_districts(viewer, Permission.CHILD_READ)
    people = managers_by_district(districts)
    return [
        ManagerLoad(each, person, count_rows(_of_district(each.code, person, people[each.code])))
        for each in districts
        for person in (None, *people[each.code])
    ]


def get_manager(public_id: str) -> User:
    """The person with this public id who is, or was, responsible for a child; NotFoundError."""
    is_manager = exists().where(ChildManager.manager_id == User.id)
    statement = select(User).where(User.public_id == public_id)
    person: User | None = db.session.scalar(statement.where(or_(is_manager, User.roles.any())))
    if person is None:
        raise NotFoundError
    return person


def is_own_or_nobodys(viewer: Actor, unmanaged: Select[Any]) -> Any:
    """The condition that the viewer is responsible for the child, or nobody works for it."""
    own = select(ChildManager.id).where(
        ChildManager.child_id == Child.id, _NOW, ChildManager.manager_id == viewer.user_id
    )
    return or_(own.exists(), Child.id.in_(unmanaged))


def _works_in(person: Actor, district_code: str) -> bool:
    return person.can_in(Permission.CHILD_REGISTER, district_code)


def _to_take(viewer: Actor) -> Any:
    return (
        select(ChildHandover, Child)
        .join(Child, Child.id == ChildHandover.child_id)
        .where(ChildHandover.to_id == viewer.user_id, ChildHandover.settled_at.is_(None))
        .where(visible_to(viewer, Permission.CHILD_REGISTER))
    )


def _managed(manager: User, viewer: Actor) -> Select[Any]:
    statement = select(ChildManager.child_id).where(_NOW, ChildManager.manager_id == manager.id)
    if viewer.can_everywhere(Permission.CHILD_READ):
        return statement
    own = viewer.districts_of(Permission.CHILD_READ)
    return statement.where(ChildManager.district_code.in_(own))


def _of_district(code: str, person: User | None, people: Sequence[User]) -> Any:
    """Children of a district for whom a person is responsible, or nobody of those ``people``."""
    manager = ChildManager.manager_id
    found = select(ChildManager.child_id).where(_NOW, ChildManager.district_code == code)
    if person is not None:
        return found.where(manager == person.id)
    ids = sorted(each.id for each in people)
    gaps = [found.where(manager.is_(None)), *_gaps(found, ids)]
    return select(union_all(*gaps).subquery().c.child_id)


def _gaps(found: Any, ids: Sequence[int]) -> list[Any]:
    manager = ChildManager.manager_id
    if not ids:
        return [found.where(manager.is_not(None))]
    between = [found.where(manager > low, manager < high) for low, high in pairwise(ids)]
    return [found.where(manager < ids[0]), *between, found.where(manager > ids[-1])]
