"""A meeting of the committee: two requests, one member who declares an interest."""

from datetime import timedelta

from demo.handlers.grants import agree
from demo.proof_images import proof_image
from demo.state import DemoState
from fundapp import clock
from fundapp.committee import operations
from fundapp.committee.drafts import MeetingDraft, OrderDraft, SeatDraft
from fundapp.committee.kinds import ORDER, order_values
from fundapp.committee.models import Ballot, Interest, MeetingKind
from fundapp.committee.queries import get_meeting, list_waiting_requests
from fundapp.documents.intake import accept
from fundapp.documents.operations import store_document
from fundapp.thai.calendar import fiscal_year_be

_MEMBERS = ("approver", "approver2", "approver3")


def hold_meeting(state: DemoState) -> None:
    """An order in force, and a closed meeting on the two requests that wait longest."""
    users, today = state.people.users, clock.today()
    officer = users["officer"].as_actor()
    number = f"ตย. 12/{fiscal_year_be(today)}"
    stored = store_document(
        accept(proof_image("ORDER 12"), ""),
        subject_type=operations.SOURCE_TYPE,
        subject_ref=number,
        actor=officer,
    )
    order = OrderDraft(
        number=number,
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=700),
        quorum=2,
        seats=[SeatDraft(users[key].public_id) for key in _MEMBERS],
        document=stored.document.public_id,
    )
    agree(state, ORDER, number, dict(order_values(order)))
    waiting = [request.public_id for request in list_waiting_requests()[:2]]
    if len(waiting) < 2:
        return
    draft = MeetingDraft(MeetingKind.IN_ROOM, today, "ห้องประชุมศาลากลางจังหวัด (สมมุติ)")
    ref = operations.plan_meeting(draft, actor=officer, key="demo").public_id
    operations.add_items(ref, waiting, actor=officer)
    operations.open_meeting(ref, actor=officer)
    present = {seat: users[key].public_id for seat, key in enumerate(_MEMBERS, start=1)}
    operations.record_attendance(ref, present, actor=officer)
    items = [item.public_id for item in get_meeting(ref).items]
    recused = users[_MEMBERS[2]].as_actor()
    operations.declare_interest(ref, items[1], Interest.WORK, actor=recused)
    for number_of_item, item in enumerate(items):
        for key in _MEMBERS[: 3 - number_of_item]:
            operations.cast_vote(ref, item, Ballot.FOR, actor=users[key].as_actor())
        operations.count_votes(ref, item, actor=officer)
    operations.close_meeting(ref, actor=officer)
