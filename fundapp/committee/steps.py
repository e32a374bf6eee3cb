"""What the operations of the committee check alike."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Role
from fundapp.committee.drafts import OrderDraft
from fundapp.committee.errors import (
    CountedError,
    MeetingStateError,
    MembersRoleError,
    NotAttendingError,
    OrderDaysError,
    OrderKnownError,
    QuorumError,
    RequestMovedError,
    RuleDayError,
    RuleKnownError,
    SeatsError,
)
from fundapp.committee.locking import lock_meeting
from fundapp.committee.models import (
    FEWEST_SEATS,
    MOST_SEATS,
    CommitteeAttendance,
    CommitteeItem,
    CommitteeMeeting,
    CommitteeRecusal,
    CommitteeResolution,
    MeetingKind,
    MeetingStatus,
)
from fundapp.committee.policy import may_keep, may_vote
from fundapp.committee.queries import is_known_order, is_known_rule
from fundapp.committee.workflow import MeetingAction, next_status
from fundapp.db import db
from fundapp.disbursements.models import RequestInterest, RequestStatus
from fundapp.errors import NotFoundError
from fundapp.identity.models import User
from fundapp.identity.queries import get_user
from fundapp.trail.operations import record_event

MEETING = "committee-meeting"


def check_order(draft: OrderDraft) -> Sequence[tuple[User, User | None]]:
    """Its members, each with the substitute. Raises OrderDaysError, OrderKnownError, SeatsError,
    QuorumError, MembersRoleError and NotFoundError.
    """
    if draft.ends_on < draft.starts_on:
        raise OrderDaysError(field="ends_on")
    if is_known_order(draft.number, draft.starts_on):
        raise OrderKnownError(field="number")
    names = [name for seat in draft.seats for name in (seat.member, seat.substitute) if name]
    count = len(draft.seats)
    is_named = all(seat.member for seat in draft.seats)
    if not FEWEST_SEATS <= count <= MOST_SEATS or len(set(names)) < len(names) or not is_named:
        raise SeatsError(field="member_1", params={"fewest": FEWEST_SEATS})
    least = count // 2 + 1
    if not least <= draft.quorum <= count:
        raise QuorumError(field="quorum", params={"least": least, "most": count})
    people = {name: get_user(name) for name in names}
    if any(not u.is_active or Role.APPROVER not in u.role_set() for u in people.values()):
        raise MembersRoleError(field="member_1")
    return [(people[seat.member], people.get(seat.substitute)) for seat in draft.seats]


def check_rule(starts_on: date) -> None:
    """A rule begins on a day to come, so that it holds for nothing that was approved before, and no
    two begin on one day. Raises RuleDayError, RuleKnownError.
    """
    if starts_on <= clock.today():
        raise RuleDayError(field="starts_on")
    if is_known_rule(starts_on):
        raise RuleKnownError(field="starts_on")


def require_state(meeting: CommitteeMeeting, action: MeetingAction) -> MeetingStatus:
    """The state after ``action``. Raises MeetingStateError."""
    status = next_status(meeting.status, action)
    if status is None:
        raise MeetingStateError
    return status


def get_item(meeting: CommitteeMeeting, public_id: str) -> CommitteeItem:
    """The item of the meeting's agenda. NotFoundError."""
    for item in meeting.items:
        if item.public_id == public_id:
            return item
    raise NotFoundError


def seat_of(meeting: CommitteeMeeting, user_id: int) -> int | None:
    """The seat on which somebody sits in the meeting, or, between meetings, the member's."""
    for attendance in meeting.attendances:
        if attendance.user_id == user_id:
            return attendance.seat
    if meeting.kind is MeetingKind.CIRCULAR:
        return next((s.seat for s in meeting.order.seats if s.member_id == user_id), None)
    return None


def require_seat(meeting: CommitteeMeeting, user_id: int) -> int:
    """The same; NotAttendingError without one."""
    seat = seat_of(meeting, user_id)
    if seat is None:
        raise NotAttendingError
    return seat


def voters_of(item: CommitteeItem, meeting: CommitteeMeeting) -> frozenset[int]:
    """Whose votes on the item are counted: who attends, between meetings every member, without who
    asked for the help or declared an interest, here or on the page of the request.
    """
    if meeting.kind is MeetingKind.CIRCULAR:
        people = {seat.member_id for seat in meeting.order.seats}
    else:
        people = {attendance.user_id for attendance in meeting.attendances}
    recused = {each.user_id for each in item.recusals}
    recused |= {each.user_id for each in item.request.interests}
    return frozenset(people - recused - {item.request.requested_by_id})


def recused_of(
    item: CommitteeItem, meeting: CommitteeMeeting
) -> list[CommitteeRecusal | RequestInterest]:
    """Who sits in the meeting and declared an interest in the item, here or, until it was
    closed, on the page of the request, and did not vote on it.
    """
    told = {each.user_id for each in item.recusals} | {vote.user_id for vote in item.votes}
    elsewhere = [
        each
        for each in item.request.interests
        if each.user_id not in told
        and seat_of(meeting, each.user_id) is not None
        and (meeting.closed_at is None or each.declared_at <= meeting.closed_at)
    ]
    return [*item.recusals, *elsewhere]


def begin(public_id: str, action: MeetingAction, actor: Actor) -> CommitteeMeeting:
    """The meeting, locked, for what the secretary does."""
    require(may_keep(actor))
    meeting, actor = lock_meeting(public_id, actor=actor)
    require(may_keep(actor))
    require_state(meeting, action)
    return meeting


def begin_item(
    public_id: str, item_id: str, action: MeetingAction, actor: Actor
) -> tuple[CommitteeMeeting, CommitteeItem, int]:
    """The meeting, locked, the item and the member, for what a member does."""
    require(may_vote(actor))
    meeting, actor = lock_meeting(public_id, actor=actor)
    require(may_vote(actor))
    require_state(meeting, action)
    item = get_item(meeting, item_id)
    seat = require_seat(meeting, actor.person_id)
    if item.resolution is not None:
        raise CountedError
    if all(sits.user_id != actor.person_id for sits in meeting.attendances):
        take_seat(meeting, seat, actor.person_id, is_substitute=False)
        db.session.flush()
    return meeting, item, actor.person_id


def take_seat(meeting: CommitteeMeeting, seat: int, user_id: int, is_substitute: bool) -> None:
    """Put somebody on a seat of the meeting."""
    db.session.add(
        CommitteeAttendance(
            meeting_id=meeting.id, seat=seat, user_id=user_id, is_substitute=is_substitute
        )
    )


def require_unmoved(item: CommitteeItem) -> None:
    """RequestMovedError unless the request waits and says what was put on the agenda."""
    request = item.request
    is_waiting = request.status is RequestStatus.SUBMITTED
    if not is_waiting or request.facts_sha256 != item.facts_sha256:
        raise RequestMovedError


def next_number(table: type[CommitteeMeeting] | type[CommitteeResolution], year: int) -> int:
    """The next number of the fiscal year; `lock_numbers` comes before it."""
    last = select(func.max(table.number)).where(table.fiscal_year == year)
    return (db.session.scalar(last) or 0) + 1


def record(verb: str, meeting: CommitteeMeeting, actor: Actor, note: str = "") -> None:
    """What was done with a meeting, into the trail."""
    record_event(
        f"committee:{verb}",
        actor=actor,
        subject_type=MEETING,
        subject_ref=meeting.public_id,
        note=note,
    )
