"""The committee for tests: an order that two people decided, and meetings by the operations."""

from datetime import date, timedelta

from sqlalchemy import select

from fundapp import clock
from fundapp.access.permissions import Role
from fundapp.committee import operations
from fundapp.committee.drafts import MeetingDraft, OrderDraft, SeatDraft
from fundapp.committee.kinds import ORDER, RULE, order_values, rule_values
from fundapp.committee.models import (
    Ballot,
    CommitteeMeeting,
    CommitteeOrder,
    CommitteeResolution,
    MeetingKind,
)
from fundapp.committee.queries import get_meeting
from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import DisbursementRequest
from fundapp.documents.intake import accept
from fundapp.documents.operations import store_document
from fundapp.identity.models import User
from fundapp.ids import new_public_id
from tests.documents.pictures import picture
from tests.factories.actors import OFFICER
from tests.factories.identity import agree, make_user


def store_order(number: str) -> str:
    """The public id of the signed paper."""
    args = {"subject_type": operations.SOURCE_TYPE, "subject_ref": number, "actor": OFFICER}
    return unit_of_work(store_document, accept(picture(), None), **args).document.public_id


def order_draft(members: list[User], **overrides: object) -> OrderDraft:
    """An order of these members, the first in the chair, without substitutes; quorum: the least."""
    number = str(overrides.pop("number", "12/2570"))
    values: dict[str, object] = {
        "starts_on": clock.today() - timedelta(days=10),
        "ends_on": clock.today() + timedelta(days=355),
        "quorum": len(members) // 2 + 1,
        "seats": [SeatDraft(member.public_id) for member in members],
        "document": store_order(number),
        **overrides,
    }
    return OrderDraft(number=number, **values)  # type: ignore[arg-type]


def make_order(members: list[User] | None = None, **overrides: object) -> CommitteeOrder:
    """The order, proposed by one administrator and confirmed by another."""
    people = members or [make_user(Role.APPROVER) for _ in range(3)]
    draft = order_draft(people, **overrides)
    agree(ORDER, draft.number, dict(order_values(draft)))
    found = select(CommitteeOrder).where(CommitteeOrder.number == draft.number)
    return db.session.scalars(found).one()


def make_rule(from_satang: int) -> None:
    """From tomorrow on a request of this amount needs a resolution."""
    day = clock.today() + timedelta(days=1)
    agree(RULE, day.isoformat(), dict(rule_values(from_satang)))


def make_meeting(
    secretary: User,
    *requests: DisbursementRequest,
    kind: MeetingKind = MeetingKind.IN_ROOM,
    on: date | None = None,
) -> CommitteeMeeting:
    """A planned meeting with these requests on its agenda."""
    draft = MeetingDraft(kind, on or clock.today(), "ห้องประชุมชั้น 2")
    actor = secretary.as_actor()
    made = unit_of_work(operations.plan_meeting, draft, actor=actor, key=new_public_id())
    ref = made.public_id
    if requests:
        asked = [request.public_id for request in requests]
        unit_of_work(operations.add_items, ref, asked, actor=actor)
    return read_meeting(ref)


def open_with(meeting: CommitteeMeeting, secretary: User, *present: User) -> CommitteeMeeting:
    """Open it; these attend, on their seats."""
    ref, actor = meeting.public_id, secretary.as_actor()
    ids = {person.public_id for person in present}
    seats = {
        seat.seat: next(
            (p.public_id for p in (seat.member, seat.substitute) if p and p.public_id in ids), ""
        )
        for seat in meeting.order.seats
    }
    unit_of_work(operations.open_meeting, ref, actor=actor)
    if present:
        unit_of_work(operations.record_attendance, ref, seats, actor=actor)
    return read_meeting(ref)


def vote(meeting: CommitteeMeeting, number: int, *ballots: tuple[User, Ballot]) -> None:
    """These votes on the item at this place."""
    item = meeting.items[number - 1].public_id
    for member, ballot in ballots:
        actor = member.as_actor()
        unit_of_work(operations.cast_vote, meeting.public_id, item, ballot, actor=actor)


def count(meeting: CommitteeMeeting, number: int, secretary: User) -> CommitteeResolution:
    """Count the votes on the item at this place."""
    item = meeting.items[number - 1].public_id
    return unit_of_work(operations.count_votes, meeting.public_id, item, actor=secretary.as_actor())


def read_meeting(public_id: str) -> CommitteeMeeting:
    """The meeting as it is now."""
    db.session.rollback()
    return get_meeting(public_id)
