"""In which batches of payouts and on which requests of the committee it is somebody's turn, and
what is past its day in a supervisor's districts. All in SQL; no child is decrypted.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, lazyload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission, Role
from fundapp.children.casework.models import CaseEntry, CaseKind
from fundapp.children.models import Child, ChildStatus
from fundapp.children.open_files import count_open_files
from fundapp.children.queries.visibility import is_of_child, visible_to
from fundapp.committee.models import (
    CommitteeAttendance,
    CommitteeItem,
    CommitteeMeeting,
    CommitteeRecusal,
    CommitteeResolution,
    CommitteeVote,
    MeetingStatus,
)
from fundapp.db import count_rows, db, page_by_day
from fundapp.disbursements.models import (
    AccountCheck,
    DisbursementRequest,
    PaidStop,
    Payout,
    RequestInterest,
    StopReason,
)
from fundapp.disbursements.queries.account_checks import is_newest_check
from fundapp.identity.queries import list_people
from fundapp.paging import Page
from fundapp.payouts.models import (
    LineState,
    PayoutBatch,
    PayoutBatchFile,
    PayoutBatchLine,
    PayoutBatchRelease,
)
from fundapp.payouts.queries import is_unseen_stop
from fundapp.places.models import District
from fundapp.places.queries import list_districts
from fundapp.trail.models import ChildRead

#: What one list shows at most; as much as a number says at most.
_MOST = 1_000
#: The reads that the case load tells of.
READS_OF = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DistrictLoad:
    """The case load of a district: who works there, how many files are open, how many follow-ups
    are past their day, plans wait to be agreed to, and files were read in the last days.
    """

    district: District
    managers: Sequence[str]
    files: int
    late: int
    plans: int
    reads: int


@dataclass(frozen=True, slots=True)
class StoppedPaid:
    """A request that the bank paid although something had stopped it: what, and since when that is
    known.
    """

    request: DisbursementRequest
    noticed_at: datetime
    reasons: list[StopReason]


def list_turns(viewer: Actor) -> list[PayoutBatch]:
    """The batches of payouts in which it is the viewer's turn: to release one, to take its file to
    the bank, or to tell what the bank said of it; the oldest first.
    """
    statement = _turns(viewer, select(PayoutBatch))
    return list(
        db.session.scalars(
            statement.options(joinedload(PayoutBatch.bank_account))
            .order_by(PayoutBatch.id)
            .limit(_MOST)
        )
    )


def count_turns(viewer: Actor) -> int:
    """How many there are."""
    return count_rows(_turns(viewer, select(PayoutBatch.id)))


def _turns(viewer: Actor, statement: Select[Any]) -> Select[Any]:
    me, batch = viewer.user_id, PayoutBatch.id
    is_open = select(PayoutBatchLine.batch_id).where(PayoutBatchLine.state == LineState.WAITING)
    own_lines = select(PayoutBatchLine.id).where(
        PayoutBatchLine.batch_id == batch,
        or_(PayoutBatchLine.requested_by_id == me, PayoutBatchLine.approver_id == me),
    )
    releases = _count(PayoutBatchRelease.number, PayoutBatchRelease.batch_id)
    files = _count(PayoutBatchFile.release_number, PayoutBatchFile.batch_id)
    released = select(PayoutBatchRelease.number).where(
        PayoutBatchRelease.batch_id == batch, PayoutBatchRelease.released_by_id == me
    )
    taken = select(PayoutBatchFile.release_number).where(
        PayoutBatchFile.batch_id == batch, PayoutBatchFile.taken_by_id == me
    )
    verified = (
        select(AccountCheck.id)
        .join(PayoutBatchLine, PayoutBatchLine.request_id == AccountCheck.request_id)
        .where(
            PayoutBatchLine.batch_id == batch, AccountCheck.checked_by_id == me, is_newest_check()
        )
    )
    is_strange = and_(PayoutBatch.made_by_id != me, ~own_lines.exists(), ~verified.exists())
    turns: list[ColumnElement[bool]] = []
    if viewer.can_everywhere(Permission.DISBURSEMENT_RELEASE):
        turns.append(and_(releases == 0, is_strange))
    if viewer.can_everywhere(Permission.DISBURSEMENT_PAY):
        turns.append(and_(files < releases, is_strange, ~released.exists()))
        turns.append(and_(files == releases, taken.exists()))
    return statement.where(batch.in_(is_open), or_(*turns))


def _count(column: Any, batch_id: Any) -> Any:
    return (
        select(func.count(column))
        .where(batch_id == PayoutBatch.id)
        .correlate(PayoutBatch)
        .scalar_subquery()
    )


def list_stopped_paid(viewer: Actor) -> list[StoppedPaid]:
    """What the bank paid although something had stopped it, as far as the viewer may look at it:
    approvers who neither asked nor paid nor declared an interest; the oldest first.
    """
    statement = _stopped_paid(viewer, select(PaidStop, DisbursementRequest))
    rows = db.session.execute(statement.options(lazyload("*")).order_by(PaidStop.id).limit(_MOST))
    found: dict[int, StoppedPaid] = {}
    for stop, request in rows:
        row = found.setdefault(request.id, StoppedPaid(request, stop.noticed_at, []))
        row.reasons.append(stop.reason)
    return list(found.values())


def count_stopped_paid(viewer: Actor) -> int:
    """How many requests there are."""
    return count_rows(_stopped_paid(viewer, select(PaidStop.request_id)).distinct())


def _stopped_paid(viewer: Actor, statement: Any) -> Any:
    me, request = viewer.user_id, DisbursementRequest
    paid = select(Payout.id).where(Payout.request_id == request.id, Payout.payer_id == me)
    recused = select(RequestInterest.user_id).where(
        RequestInterest.request_id == request.id, RequestInterest.user_id == me
    )
    statement = statement.join_from(PaidStop, request, request.id == PaidStop.request_id).where(
        is_unseen_stop(), request.requested_by_id != me, ~paid.exists(), ~recused.exists()
    )
    if not viewer.can_everywhere(Permission.DISBURSEMENT_DECIDE):
        own = viewer.districts_of(Permission.DISBURSEMENT_DECIDE)
        statement = statement.where(request.district_code.in_(own))
    return statement


def list_votes_to_cast(viewer: Actor) -> list[CommitteeItem]:
    """The items of open meetings that the viewer attends and has not voted on, in the order of the
    agenda; none in which the viewer declared an interest, or asked for the help.
    """
    statement = _votes(viewer, select(CommitteeItem)).options(
        joinedload(CommitteeItem.meeting), joinedload(CommitteeItem.request)
    )
    order = CommitteeItem.meeting_id, CommitteeItem.position
    return list(db.session.scalars(statement.order_by(*order).limit(_MOST)).unique())


def count_votes_to_cast(viewer: Actor) -> int:
    """How many there are."""
    return count_rows(_votes(viewer, select(CommitteeItem.id)))


def _votes(viewer: Actor, statement: Select[Any]) -> Select[Any]:
    item, me = CommitteeItem.id, viewer.user_id
    meeting, attendance = CommitteeMeeting, CommitteeAttendance
    voted = select(CommitteeVote.item_id).where(
        CommitteeVote.item_id == item, CommitteeVote.user_id == me
    )
    recused = select(CommitteeRecusal.item_id).where(
        CommitteeRecusal.item_id == item, CommitteeRecusal.user_id == me
    )
    resolved = select(CommitteeResolution.item_id).where(CommitteeResolution.item_id == item)
    own = select(DisbursementRequest.id).where(
        DisbursementRequest.id == CommitteeItem.request_id,
        DisbursementRequest.requested_by_id == me,
    )
    return (
        statement.join(meeting, meeting.id == CommitteeItem.meeting_id)
        .join(attendance, attendance.meeting_id == meeting.id)
        .where(meeting.status == MeetingStatus.OPEN, attendance.user_id == me)
        .where(*(~each.exists() for each in (voted, recused, resolved, own)))
    )


def list_late(
    viewer: Actor, today: date, *, after: str | None = None, limit: int = 50
) -> Page[CaseEntry]:
    """Follow-ups and needs of open files in the viewer's districts that are past their day, the
    longest first; paged by day and id.
    """
    statement = _late(viewer, today, select(CaseEntry)).options(joinedload(CaseEntry.child))
    return page_by_day(statement, CaseEntry.due_on, CaseEntry.id, after=after, limit=limit)


def count_late_entries(viewer: Actor, today: date) -> int:
    """How many there are."""
    return count_rows(_late(viewer, today, select(CaseEntry.id)))


def _late(viewer: Actor, today: date, statement: Any) -> Any:
    is_seen = visible_to(viewer, Permission.PLAN_AGREE)
    return statement.where(
        CaseEntry.settled_at.is_(None),
        CaseEntry.kind != CaseKind.PLAN,
        CaseEntry.due_on < today,
        is_of_child(CaseEntry.child_id, Child.status == ChildStatus.ACTIVE, is_seen),
    )


def list_loads(viewer: Actor, today: date) -> list[DistrictLoad]:
    """The case load of each district of the viewer. Raises KeyringError."""
    files: Counter[str] = Counter()
    for (district, _group), count in count_open_files().items():
        files[district] += count
    entries = select(Child.district_code, func.count()).join(
        CaseEntry, CaseEntry.child_id == Child.id
    )
    late = _by_district(_late(viewer, today, entries))
    plans = _by_district(
        entries.where(
            CaseEntry.settled_at.is_(None),
            CaseEntry.due_on.is_not(None),
            CaseEntry.kind == CaseKind.PLAN,
            is_of_child(CaseEntry.child_id, Child.status == ChildStatus.ACTIVE),
        )
    )
    reads = _by_district(
        select(Child.district_code, func.count())
        .join(ChildRead, ChildRead.child_ref == Child.public_id)
        .where(ChildRead.at >= clock.now() - READS_OF)
    )
    managers = list_people(Role.CASE_MANAGER)
    return [
        DistrictLoad(
            district,
            [
                person.display_name
                for person in managers
                if district.code in person.as_actor().districts_of(Permission.CHILD_REGISTER)
            ],
            *(counts.get(district.code, 0) for counts in (files, late, plans, reads)),
        )
        for district in list_districts()
        if viewer.can_in(Permission.PLAN_AGREE, district.code)
    ]


def _by_district(statement: Any) -> dict[str, int]:
    rows = db.session.execute(statement.group_by(Child.district_code))
    return {district: count for district, count in rows}  # noqa: C416 - rows are no pairs
