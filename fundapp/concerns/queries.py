"""Concerns that somebody may see, the one of a code, and who reads restricted ones."""

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from fundapp.access.actors import Actor
from fundapp.access.permissions import ROLE_PERMISSIONS, Permission
from fundapp.concerns.encryption import lookup_code
from fundapp.concerns.errors import ConcernCodeError
from fundapp.concerns.models import (
    NUMBER_PREFIX,
    Concern,
    ConcernKeepers,
    ConcernKind,
    ConcernStatus,
    ConcernStep,
)
from fundapp.concerns.policy import handled_kinds, may_read_concern, readable_kinds
from fundapp.db import count_rows, db
from fundapp.errors import NotFoundError
from fundapp.identity.models import User, UserStatus
from fundapp.identity.queries import list_people
from fundapp.ids import from_readable
from fundapp.paging import Page, int_key, page_of

_PAGE_SIZE = 25
_KEEPERS = 2
_PROTECTORS = [role for role, may in ROLE_PERMISSIONS.items() if Permission.CONCERN_PROTECT in may]


def list_concerns(
    status: ConcernStatus | None, after: str | None, *, actor: Actor, waiting: bool = False
) -> Page[Concern]:
    """Concerns that the actor may see, of a state or of all, or those that wait for the actor; the
    newest first.
    """
    keepers = find_keepers()
    statement = _seen_by(actor, keepers).order_by(Concern.id.desc()).limit(_PAGE_SIZE + 1)
    if waiting:
        statement = statement.where(_waits_for(actor, keepers))
    elif status is not None:
        statement = statement.where(Concern.status == status)
    key = int_key(after)
    if key is not None:
        statement = statement.where(Concern.id < key)
    return page_of(db.session.scalars(statement).all(), _PAGE_SIZE, lambda concern: concern.id)


def count_waiting_concerns(actor: Actor) -> int:
    """How many concerns nobody looks into, or wait for the actor's answer."""
    keepers = find_keepers()
    found = _seen_by(actor, keepers).where(_waits_for(actor, keepers))
    return count_rows(found.with_only_columns(Concern.id))


def get_concern(number: str, *, actor: Actor) -> Concern:
    """The concern with this number; NotFoundError, also where the actor may not know of it."""
    concern = db.session.get(Concern, from_readable(number, NUMBER_PREFIX) or 0)
    if concern is None or not may_read_concern(actor, concern, find_keepers()):
        raise NotFoundError
    return concern


def find_concern_of_code(code: str) -> Concern:
    """The concern with this code; ConcernCodeError."""
    concern = db.session.scalar(select(Concern).where(Concern.code_lookup == lookup_code(code)))
    if concern is None:
        raise ConcernCodeError(field="code")
    return concern


def find_concern_of_key(key: str) -> Concern | None:
    """The concern that the form with this id told."""
    return db.session.scalar(select(Concern).where(Concern.idempotency_key == key))


def find_step_of_key(key: str) -> ConcernStep | None:
    """The step that the form with this id made."""
    return db.session.scalar(select(ConcernStep).where(ConcernStep.idempotency_key == key))


def list_keepers() -> list[User]:
    """The two people who were named last to read restricted concerns; nobody before that."""
    statement = (
        select(ConcernKeepers)
        .options(joinedload(ConcernKeepers.first), joinedload(ConcernKeepers.second))
        .order_by(ConcernKeepers.id.desc())
        .limit(1)
    )
    newest = db.session.scalar(statement)
    return [newest.first, newest.second] if newest else []


def find_keepers() -> frozenset[str]:
    """Their public ids."""
    return frozenset(person.public_id for person in list_keepers())


def list_possible_keepers() -> list[User]:
    """Who can be named: who may sign in with a role that protects children."""
    people = list_people(*_PROTECTORS)
    return [person for person in people if person.as_actor().can(Permission.CONCERN_PROTECT)]


def lacks_keepers() -> bool:
    """Whether fewer than two people read restricted concerns now."""
    able = {person.public_id for person in list_possible_keepers()}
    return len(find_keepers() & able) < _KEEPERS


def _seen_by(actor: Actor, keepers: frozenset[str]) -> Select[Concern]:
    return select(Concern).where(Concern.kind.in_(readable_kinds(actor, keepers)))


def _waits_for(actor: Actor, keepers: frozenset[str]) -> ColumnElement[bool]:
    """New, or looked into by the actor, or by somebody who can do so no more."""
    is_open = Concern.status == ConcernStatus.IN_WORK
    may_sign_in = select(User.public_id).where(User.status == UserStatus.ACTIVE)
    is_left = or_(
        Concern.owner.not_in(may_sign_in),
        and_(Concern.kind == ConcernKind.CHILD_SAFETY, Concern.owner.not_in(sorted(keepers))),
    )
    return and_(
        Concern.kind.in_(handled_kinds(actor, keepers)),
        or_(
            Concern.status == ConcernStatus.NEW,
            and_(is_open, or_(Concern.owner == actor.ref, is_left)),
        ),
    )
