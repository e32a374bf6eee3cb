"""What the secretary and the members do: plan, open, attend, declare, vote, count, close."""

import base64
import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.committee.drafts import MeetingDraft, OrderDraft
from fundapp.committee.errors import (
    AttendanceFixedError,
    ChooseRequestsError,
    CountedError,
    MeetingDayError,
    NoAgendaError,
    NoOrderError,
    NoQuorumError,
    NotWaitingError,
    RecusedError,
    RequestMovedError,
    SeatTakenError,
    VotedError,
    VotesMissingError,
)
from fundapp.committee.locking import lock_meeting, lock_numbers
from fundapp.committee.models import (
    CHAIR,
    Ballot,
    CommitteeAttendance,
    CommitteeItem,
    CommitteeMeeting,
    CommitteeOrder,
    CommitteeRecusal,
    CommitteeResolution,
    CommitteeSeat,
    CommitteeVote,
    Interest,
    MeetingKind,
)
from fundapp.committee.policy import may_appoint, may_keep, may_vote
from fundapp.committee.queries import find_order, waiting_requests
from fundapp.committee.steps import (
    check_order,
    get_item,
    require_seat,
    require_state,
    voters_of,
)
from fundapp.committee.tally import outcome_of, tally_of
from fundapp.committee.workflow import MeetingAction
from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, RequestStatus
from fundapp.documents.queries import get_document
from fundapp.ids import new_id
from fundapp.ledger.log.queries import last_checkpoint
from fundapp.proposals.models import Proposal
from fundapp.thai.calendar import fiscal_year_be
from fundapp.trail.operations import record_event

SOURCE_TYPE = "committee-order"
MEETING = "committee-meeting"


def record_order(draft: OrderDraft, proposal: Proposal, *, actor: Actor) -> CommitteeOrder:
    """Record an appointment order; ``actor`` confirmed what another person proposed.

    Raises ForbiddenError and what `check_order` raises.
    """
    require(may_appoint(actor))
    people = check_order(draft)
    order = CommitteeOrder(
        id=new_id(),
        number=draft.number,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        seat_count=len(people),
        quorum=draft.quorum,
        document_id=get_document(SOURCE_TYPE, draft.document).id,
        confirmed_by_id=actor.person_id,
        proposal_id=proposal.id,
        recorded_at=clock.now(),
    )
    db.session.add(order)
    db.session.flush()
    order.seats = [
        CommitteeSeat(
            order_id=order.id,
            seat=number,
            member_id=member.id,
            substitute_id=substitute.id if substitute else None,
        )
        for number, (member, substitute) in enumerate(people, start=CHAIR)
    ]
    db.session.flush()
    record_event(
        "committee:order:record", actor=actor, subject_type=SOURCE_TYPE, subject_ref=order.number
    )
    return order


def plan_meeting(draft: MeetingDraft, *, actor: Actor, key: str) -> CommitteeMeeting:
    """Plan a meeting, or a circular, under the order in force on its day. The same ``key`` of the
    same person twice is the same meeting. Raises ForbiddenError, NoOrderError.
    """
    require(may_keep(actor))
    lock_numbers()
    digest = hashlib.sha256(f"committee:{actor.person_id}:{key}".encode()).digest()
    public_id = base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
    known = select(CommitteeMeeting).where(CommitteeMeeting.public_id == public_id)
    if (earlier := db.session.scalar(known)) is not None:
        return earlier
    order = find_order(draft.held_on)
    if order is None:
        raise NoOrderError(field="held_on")
    year = fiscal_year_be(draft.held_on)
    meeting = CommitteeMeeting(
        id=new_id(),
        public_id=public_id,
        order_id=order.id,
        fiscal_year=year,
        number=_next_number(CommitteeMeeting, year),
        kind=draft.kind,
        held_on=draft.held_on,
        place=draft.place,
        planned_by_id=actor.person_id,
    )
    db.session.add(meeting)
    db.session.flush()
    _record("meeting:plan", meeting, actor)
    return meeting


