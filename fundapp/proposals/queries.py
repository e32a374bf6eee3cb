"""Reads of proposals, and of who may decide on them."""

import hashlib
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, inspect, or_, select
from sqlalchemy.orm import joinedload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission, Process, Role
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.paging import Page, page_of
from fundapp.proposals.models import Proposal, ProposalStatus, as_json
from fundapp.proposals.policy import may_read_proposals
from fundapp.proposals.registry import find_kind, list_kinds
from fundapp.trail.models import AuditEvent
from fundapp.trail.queries import is_of

PAGE_SIZE = 25
#: What a command does to the rules of the house: it is listed beside the proposals.
COMMAND_ACTIONS = (
    "identity:user:create",
    "identity:user:change-roles",
    "identity:user:enable",
    "identity:user:disable",
    "ledger:fund:open",
    "ledger:fund:accounts",
    "ledger:fund:tax-wording",
    "ledger:fund:let-go-limit",
    "ledger:fund:freeze",
    "ledger:fund:close",
    "ledger:fund:reopen",
    "ledger:period:close",
    "ledger:period:reopen",
    "banking:account:open",
)
_ENOUGH = 2


def get_proposal(public_id: str, *, viewer: Actor) -> Proposal:
    """The proposal of that public id; NotFoundError when there is none or it is not to be seen."""
    proposal: Proposal | None = db.session.scalar(
        select(Proposal).where(Proposal.public_id == public_id)
    )
    if proposal is None or not may_read_proposals(viewer):
        raise NotFoundError
    return proposal


def list_open_proposals() -> list[Proposal]:
    """What waits for somebody, oldest first. There is one at most for each thing."""
    statement = _listed().where(Proposal.status == ProposalStatus.OPEN)
    return list(db.session.scalars(statement.order_by(Proposal.id)))


def list_waiting_proposals(viewer: Actor) -> list[Proposal]:
    """What waits for the viewer: to confirm or to take over, oldest first."""
    statement = _listed().where(_waits_for(viewer))
    return list(db.session.scalars(statement.order_by(Proposal.id)))


def list_decided_proposals(after: int | None = None) -> Page[Proposal]:
    """What was decided, the newest proposal first, by key: ``after`` is the last row id shown."""
    statement = _listed().where(Proposal.status != ProposalStatus.OPEN)
    if after is not None:
        statement = statement.where(Proposal.id < after)
    rows = db.session.scalars(statement.order_by(Proposal.id.desc()).limit(PAGE_SIZE + 1)).all()
    return page_of(rows, PAGE_SIZE, lambda proposal: proposal.id)


def _listed() -> Select[Proposal]:
    """Proposals with the names of their people, whose roles no list shows."""
    proposer, decider = joinedload(Proposal.proposer), joinedload(Proposal.decider)
    return select(Proposal).options(proposer.lazyload("*"), decider.lazyload("*"))


def list_command_events(after: int | None = None) -> Page[AuditEvent]:
    """What the command line did alone to the rules of the house, newest first, by key."""
    # Of all that the command line did few events are of these actions: they are found by those, and
    # not by an index of who acted.
    of_rules = select(AuditEvent.id).where(is_of(*COMMAND_ACTIONS))
    by_command = AuditEvent.actor.concat("") == Process.COMMAND_LINE.value
    statement = select(AuditEvent).where(by_command, AuditEvent.id.in_(of_rules))
    if after is not None:
        statement = statement.where(AuditEvent.id < after)
    rows = db.session.scalars(statement.order_by(AuditEvent.id.desc()).limit(PAGE_SIZE + 1)).all()
    return page_of(rows, PAGE_SIZE, lambda event: event.id)


def has_expired(proposal: Proposal) -> bool:
    """Whether its last day is over and nobody decided."""
    return proposal.is_open and proposal.expires_on < clock.today()


def find_open_proposal(kind: str, subject: str) -> Proposal | None:
    """The open proposal of that kind for the thing, or None."""
    statement = select(Proposal).where(
        Proposal.kind == kind, Proposal.subject == subject, Proposal.status == ProposalStatus.OPEN
    )
    return db.session.scalars(statement).one_or_none()


def find_open_proposals(*kinds: str) -> dict[tuple[str, str], Proposal]:
    """The open proposals of these kinds by kind and thing, in one query."""
    statement = select(Proposal).where(
        Proposal.kind.in_(kinds), Proposal.status == ProposalStatus.OPEN
    )
    return {(found.kind, found.subject): found for found in db.session.scalars(statement)}


def version_of_values(kind: str, subject: str) -> str:
    """A short digest of what is so now, for a form: it tells that the values were changed since."""
    values = as_json(find_kind(kind).read(subject))
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def count_waiting(viewer: Actor) -> int:
    """How many proposals the viewer may confirm or take over."""
    return db.session.scalar(select(func.count(Proposal.id)).where(_waits_for(viewer))) or 0


def _waits_for(viewer: Actor) -> ColumnElement[bool]:
    confirmed = [kind.name for kind in list_kinds() if viewer.can(kind.confirm)]
    proposed = [kind.name for kind in list_kinds() if viewer.can(kind.propose)]
    return and_(
        Proposal.status == ProposalStatus.OPEN,
        Proposal.expires_on >= clock.today(),
        or_(
            Proposal.kind.in_(confirmed) & (Proposal.proposed_by_id != viewer.user_id),
            Proposal.kind.in_(proposed) & Proposal.proposed_by_id.is_(None),
        ),
    )


def person_now(user_id: int) -> Actor:
    """The person of that row id with the roles in force now, read again."""
    found = db.session.scalars(_person(), {"user_id": user_id}).unique().one()
    actor: Actor = found.as_actor()
    return actor


@cache
def _person() -> Any:
    """One statement for the row, its roles and its districts: it is read at every step of money."""
    users = _users()
    statement = select(users).where(users.id == bindparam("user_id"))
    statement = statement.options(*with_authority(users))
    return statement.execution_options(populate_existing=True)


def has_two_administrators(*, besides: str = "") -> bool:
    """Whether two people may sign in who confirm what rules the house, not counting the one with
    the public id ``besides``.
    """
    return len(find_administrators() - {besides}) >= _ENOUGH


def find_administrators() -> set[str]:
    """The public ids of the people who may sign in and confirm what rules the house."""
    users = _users()
    roles = inspect(users).relationships["roles"].mapper.class_
    statement = select(users).where(users.roles.any(roles.role == Role.ADMINISTRATOR))
    people = db.session.scalars(statement.options(*with_authority(users))).unique()
    return {user.public_id for user in people if user.can(Permission.USER_MANAGE)}


def with_authority(users: Any) -> tuple[Any, ...]:
    """Roles and districts in the statement that reads people: each has few."""
    return joinedload(users.roles), joinedload(users.districts)


def _users() -> Any:
    """The table of users, which a higher layer owns: found by the proposer's foreign key."""
    return inspect(Proposal).relationships["proposer"].mapper.class_
