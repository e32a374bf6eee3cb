"""The committee: from which amount on a request needs a resolution, a meeting that was held, in
which one member declared an interest, and one to come.
"""

from datetime import timedelta

from demo.handlers.grants import agree
from demo.proof_images import proof_image
from demo.state import DemoState
from fundapp import clock
from fundapp.committee import operations
from fundapp.committee.drafts import MeetingDraft, OrderDraft, SeatDraft
from fundapp.committee.kinds import ORDER, RULE, order_values, rule_values
from fundapp.committee.models import Ballot, MeetingKind
from fundapp.committee.queries import get_meeting, list_waiting_requests
from fundapp.disbursements.models import Interest
from fundapp.documents.intake import accept
from fundapp.documents.operations import store_document
from fundapp.proposals.operations import confirm_proposal, make_proposal
from fundapp.thai.calendar import fiscal_year_be

_MEMBERS = ("approver", "approver2", "approver3")


#: From 100,000 baht on; no request of the plan is that large.
_FROM_SATANG = 10_000_000
_PLACE = "ห้องประชุมศาลากลางจังหวัด (สมมุติ)"


def set_rule(state: DemoState) -> None:
    """From the second day on a large request needs a resolution: two administrators."""
    users, day = state.people.users, clock.today() + timedelta(days=1)
    values = dict(rule_values(_FROM_SATANG))
    proposal = make_proposal(RULE, day.isoformat(), values, actor=users["admin"].as_actor())
    confirm_proposal(proposal.public_id, actor=users["admin2"].as_actor())


def hold_meeting(state: DemoState) -> None:
    """An order in force, a closed meeting on the two requests that wait longest, and a planned one
    on the next.
    """
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
    draft = MeetingDraft(MeetingKind.IN_ROOM, today, _PLACE)
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
    later = MeetingDraft(MeetingKind.IN_ROOM, today + timedelta(days=14), _PLACE)
    ref = operations.plan_meeting(later, actor=officer, key="demo-next").public_id
    next_ones = [request.public_id for request in list_waiting_requests()[:2]]
    if next_ones:
        operations.add_items(ref, next_ones, actor=officer)
