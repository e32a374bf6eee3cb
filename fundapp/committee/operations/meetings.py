"""What the secretary does with a meeting: plan, fill, open, seat, close."""

import base64
import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.committee.drafts import MeetingDraft
from fundapp.committee.errors import (
    AttendanceFixedError,
    ChooseRequestsError,
    MeetingDayError,
    NoAgendaError,
    NoOrderError,
    NotWaitingError,
    SeatTakenError,
)
from fundapp.committee.locking import lock_numbers
from fundapp.committee.models import CommitteeItem, CommitteeMeeting, MeetingKind
from fundapp.committee.policy import may_keep
from fundapp.committee.queries import find_order, waiting_requests
from fundapp.committee.steps import begin, next_number, record, require_state, take_seat
from fundapp.committee.workflow import MeetingAction
from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest
from fundapp.ids import new_id
from fundapp.ledger.log.queries import last_checkpoint
from fundapp.thai.calendar import fiscal_year_be


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
        number=next_number(CommitteeMeeting, year),
        kind=draft.kind,
        held_on=draft.held_on,
        place=draft.place,
        planned_by_id=actor.person_id,
    )
    db.session.add(meeting)
    db.session.flush()
    record("meeting:plan", meeting, actor)
    return meeting


def add_items(public_id: str, requests: Sequence[str], *, actor: Actor) -> CommitteeMeeting:
    """Put requests that wait, by public id, at the end of the agenda. Raises NotFoundError,
    ForbiddenError, MeetingStateError, ChooseRequestsError, NotWaitingError.
    """
    lock_numbers()
    meeting = begin(public_id, MeetingAction.ADD_ITEMS, actor)
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
    record("meeting:agenda", meeting, actor, note=str(len(found)))
    return meeting


def open_meeting(public_id: str, *, actor: Actor) -> CommitteeMeeting:
    """Open a meeting on its day, or let members answer a circular. Raises NotFoundError,
    ForbiddenError, MeetingStateError, NoAgendaError, MeetingDayError.
    """
    meeting = begin(public_id, MeetingAction.OPEN, actor)
    if not meeting.items:
        raise NoAgendaError
    if clock.today() < meeting.held_on:
        raise MeetingDayError
    meeting.status = require_state(meeting, MeetingAction.OPEN)
    record("meeting:open", meeting, actor)
    return meeting


def cancel_meeting(public_id: str, *, actor: Actor) -> CommitteeMeeting:
    """Cancel a planned meeting; its requests wait again. Raises as `open_meeting`."""
    meeting = begin(public_id, MeetingAction.CANCEL, actor)
    meeting.status = require_state(meeting, MeetingAction.CANCEL)
    record("meeting:cancel", meeting, actor)
    return meeting


def record_attendance(
    public_id: str, present: Mapping[int, str], *, actor: Actor
) -> CommitteeMeeting:
    """Who sits on which seat: by seat, the public id of the member or the substitute ("": nobody).

    Raises NotFoundError, ForbiddenError, MeetingStateError, SeatTakenError, AttendanceFixedError.
    """
    meeting = begin(public_id, MeetingAction.ATTEND, actor)
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
            take_seat(meeting, seat.seat, people[chosen].id, people[chosen] is not seat.member)
    db.session.flush()
    record("meeting:attend", meeting, actor, note=str(sum(map(bool, present.values()))))
    return meeting


def close_meeting(public_id: str, *, actor: Actor) -> CommitteeMeeting:
    """Close a meeting: its minutes are final, with the newest checkpoint of the books. Items
    without a resolution wait for another meeting. Raises as `open_meeting`.
    """
    meeting = begin(public_id, MeetingAction.CLOSE, actor)
    checkpoint = last_checkpoint()
    meeting.status = require_state(meeting, MeetingAction.CLOSE)
    meeting.closed_by_id, meeting.closed_at = actor.person_id, clock.now()
    if checkpoint is not None:
        meeting.log_number, meeting.log_size = checkpoint.number, checkpoint.size
    record("meeting:close", meeting, actor)
    return meeting