def add_items(public_id: str, requests: Sequence[str], *, actor: Actor) -> CommitteeMeeting:
    """Put requests that wait, by public id, at the end of the agenda. Raises NotFoundError,
    ForbiddenError, MeetingStateError, ChooseRequestsError, NotWaitingError.
    """
    lock_numbers()
    meeting = _begin(public_id, MeetingAction.ADD_ITEMS, actor)
    if not requests:
        raise ChooseRequestsError(field="requests")
    wanted = waiting_requests().where(DisbursementRequest.public_id.in_(requests))
    found = db.session.scalars(wanted).all()
    if len(found) != len(set(requests)):
        raise NotWaitingError(field="requests")
    for position, request in enumerate(found, start=len(meeting.items) + 1):
        db.session.add(
            CommitteeItem(
                meeting_id=meeting.id,
                position=position,
                request_id=request.id,
                request_version=request.version,
                facts_sha256=request.facts_sha256,
            )
        )
    db.session.flush()
    _record("meeting:agenda", meeting, actor, note=str(len(found)))
    return meeting


def open_meeting(public_id: str, *, actor: Actor) -> CommitteeMeeting:
    """Open a meeting on its day, or let members answer a circular. Raises NotFoundError,
    ForbiddenError, MeetingStateError, NoAgendaError, MeetingDayError.
    """
    meeting = _begin(public_id, MeetingAction.OPEN, actor)
    if not meeting.items:
        raise NoAgendaError
    if clock.today() < meeting.held_on:
        raise MeetingDayError
    meeting.status = require_state(meeting, MeetingAction.OPEN)
    _record("meeting:open", meeting, actor)
    return meeting


def cancel_meeting(public_id: str, *, actor: Actor) -> CommitteeMeeting:
    """Cancel a planned meeting; its requests wait again. Raises as `open_meeting`."""
    meeting = _begin(public_id, MeetingAction.CANCEL, actor)
    meeting.status = require_state(meeting, MeetingAction.CANCEL)
    _record("meeting:cancel", meeting, actor)
    return meeting


def record_attendance(
    public_id: str, present: Mapping[int, str], *, actor: Actor
) -> CommitteeMeeting:
    """Who sits on which seat: by seat, the public id of the member or the substitute ("": nobody).

    Raises NotFoundError, ForbiddenError, MeetingStateError, SeatTakenError, AttendanceFixedError.
    """
    meeting = _begin(public_id, MeetingAction.ATTEND, actor)
    if meeting.kind is MeetingKind.CIRCULAR:
        raise SeatTakenError
    before = {attendance.seat: attendance for attendance in meeting.attendances}
    is_fixed = any(item.votes or item.recusals for item in meeting.items)
    for seat in meeting.order.seats:
        people = {person.public_id: person for person in (seat.member, seat.substitute) if person}
        chosen, sits = present.get(seat.seat, ""), before.get(seat.seat)
        if chosen and chosen not in people:
            raise SeatTakenError
        if sits is not None and (not chosen or people[chosen].id != sits.user_id):
            if is_fixed:
                raise AttendanceFixedError
            db.session.delete(sits)
            db.session.flush()
            sits = None
        if chosen and sits is None:
            _seat(meeting, seat.seat, people[chosen].id, people[chosen] is not seat.member)
    db.session.flush()
    _record("meeting:attend", meeting, actor, note=str(sum(map(bool, present.values()))))
    return meeting


def declare_interest(
    public_id: str, item_id: str, interest: Interest, *, actor: Actor
) -> CommitteeMeeting:
    """Declare an interest in an item: the member has no vote on it. Twice is once.

    Raises NotFoundError, ForbiddenError, MeetingStateError, NotAttendingError, VotedError,
    CountedError.
    """
    meeting, item, user_id = _begin_item(public_id, item_id, MeetingAction.DECLARE, actor)
    if any(recusal.user_id == user_id for recusal in item.recusals):
        return meeting
    if any(vote.user_id == user_id for vote in item.votes):
        raise VotedError
    db.session.add(
        CommitteeRecusal(
            item_id=item.id,
            meeting_id=meeting.id,
            user_id=user_id,
            interest=interest,
            declared_at=clock.now(),
        )
    )
    db.session.flush()
    _record("item:declare", meeting, actor, note=str(item.position))
    return meeting


