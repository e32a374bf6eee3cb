"""Plans of aid, their conditions and what holds an instalment. Nothing is decrypted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload, lazyload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.aid_plans.models import (
    AidFact,
    AidInstalment,
    AidPlan,
    AidRules,
    AidTerm,
    AidTermKind,
    AidWaiver,
)
from fundapp.children.casework.models import CaseEntry, CaseKind
from fundapp.db import count_rows, db, page_by_day
from fundapp.disbursements.models import DisbursementRequest, Need, RequestStatus
from fundapp.disbursements.queries import sees_request, visible_requests
from fundapp.errors import NotFoundError
from fundapp.paging import Page

_MOST_SHOWN = 50
#: Instalments so near or past their day appear among what is held.
SOON = timedelta(days=14)

#: Of the other instalments of the plan only their state is asked, so not all of each request.
_REQUEST = joinedload(AidInstalment.request).lazyload("*")
_LIGHT = [
    _REQUEST,
    joinedload(AidInstalment.plan)
    .selectinload(AidPlan.instalments)
    .options(_REQUEST, lazyload(AidInstalment.facts), lazyload(AidInstalment.waivers)),
]


@dataclass(frozen=True, slots=True)
class TermState:
    """A condition of an instalment: whether it is met or waived, and what waits."""

    kind: AidTermKind
    percent: int | None
    is_met: bool
    waiver: AidWaiver | None
    waiting: AidFact | None

    @property
    def is_waived(self) -> bool:
        """Whether two approvers agreed that the instalment is paid without it."""
        return self.waiver is not None and self.waiver.second_at is not None

    @property
    def holds(self) -> bool:
        """Whether the instalment waits for it."""
        return not (self.is_met or self.is_waived)


def find_aid_rules(need: Need, on: date) -> AidRules | None:
    """The conditions of a need that are in force on a day."""
    begun = select(AidRules).where(AidRules.need == need, AidRules.starts_on <= on)
    return db.session.scalar(begun.order_by(AidRules.starts_on.desc()).limit(1))


def list_aid_rules() -> Sequence[AidRules]:
    """The newest conditions, those that begin later first."""
    newest = select(AidRules).order_by(AidRules.starts_on.desc(), AidRules.need)
    return db.session.scalars(newest.limit(_MOST_SHOWN)).all()


def get_plan(public_id: str, *, viewer: Actor) -> AidPlan:
    """The plan of that public id; NotFoundError, also where its requests are not the viewer's to
    see.
    """
    plan = db.session.scalar(select(AidPlan).where(AidPlan.public_id == public_id))
    if plan is None or not all(sees_request(viewer, each.request) for each in plan.instalments):
        raise NotFoundError
    return plan


def get_instalment(request_public_id: str, *, viewer: Actor) -> AidInstalment:
    """The instalment that this request is; NotFoundError."""
    found = db.session.scalar(
        select(AidInstalment)
        .join(DisbursementRequest, DisbursementRequest.id == AidInstalment.request_id)
        .where(DisbursementRequest.public_id == request_public_id)
    )
    if found is None or not sees_request(viewer, found.request):
        raise NotFoundError
    return found


def find_instalment(request: DisbursementRequest) -> AidInstalment | None:
    """The instalment that a request is, if it is one."""
    return db.session.get(AidInstalment, request.id, options=_LIGHT)


def term_states(instalment: AidInstalment) -> list[TermState]:
    """Each condition of the instalment; the first one has none."""
    rules = instalment.plan.rules
    if rules is None or instalment.number == 1:
        return []
    before = instalment.plan.instalments[instalment.number - 2].request
    states = []
    for term in sorted(rules.terms, key=lambda each: list(AidTermKind).index(each.kind)):
        facts = [fact for fact in instalment.facts if fact.kind is term.kind]
        is_met = any(
            fact.is_accepted and (term.percent is None or (fact.percent or 0) >= term.percent)
            for fact in facts
        )
        if term.kind is AidTermKind.PROOF:
            is_met = before.status is RequestStatus.CONFIRMED
        waiver = next((each for each in instalment.waivers if each.kind is term.kind), None)
        waiting = next((fact for fact in facts if fact.decided_at is None), None)
        states.append(TermState(term.kind, term.percent, is_met, waiver, waiting))
    return states


def held_instalments(ids: Collection[int]) -> set[int]:
    """Which of these requests are instalments that may not be paid today."""
    return set(db.session.scalars(held_ids().where(AidInstalment.request_id.in_(ids))))


def held_ids() -> Select[int]:
    """The requests that are such instalments."""
    held = or_(AidInstalment.due_on > clock.today(), ~conditions_hold())
    return select(AidInstalment.request_id).where(held)


def list_instalments(
    viewer: Actor, *, held: bool, after: str | None = None, limit: int = 50
) -> Page[AidInstalment]:
    """Instalments that the viewer may see, or those near their day that a condition holds, by day;
    paged by day and request.
    """
    statement = _instalments(viewer, select(AidInstalment), held=held).options(
        lazyload(AidInstalment.facts),
        lazyload(AidInstalment.waivers),
        joinedload(AidInstalment.plan).lazyload("*"),
        joinedload(AidInstalment.request).options(
            lazyload("*"), joinedload(DisbursementRequest.district)
        ),
    )
    order = AidInstalment.due_on, AidInstalment.request_id
    return page_by_day(statement, *order, after=after, limit=limit)


def count_held_instalments(viewer: Actor) -> int:
    """How many instalments near their day a condition holds, in the viewer's districts."""
    return count_rows(_instalments(viewer, select(AidInstalment.request_id), held=True))


