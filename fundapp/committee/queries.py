"""Reading the committee. No child and no payee is named; nothing is decrypted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload

from fundapp.committee.models import (
    CommitteeItem,
    CommitteeMeeting,
    CommitteeOrder,
    CommitteeResolution,
    CommitteeRule,
    MeetingStatus,
    Outcome,
)
from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, RequestLine, RequestStatus
from fundapp.errors import NotFoundError
from fundapp.paging import Page, int_key, page_of

_PAGE_SIZE = 50
#: So many of the requests that wait longest are offered for an agenda.
MOST_OFFERED = 100
_UNDECIDED = (MeetingStatus.PLANNED, MeetingStatus.OPEN)
#: Above every number of a year.
_PER_YEAR = 1_000_000
_WITHOUT_PARTS = [
    lazyload(part)
    for part in (
        DisbursementRequest.lines,
        DisbursementRequest.approvals,
        DisbursementRequest.payouts,
        DisbursementRequest.proofs,
        DisbursementRequest.releases,
        DisbursementRequest.confirmations,
        DisbursementRequest.payee,
    )
]


def find_order(on: date) -> CommitteeOrder | None:
    """The order in force on a day: the last one that began, unless its term has ended."""
    statement = (
        select(CommitteeOrder)
        .where(CommitteeOrder.starts_on <= on)
        .order_by(CommitteeOrder.starts_on.desc())
        .options(joinedload(CommitteeOrder.document))
    )
    order = db.session.scalars(statement.limit(1)).one_or_none()
    return order if order is not None and order.ends_on >= on else None


def is_known_order(number: str, starts_on: date) -> bool:
    """Whether an order has this number or begins on this day."""
    statement = select(CommitteeOrder.id).where(
        (CommitteeOrder.number == number) | (CommitteeOrder.starts_on == starts_on)
    )
    return db.session.scalar(statement.limit(1)) is not None


def get_meeting(public_id: str) -> CommitteeMeeting:
    """The meeting with its order, agenda, attendance and votes; NotFoundError."""
    request = selectinload(CommitteeMeeting.items).joinedload(CommitteeItem.request)
    statement = (
        select(CommitteeMeeting)
        .where(CommitteeMeeting.public_id == public_id)
        .options(joinedload(CommitteeMeeting.order), request.options(*_WITHOUT_PARTS))
    )
    meeting = db.session.scalars(statement).unique().one_or_none()
    if meeting is None:
        raise NotFoundError
    return meeting


def list_meetings(after: str | None = None) -> Page[CommitteeMeeting]:
    """Meetings, the newest first, by key; without their parts."""
    statement = (
        select(CommitteeMeeting)
        .options(lazyload(CommitteeMeeting.items), lazyload(CommitteeMeeting.attendances))
        .order_by(CommitteeMeeting.id.desc())
        .limit(_PAGE_SIZE + 1)
    )
    key = int_key(after)
    if key is not None:
        statement = statement.where(CommitteeMeeting.id < key)
    return page_of(list(db.session.scalars(statement)), _PAGE_SIZE, lambda row: row.id)


def waiting_requests() -> Select[DisbursementRequest]:
    """Requests that wait for a decision and that no agenda holds, the oldest first; those that the
    committee approved or refused as they stand wait for an approver only.
    """
    of_request = (
        select(CommitteeItem.id)
        .join(CommitteeItem.meeting)
        .outerjoin(CommitteeItem.resolution)
        .where(CommitteeItem.request_id == DisbursementRequest.id)
    )
    on_agenda = of_request.where(
        CommitteeMeeting.status.in_(_UNDECIDED), CommitteeResolution.item_id.is_(None)
    )
    resolved = of_request.where(
        CommitteeItem.facts_sha256 == DisbursementRequest.facts_sha256,
        CommitteeResolution.outcome != Outcome.POSTPONE,
    )
    return (
        select(DisbursementRequest)
        .where(
            DisbursementRequest.status == RequestStatus.SUBMITTED,
            ~on_agenda.exists(),
            ~resolved.exists(),
        )
        .order_by(DisbursementRequest.id)
        .options(*_WITHOUT_PARTS)
    )


def list_waiting_requests() -> Sequence[DisbursementRequest]:
    """The first of them, as an agenda is offered."""
    return db.session.scalars(waiting_requests().limit(MOST_OFFERED)).all()


def count_children(request_ids: Collection[int]) -> Mapping[int, int]:
    """How many children each request is for."""
    statement = (
        select(RequestLine.request_id, func.count())
        .where(RequestLine.request_id.in_(request_ids))
        .group_by(RequestLine.request_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


@dataclass(frozen=True, slots=True)
class CitedResolution:
    """A resolution on a request, as its approval and payment cite it."""

    label: str
    outcome: Outcome
    decided_on: date
    meeting: str
    is_of_these_facts: bool

    @property
    def approves(self) -> bool:
        """Whether it approves exactly what stands in the request."""
        return self.is_of_these_facts and self.outcome is Outcome.APPROVE


def find_resolution(request: DisbursementRequest) -> CitedResolution | None:
    """The last resolution on the request, or None."""
    statement = (
        select(CommitteeResolution, CommitteeItem.facts_sha256, CommitteeMeeting.public_id)
        .join(CommitteeResolution.item)
        .join(CommitteeItem.meeting)
        .where(CommitteeItem.request_id == request.id)
        .order_by(CommitteeResolution.fiscal_year.desc(), CommitteeResolution.number.desc())
        .options(lazyload("*"))
    )
    found = db.session.execute(statement.limit(1)).one_or_none()
    if found is None:
        return None
    resolution, facts, meeting = found
    return CitedResolution(
        resolution.label,
        resolution.outcome,
        resolution.decided_on,
        meeting,
        facts == request.facts_sha256,
    )


def find_binding(request: DisbursementRequest) -> CommitteeResolution | None:
    """The last resolution that approves or refuses what stands in the request now, or None."""
    statement = (
        select(CommitteeResolution)
        .join(CommitteeResolution.item)
        .where(
            CommitteeItem.request_id == request.id,
            CommitteeItem.facts_sha256 == request.facts_sha256,
            CommitteeResolution.outcome != Outcome.POSTPONE,
        )
        .order_by(CommitteeResolution.fiscal_year.desc(), CommitteeResolution.number.desc())
        .options(lazyload("*"))
    )
    return db.session.scalars(statement.limit(1)).one_or_none()


def find_rule(on: date) -> CommitteeRule | None:
    """The rule in force on a day: the last one that began."""
    statement = select(CommitteeRule).where(CommitteeRule.starts_on <= on)
    newest = statement.order_by(CommitteeRule.starts_on.desc()).limit(1)
    return db.session.scalars(newest).one_or_none()


def list_rules() -> Sequence[CommitteeRule]:
    """The newest rules, those to come first."""
    statement = select(CommitteeRule).order_by(CommitteeRule.starts_on.desc())
    return db.session.scalars(statement.limit(_PAGE_SIZE)).all()


def is_known_rule(starts_on: date) -> bool:
    """Whether a rule begins on this day."""
    return db.session.get(CommitteeRule, starts_on) is not None


def list_public_resolutions(after: str | None = None) -> Page[CommitteeResolution]:
    """The resolutions of closed meetings, the newest first, by key."""
    statement = (
        select(CommitteeResolution)
        .join(CommitteeResolution.item)
        .join(CommitteeItem.meeting)
        .where(CommitteeMeeting.status == MeetingStatus.CLOSED)
        .order_by(CommitteeResolution.fiscal_year.desc(), CommitteeResolution.number.desc())
        .options(
            contains_eager(CommitteeResolution.item).options(
                contains_eager(CommitteeItem.meeting).options(
                    lazyload(CommitteeMeeting.items), lazyload(CommitteeMeeting.attendances)
                ),
                joinedload(CommitteeItem.request).options(*_WITHOUT_PARTS),
                lazyload(CommitteeItem.votes),
                lazyload(CommitteeItem.recusals),
            )
        )
        .limit(_PAGE_SIZE + 1)
    )
    key = int_key(after)
    if key is not None:
        place = tuple_(CommitteeResolution.fiscal_year, CommitteeResolution.number)
        statement = statement.where(place < tuple_(*divmod(key, _PER_YEAR)))
    rows = list(db.session.scalars(statement))
    return page_of(rows, _PAGE_SIZE, lambda row: row.fiscal_year * _PER_YEAR + row.number)
