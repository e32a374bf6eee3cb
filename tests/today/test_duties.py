"""Where it is somebody's turn: each number of the first page opens a list of so many rows."""

from datetime import timedelta

import pytest

from fundapp.access.permissions import Role
from fundapp.children.casework.models import CaseKind
from fundapp.committee.models import Ballot
from tests.factories.casework import move, write_case_entry
from tests.factories.children import RAMAN, YAHA, make_child
from tests.factories.committee import make_meeting, make_order, open_with, vote
from tests.factories.disbursements import make_request, make_team
from tests.factories.identity import make_outside_auditor, make_user, sign_in
from tests.factories.payouts import make_batch, make_hands, release, take
from tests.today.test_views import rows, today

BATCHES, VOTES = "Batches of payouts that wait for you", "Requests to vote on"
LATE, PLANS = "Follow-ups and visits past their day", "Plans to agree to"
DUE, MOVED = "Follow-ups due within 14 days", "Children handed over to your districts"


def seen_by(client, user, label):
    """The number of a task on the first page of somebody, None where there is none."""
    sign_in(client, user)
    count, url = today(client).get(label, (None, None))
    if url is not None:
        assert rows(client, url) == count, label
    return count


def test_a_batch_waits_for_whoever_may_do_its_next_step(client, session):
    hands = make_hands(2)
    people = (hands.maker, hands.releaser, hands.taker, hands.team.approver)
    batch = make_batch(hands)
    # The maker and the approver of what is in it do nothing more with it.
    assert [seen_by(client, each, BATCHES) for each in people] == [None, 1, 1, None]
    release(batch, hands)
    assert [seen_by(client, each, BATCHES) for each in people] == [None, None, 1, None]
    take(batch, hands)
    assert [seen_by(client, each, BATCHES) for each in people] == [None, None, 1, None]
    sign_in(client, hands.taker)
    assert batch.number in client.get("/today/batches").text


def test_a_member_votes_once_on_what_concerns_no_own_interest(client, session):
    team = make_team()
    members = [make_user(Role.APPROVER) for _ in range(3)]
    make_order(members)
    meeting = make_meeting(team.payer, *(make_request(team, 1_000_00 + n) for n in range(3)))
    assert seen_by(client, members[0], VOTES) is None, "the meeting is not open"
    meeting = open_with(meeting, team.payer, *members[:2])
    assert [seen_by(client, each, VOTES) for each in members] == [3, 3, None]
    vote(meeting, 1, (members[0], Ballot.FOR))
    sign_in(client, members[0])
    item = f"/committee/meetings/{meeting.public_id}/items/{meeting.items[1].public_id}"
    assert client.post(f"{item}/declare", data={"interest": "work"}).status_code == 303
    assert [seen_by(client, each, VOTES) for each in members] == [1, 3, None]


def test_a_supervisor_sees_what_is_past_its_day_and_the_case_load(client, session, clock):
    manager = make_user(Role.CASE_MANAGER, (RAMAN,))
    other = make_user(Role.CASE_MANAGER, (YAHA,))
    supervisor = make_user(Role.SUPERVISOR, (RAMAN,))
    child, far = make_child(manager), make_child(other, district_code=YAHA)
    for _ in range(2):
        write_case_entry(child, manager, CaseKind.FOLLOW_UP)
    write_case_entry(child, manager, CaseKind.PLAN)
    write_case_entry(far, other, CaseKind.FOLLOW_UP)
    move(far, other, RAMAN)
    assert seen_by(client, manager, MOVED) == 1
    assert seen_by(client, manager, DUE) == 3
    assert seen_by(client, supervisor, PLANS) == 1
    assert seen_by(client, supervisor, LATE) == 0
    clock.shift(timedelta(days=8))
    assert seen_by(client, supervisor, LATE) == 3
    sign_in(client, supervisor)
    page = client.get("/today/case-load?lang=en").text
    assert manager.name in page
    assert other.name not in page
    cells = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert [f'">{number}</td>' in cells for number in (2, 3, 1)] == [True] * 3
    sign_in(client, manager)
    assert client.get("/today/late").status_code == 403


def test_administrators_see_the_proposals_and_auditors_that_the_numbers_say(client, session):
    one = make_user(Role.ADMINISTRATOR)
    make_outside_auditor(days=5)
    make_outside_auditor(days=50)
    assert seen_by(client, one, "Auditors whose access ends within 14 days") == 1
    assert seen_by(client, one, "Proposals that wait for a second person") == 0


@pytest.mark.sqlite  # A page without rows.
def test_lists_without_rows_say_so(client, session):
    sign_in(client, make_user(Role.APPROVER))
    assert "No batch waits for you" in client.get("/today/batches?lang=en").text
    assert "No vote waits for you" in client.get("/today/votes?lang=en").text
    sign_in(client, make_user(Role.SUPERVISOR, (RAMAN,)))
    assert "Nothing is past its day" in client.get("/today/late?lang=en").text
