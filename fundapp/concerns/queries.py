"""Concerns that somebody may see, and the one of a code."""

from sqlalchemy import ColumnElement, Select, and_, or_, select

from fundapp.access.actors import Actor
from fundapp.concerns.encryption import lookup_code
from fundapp.concerns.errors import ConcernCodeError
from fundapp.concerns.models import NUMBER_PREFIX, Concern, ConcernStatus, ConcernStep
from fundapp.concerns.policy import may_handle, may_read_concern, readable_kinds
from fundapp.db import count_rows, db
from fundapp.errors import NotFoundError
from fundapp.ids import from_readable
from fundapp.paging import Page, int_key, page_of

_PAGE_SIZE = 25


def list_concerns(
    status: ConcernStatus | None, after: str | None, *, actor: Actor, waiting: bool = False
) -> Page[Concern]:
    """Concerns that the actor may see, of a state or of all, or those that wait for the actor; the
    newest first.
    """
    statement = _seen_by(actor).order_by(Concern.id.desc()).limit(_PAGE_SIZE + 1)
    if waiting:
        statement = statement.where(_waits_for(actor))
    elif status is not None:
        statement = statement.where(Concern.status == status)
    key = int_key(after)
    if key is not None:
        statement = statement.where(Concern.id < key)
    return page_of(db.session.scalars(statement).all(), _PAGE_SIZE, lambda concern: concern.id)


def count_waiting_concerns(actor: Actor) -> int:
    """How many concerns nobody has taken over, or wait for the actor's answer."""
    return count_rows(_seen_by(actor).where(_waits_for(actor)).with_only_columns(Concern.id))


def get_concern(number: str, *, actor: Actor) -> Concern:
    """The concern with this number; NotFoundError, also where the actor may not know of it."""
    concern = db.session.get(Concern, from_readable(number, NUMBER_PREFIX) or 0)
    if concern is None or not may_read_concern(actor, concern):
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


def _seen_by(actor: Actor) -> Select[Concern]:
    return select(Concern).where(Concern.kind.in_(readable_kinds(actor)))


def _waits_for(actor: Actor) -> ColumnElement[bool]:
    kinds = [kind for kind in readable_kinds(actor) if may_handle(actor, Concern(kind=kind))]
    is_own = and_(Concern.owner == actor.ref, Concern.status == ConcernStatus.IN_WORK)
    return and_(Concern.kind.in_(kinds), or_(Concern.status == ConcernStatus.NEW, is_own))