def _instalments(viewer: Actor, statement: Select[Any], *, held: bool) -> Select[Any]:
    statement = statement.join(
        DisbursementRequest, DisbursementRequest.id == AidInstalment.request_id
    )
    statement = statement.where(visible_requests(viewer))
    if held:
        statement = statement.where(
            DisbursementRequest.status == RequestStatus.APPROVED,
            AidInstalment.due_on <= clock.today() + SOON,
            ~conditions_hold(),
        )
    return statement


def conditions_hold() -> ColumnElement[bool]:
    """Whether each condition of an instalment is met or waived, as SQL; the same in the triggers of
    ``keep_aid_plans.sql``.
    """
    fact = exists().where(
        AidFact.request_id == AidInstalment.request_id,
        AidFact.kind == AidTerm.kind,
        AidFact.is_accepted == true(),
        func.coalesce(AidFact.percent, 0) >= func.coalesce(AidTerm.percent, 0),
    )
    waiver = exists().where(
        AidWaiver.request_id == AidInstalment.request_id,
        AidWaiver.kind == AidTerm.kind,
        AidWaiver.second_by_id.is_not(None),
    )
    earlier, paid = aliased(AidInstalment), aliased(DisbursementRequest)
    proof = exists().where(
        AidTerm.kind == AidTermKind.PROOF,
        earlier.plan_id == AidInstalment.plan_id,
        earlier.number == AidInstalment.number - 1,
        paid.id == earlier.request_id,
        paid.status == RequestStatus.CONFIRMED,
    )
    plan = aliased(AidPlan)
    missing = exists().where(
        plan.id == AidInstalment.plan_id,
        AidTerm.rules_id == plan.rules_id,
        ~or_(*(each.correlate(AidInstalment, AidTerm) for each in (fact, waiver, proof))),
    )
    return or_(AidInstalment.number == 1, ~missing.correlate(AidInstalment))


def children_without_visit(instalment: AidInstalment) -> list[str]:
    """The codes of the children in whose file no home visit stands since the instalment before was
    paid.
    """
    before = instalment.plan.instalments[instalment.number - 2].request
    if before.payout is None:
        return [line.child.code for line in instalment.request.lines]
    since = before.payout.paid_on
    children = {line.child_id: line.child.code for line in instalment.request.lines}
    visited = select(CaseEntry.child_id).where(
        and_(
            CaseEntry.kind == CaseKind.VISIT,
            CaseEntry.on_day >= since,
            CaseEntry.child_id.in_(children),
        )
    )
    seen = set(db.session.scalars(visited))
    return sorted(code for child_id, code in children.items() if child_id not in seen)
