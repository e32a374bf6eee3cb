"""What the operations of the committee check alike."""

from collections.abc import Sequence

from fundapp.access.permissions import Role
from fundapp.committee.drafts import OrderDraft
from fundapp.committee.errors import (
    MeetingStateError,
    MembersRoleError,
    NotAttendingError,
    OrderDaysError,
    OrderKnownError,
    QuorumError,
    SeatsError,
)
from fundapp.committee.models import (
    FEWEST_SEATS,
    MOST_SEATS,
    CommitteeItem,
    CommitteeMeeting,
    MeetingKind,
    MeetingStatus,
)
from fundapp.committee.queries import is_known_order
from fundapp.committee.workflow import MeetingAction, next_status
from fundapp.errors import NotFoundError
from fundapp.identity.models import User
from fundapp.identity.queries import get_user


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
    declared an interest or asked for the help.
    """
    if meeting.kind is MeetingKind.CIRCULAR:
        people = {seat.member_id for seat in meeting.order.seats}
    else:
        people = {attendance.user_id for attendance in meeting.attendances}
    recused = {recusal.user_id for recusal in item.recusals}
    return frozenset(people - recused - {item.request.requested_by_id})