def cast_vote(public_id: str, item_id: str, ballot: Ballot, *, actor: Actor) -> CommitteeMeeting:
    """The member's own vote on an item; the same vote twice is one.

    Raises NotFoundError, ForbiddenError, MeetingStateError, NotAttendingError, NoQuorumError,
    RecusedError, RequestMovedError, VotedError, CountedError.
    """
    meeting, item, user_id = _begin_item(public_id, item_id, MeetingAction.VOTE, actor)
    for vote in item.votes:
        if vote.user_id == user_id:
            if vote.ballot is ballot:
                return meeting
            raise VotedError
    present, quorum = len(meeting.attendances), meeting.order.quorum
    if meeting.kind is MeetingKind.IN_ROOM and present < quorum:
        raise NoQuorumError(params={"present": present, "quorum": quorum})
    if user_id not in voters_of(item, meeting):
        raise RecusedError
    _require_unmoved(item)
    db.session.add(
        CommitteeVote(
            item_id=item.id,
            meeting_id=meeting.id,
            user_id=user_id,
            ballot=ballot,
            cast_at=clock.now(),
        )
    )
    db.session.flush()
    _record("item:vote", meeting, actor, note=str(item.position))
    return meeting


def count_votes(public_id: str, item_id: str, *, actor: Actor) -> CommitteeResolution:
    """Count the votes on an item and give the resolution its number.

    Raises NotFoundError, ForbiddenError, MeetingStateError, RequestMovedError, CountedError,
    VotesMissingError, NoQuorumError.
    """
    lock_numbers()
    meeting = _begin(public_id, MeetingAction.COUNT, actor)
    item = get_item(meeting, item_id)
    if item.resolution is not None:
        raise CountedError
    _require_unmoved(item)
    present, quorum = len(meeting.attendances), meeting.order.quorum
    if meeting.kind is MeetingKind.IN_ROOM and present < quorum:
        raise NoQuorumError(params={"present": present, "quorum": quorum})
    missing = len(voters_of(item, meeting) - {vote.user_id for vote in item.votes})
    if missing:
        raise VotesMissingError(params={"missing": missing})
    chairs = {sits.user_id for sits in meeting.attendances if sits.seat == CHAIR}
    chair = next((vote.ballot for vote in item.votes if vote.user_id in chairs), None)
    tally = tally_of((vote.ballot for vote in item.votes), chair)
    today = clock.today()
    year = fiscal_year_be(today)
    resolution = CommitteeResolution(
        item_id=item.id,
        fiscal_year=year,
        number=_next_number(CommitteeResolution, year),
        outcome=outcome_of(meeting.kind, tally, quorum),
        for_count=tally.favour,
        against_count=tally.against,
        abstain_count=tally.abstained,
        decided_on=today,
        counted_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    db.session.add(resolution)
    db.session.flush()
    _record("item:count", meeting, actor, note=resolution.label)
    return resolution


def close_meeting(public_id: str, *, actor: Actor) -> CommitteeMeeting:
    """Close a meeting: its minutes are final, with the newest checkpoint of the books. Items
    without a resolution wait for another meeting. Raises as `open_meeting`.
    """
    meeting = _begin(public_id, MeetingAction.CLOSE, actor)
    checkpoint = last_checkpoint()
    meeting.status = require_state(meeting, MeetingAction.CLOSE)
    meeting.closed_by_id, meeting.closed_at = actor.person_id, clock.now()
    if checkpoint is not None:
        meeting.log_number, meeting.log_size = checkpoint.number, checkpoint.size
    _record("meeting:close", meeting, actor)
    return meeting


def _begin(public_id: str, action: MeetingAction, actor: Actor) -> CommitteeMeeting:
    """The meeting, locked, for what the secretary does."""
    require(may_keep(actor))
    meeting, actor = lock_meeting(public_id, actor=actor)
    require(may_keep(actor))
    require_state(meeting, action)
    return meeting


def _begin_item(
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
        _seat(meeting, seat, actor.person_id, is_substitute=False)
        db.session.flush()
    return meeting, item, actor.person_id


def _seat(meeting: CommitteeMeeting, seat: int, user_id: int, is_substitute: bool) -> None:
    db.session.add(
        CommitteeAttendance(
            meeting_id=meeting.id, seat=seat, user_id=user_id, is_substitute=is_substitute
        )
    )


def _require_unmoved(item: CommitteeItem) -> None:
    request = item.request
    is_waiting = request.status is RequestStatus.SUBMITTED
    if not is_waiting or request.version != item.request_version:
        raise RequestMovedError


def _next_number(table: type[CommitteeMeeting] | type[CommitteeResolution], year: int) -> int:
    last = select(func.max(table.number)).where(table.fiscal_year == year)
    return (db.session.scalar(last) or 0) + 1


def _record(verb: str, meeting: CommitteeMeeting, actor: Actor, note: str = "") -> None:
    record_event(
        f"committee:{verb}",
        actor=actor,
        subject_type=MEETING,
        subject_ref=meeting.public_id,
        note=note,
    )
