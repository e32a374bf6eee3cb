"""A meeting from the order to the minutes, and what no member may do."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp import clock as app_clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import ROLE_PERMISSIONS, Role
from fundapp.audit.checks import run_checks
from fundapp.audit.checks.committee import CHECKS
from fundapp.committee import operations
from fundapp.committee.drafts import SeatDraft
from fundapp.committee.errors import (
    AttendanceFixedError,
    CommitteeRefusedError,
    CountedError,
    MeetingStateError,
    MembersRoleError,
    NoQuorumError,
    NotAttendingError,
    NotWaitingError,
    QuorumError,
    RecusedError,
    RequestMovedError,
    SeatsError,
    SeatTakenError,
    VotedError,
    VotesMissingError,
)
from fundapp.committee.kinds import ORDER, order_values
from fundapp.committee.models import Ballot, MeetingKind, MeetingStatus, Outcome
from fundapp.committee.policy import may_do
from fundapp.committee.queries import find_resolution, list_waiting_requests
from fundapp.committee.tally import Tally, outcome_of
from fundapp.committee.workflow import TRANSITIONS, MeetingAction, next_status
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.models import Decision, Interest
from fundapp.disbursements.operations import decide_request, note_staff_account
from fundapp.errors import ForbiddenError
from fundapp.proposals.operations import make_proposal
from tests.audit.tampering import tamper, tampered
from tests.documents.pictures import picture
from tests.factories.committee import (
    count,
    make_meeting,
    make_order,
    open_with,
    order_draft,
    read_meeting,
    vote,
)
from tests.factories.disbursements import decide, make_request, make_team
from tests.factories.identity import give, make_user, sign_in

FOR, AGAINST, ABSTAIN = Ballot.FOR, Ballot.AGAINST, Ballot.ABSTAIN


@pytest.fixture
def room(build_once, clock):
    """Three members and a substitute of the second, under an order in force; two requests wait."""

    def make():
        team = make_team()
        members = [team.approver, *(make_user(Role.APPROVER) for _ in range(2))]
        other = make_user(Role.APPROVER)
        seats = [SeatDraft(each.public_id) for each in members]
        seats[1] = SeatDraft(members[1].public_id, other.public_id)
        make_order(members, seats=seats)
        return team, members, other, [make_request(team), make_request(team, 50_000)]

    return build_once("committee/room", make)


def test_a_meeting_through_the_pages(client, room, clock):
    team, (chair, second, third), other, requests = room
    client.set_cookie("lang", "en")
    sign_in(client, team.payer)
    assert "12/2570" in client.get("/committee").text
    data = {"kind": "in_room", "held_on": f"{app_clock.today():%d/%m/%Y}", "place": ""}
    wrong = client.post("/committee/meetings/new", data=data)
    assert (wrong.status_code, "Write where" in wrong.text) == (422, True)
    late = {**data, "place": "Room 2", "held_on": "1/1/2600"}
    assert (
        "No appointment order is in force" in client.post("/committee/meetings/new", data=late).text
    )
    data |= {"place": "Room 2", "form_id": "once"}
    planned = client.post("/committee/meetings/new", data=data)
    assert planned.status_code == 303, planned.text
    # The same form sent twice is one meeting.
    assert client.post("/committee/meetings/new", data=data).location == planned.location
    page = planned.location
    assert all(request.number in client.get(page).text for request in requests)
    nothing = client.post(f"{page}/items", data={})
    assert (nothing.status_code, "Choose at least one request" in nothing.text) == (422, True)
    assert "The agenda is empty" in client.post(f"{page}/open").text
    chosen = {"requests": [request.public_id for request in requests]}
    assert client.post(f"{page}/items", data=chosen).status_code == 303
    again = client.post(f"{page}/items", data=chosen)
    assert (again.status_code, "does not wait any more" in again.text) == (422, True)
    assert client.post(f"{page}/open").status_code == 303
    assert "There is no quorum yet" in client.get(page).text
    meeting = read_meeting(page.rsplit("/", 1)[1])
    first, last = (f"{page}/items/{item.public_id}" for item in meeting.items)
    seats = {"seat-1": chair.public_id, "seat-2": other.public_id}
    assert client.post(f"{page}/attendance", data={"seat-1": other.public_id}).status_code == 422
    assert client.post(f"{page}/attendance", data={"seat-1": chair.public_id}).status_code == 303
    sign_in(client, chair)
    refused = client.post(f"{first}/vote", data={"ballot": "for"})
    assert (refused.status_code, "1 members attend" in refused.text) == (422, True)
    assert client.post(f"{page}/attendance", data=seats).status_code == 403
    sign_in(client, team.payer)
    assert client.post(f"{page}/attendance", data=seats).status_code == 303
    assert client.post(f"{first}/vote", data={"ballot": "for"}).status_code == 403
    assert "Beside the decision" not in client.get(first).text
    administrator, account = make_user(Role.ADMINISTRATOR), PayeeAccount("006", "1234567890")
    unit_of_work(note_staff_account, team.payer.public_id, account, actor=administrator.as_actor())
    sign_in(client, chair)
    beside = client.get(first).text
    for told in ("Beside the decision", "Help in the last 12 months", "Also open", "Consent until"):
        assert told in beside
    assert "The account belongs to somebody who works for the fund" in beside
    assert "Choose your vote" in client.post(f"{first}/vote", data={}).text
    assert client.post(f"{first}/vote", data={"ballot": "for"}).status_code == 303
    assert client.post(f"{first}/vote", data={"ballot": "for"}).status_code == 303
    assert "Beside the decision" not in client.get(first).text
    changed = client.post(f"{first}/vote", data={"ballot": "against"})
    assert (changed.status_code, "stays as it was cast" in changed.text) == (422, True)
    assert client.post(f"{last}/declare", data={"interest": "relative"}).status_code == 303
    recused = client.post(f"{last}/vote", data={"ballot": "for"})
    assert (recused.status_code, "You have no vote" in recused.text) == (422, True)
    sign_in(client, second)  # the substitute sits on this seat
    absent = client.post(f"{first}/vote", data={"ballot": "for"})
    assert (absent.status_code, "not recorded as attending" in absent.text) == (422, True)
    sign_in(client, team.payer)
    early = client.post(f"{first}/count")
    assert (early.status_code, "1 members have neither voted" in early.text) == (422, True)
    sign_in(client, other)
    for address in (first, last):
        assert client.post(f"{address}/vote", data={"ballot": "for"}).status_code == 303
    sign_in(client, team.payer)
    for address in (first, last):
        assert client.post(f"{address}/count").status_code == 303
    assert client.get(f"{page}/minutes.pdf").status_code == 404
    assert client.get("/committee/resolutions").text.count("in favour") == 0
    assert client.post(f"{page}/close").status_code == 303
    minutes = client.get(f"{page}/minutes.pdf")
    assert minutes.data.startswith(b"%PDF")
    assert client.get(f"{page}/minutes.pdf").data == minutes.data
    # One vote is no majority of a committee: the second item was postponed, and waits again.
    shown = client.get(page).text
    assert ("1/2570" in shown, "2/2570" in shown, "Postpone" in shown) == (True, True, True)
    assert [each.number for each in list_waiting_requests()] == [requests[1].number]
    # The request cites its resolution.
    sign_in(client, third)
    cited = client.get(f"/disbursements/{requests[0].public_id}").text
    assert "Resolution 1/2570" in cited
    client.delete_cookie("sid")
    public = client.get("/committee/resolutions").text
    assert ("1/2570" in public, "10 or fewer" in public) == (True, True)
    for hidden in (requests[0].number, "Aminah", "1,000.00", team.child.code, "Raman"):
        assert hidden not in public
    assert client.get(page).status_code in (302, 303, 401)
    assert [r.check.name for r in run_checks() if r.violations] == []


@pytest.mark.sqlite
def test_an_order_through_the_pages(client, room, clock):
    _team, members, other, _requests = room
    client.set_cookie("lang", "en")
    sign_in(client, make_user(Role.FUND_OFFICER))
    day = app_clock.today() + timedelta(days=20)
    data = {
        "number": "13/2570", "starts_on": f"{day:%d/%m/%Y}", "ends_on": f"{day:%d/%m/%Y}",
        "quorum": "2", "member_1": members[0].public_id, "member_2": members[1].public_id,
        "substitute_2": other.public_id, "member_3": members[2].public_id,
    }  # fmt: skip

    def send(**changes):
        paper = (io.BytesIO(picture()), "order.jpg")
        return client.post("/committee/orders/new", data={**data, "paper": paper, **changes})

    for changes, words in (
        ({"ends_on": "1/1/2560"}, "before its first day"),
        ({"number": "12/2570"}, "recorded already"),
        ({"member_3": ""}, "at least 3 members"),
        ({"substitute_2": members[0].public_id}, "nobody twice"),
        ({"quorum": "1"}, "more than half of the members: 2 to 3"),
        ({"paper": (io.BytesIO(), "")}, "Send the order"),
    ):
        wrong = send(**changes)
        assert (wrong.status_code, words in wrong.text) == (422, True), words
    proposal = send()
    assert proposal.status_code == 303, proposal.text
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert f"substitute: {other.display_name}" in client.get(proposal.location).text
    assert client.post(proposal.location + "/confirm").status_code == 303
    clock.move_to(app_clock.now() + timedelta(days=20))
    sign_in(client, members[0])
    assert "13/2570" in client.get("/committee").text
    # Its term has ended, and the older one does not come back.
    clock.move_to(app_clock.now() + timedelta(days=1))
    sign_in(client, members[0])
    assert "No order is in force" in client.get("/committee").text


@pytest.mark.sqlite
def test_what_an_order_and_a_meeting_may_not_be(room, clock):
    team, members, other, requests = room
    officer = make_user(Role.FUND_OFFICER)
    today = app_clock.today()
    for error, draft in (
        (SeatsError, order_draft(members[:2], number="14/2570", starts_on=today)),
        (
            QuorumError,
            order_draft(members, number="14/2570", starts_on=today, quorum=4),
        ),
        (
            MembersRoleError,
            order_draft([*members[:2], officer], number="14/2570", starts_on=today),
        ),
    ):
        with pytest.raises(error):
            unit_of_work(
                make_proposal, ORDER, draft.number, dict(order_values(draft)),
                actor=officer.as_actor(),
            )  # fmt: skip
    meeting = make_meeting(team.payer, requests[0])
    with pytest.raises(NotWaitingError):
        make_meeting(team.payer, requests[0])
    ref, actor = meeting.public_id, team.payer.as_actor()
    meeting = open_with(meeting, team.payer, members[0])
    item = meeting.items[0].public_id
    with pytest.raises(NoQuorumError):
        vote(meeting, 1, (members[0], FOR))
    with pytest.raises(SeatTakenError):
        unit_of_work(operations.record_attendance, ref, {1: other.public_id}, actor=actor)
    seats = {1: members[0].public_id, 2: members[1].public_id}
    unit_of_work(operations.record_attendance, ref, seats, actor=actor)
    vote(meeting, 1, (members[0], FOR))
    with pytest.raises(AttendanceFixedError):
        unit_of_work(operations.record_attendance, ref, {1: members[0].public_id}, actor=actor)
    for error, member in ((NotAttendingError, members[2]), (VotedError, members[0])):
        with pytest.raises(error):
            unit_of_work(
                operations.declare_interest, ref, item, Interest.WORK, actor=member.as_actor()
            )
    with pytest.raises(VotesMissingError):
        count(meeting, 1, team.payer)
    # Whoever lost the role since has no vote, whatever the order says.
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.cast_vote, ref, item, FOR, actor=team.asker.as_actor())
    decide(requests[0], team, Decision.REJECT)
    with pytest.raises(RequestMovedError):
        vote(meeting, 1, (members[1], FOR))
    unit_of_work(operations.close_meeting, ref, actor=actor)
    with pytest.raises(MeetingStateError):
        vote(meeting, 1, (members[1], FOR))
    assert read_meeting(ref).items[0].resolution is None


def test_a_circular_needs_every_answer_in_favour(room, clock):
    team, members, other, requests = room
    circular = MeetingKind.CIRCULAR
    meeting = open_with(make_meeting(team.payer, *requests, kind=circular), team.payer)
    item = meeting.items[0].public_id
    with pytest.raises(NotAttendingError):  # no substitute answers
        vote(meeting, 1, (other, FOR))
    vote(meeting, 1, (members[0], FOR), (members[1], FOR))
    with pytest.raises(VotesMissingError):
        count(meeting, 1, team.payer)
    vote(meeting, 1, (members[2], FOR))
    assert count(meeting, 1, team.payer).outcome is Outcome.APPROVE
    for error, action in (
        (CountedError, lambda: vote(meeting, 1, (members[0], AGAINST))),
        (CountedError, lambda: count(meeting, 1, team.payer)),
    ):
        with pytest.raises(error):
            action()
    vote(meeting, 2, (members[0], FOR), (members[1], AGAINST), (members[2], FOR))
    assert count(meeting, 2, team.payer).outcome is Outcome.POSTPONE
    approved = decide(requests[0], team)
    cited = find_resolution(approved)
    assert (cited.label, cited.approves) == ("1/2570", True)
    assert item != meeting.items[1].public_id


def test_the_database_keeps_the_committee(room, clock):
    team, members, _other, requests = room
    # Whoever asked for help became an approver and a member since.
    asker = team.asker
    give(asker, {Role.APPROVER: frozenset()})
    make_order([*members, asker], number="15/2570", starts_on=app_clock.today(), quorum=3)
    everybody = [*members, asker]
    meeting = make_meeting(team.payer, *requests)
    _refused("UPDATE committee_meetings SET status = 'closed'", "is opened with an agenda")
    _refused("UPDATE committee_meetings SET number = 7, status = 'open'", "stays as planned")
    meeting = open_with(meeting, team.payer, members[0], asker)
    first, second = meeting.items
    new_vote = (
        "INSERT INTO committee_votes (item_id, user_id, meeting_id, ballot, cast_at)"
        " SELECT i.id, {user}, i.meeting_id, 'for', o.recorded_at FROM committee_items i"
        " CROSS JOIN committee_orders o WHERE i.id = {item} AND o.number = '15/2570'"
    )
    _refused(new_vote.format(user=members[0].id, item=first.id), "no vote without a quorum")
    seats = {number: each.public_id for number, each in enumerate(everybody, start=1)}
    ref, actor = meeting.public_id, team.payer.as_actor()
    unit_of_work(operations.record_attendance, ref, seats, actor=actor)
    with pytest.raises(RecusedError):
        vote(meeting, 1, (asker, FOR))
    _refused(new_vote.format(user=asker.id, item=first.id), "declared an interest or asked")
    interest = Interest.RELATIVE
    declare = (operations.declare_interest, ref, first.public_id, interest)
    unit_of_work(*declare, actor=members[0].as_actor())
    _refused(new_vote.format(user=members[0].id, item=first.id), "declared an interest or asked")
    vote(meeting, 1, (members[1], FOR))
    _refused(new_vote.format(user=members[1].id, item=first.id), "UNIQUE|duplicate key")
    resolve = (
        "INSERT INTO committee_resolutions (item_id, fiscal_year, number, outcome, for_count,"
        " against_count, abstain_count, decided_on, counted_by_id, recorded_at)"
        " SELECT {item}, 2570, {number}, '{outcome}', {favour}, 0, 0, o.starts_on,"
        " o.confirmed_by_id, o.recorded_at FROM committee_orders o WHERE o.number = '15/2570'"
    )
    values = {"item": first.id, "number": 1, "outcome": "postpone", "favour": 2}
    _refused(resolve.format(**values), "when every member has one")
    vote(meeting, 1, (members[2], FOR))
    for changes, words in (
        ({"favour": 3}, "states the votes"),
        # Two votes are no quorum of three: who asked and who declared an interest do not count.
        ({"outcome": "approve"}, "what they come to"),
        ({"number": 2}, "numbered one by one"),
    ):
        _refused(resolve.format(**{**values, **changes}), words)
    resolution = count(meeting, 1, team.payer)
    assert (resolution.for_count, resolution.outcome) == (2, Outcome.POSTPONE)
    vote(meeting, 2, *((each, AGAINST) for each in members))
    for table in (
        "committee_orders", "committee_seats", "committee_meetings", "committee_items",
        "committee_attendances", "committee_recusals", "committee_votes", "committee_resolutions",
    ):  # fmt: skip
        words = "append-only|stays on record"
        _refused(f"DELETE FROM {table}", words)
        if table != "committee_meetings":
            column = "order_id" if table.endswith("seats") else "meeting_id"
            column = "fiscal_year" if table.endswith("resolutions") else column
            column = "quorum" if table.endswith("orders") else column
            _refused(f"UPDATE {table} SET {column} = {column}", words)
    _refused(
        "INSERT INTO committee_seats (order_id, seat, member_id)"
        f" SELECT id, 5, {team.payer.id} FROM committee_orders WHERE number = '15/2570'",
        "before its first meeting",
    )
    assert second.resolution is None


def _refused(statement: str, words: str) -> None:
    with pytest.raises(DBAPIError, match=words):
        unit_of_work(db.session.execute, text(statement))


def test_the_checks_of_the_committee(room, clock):
    team, members, _other, requests = room
    meeting = open_with(make_meeting(team.payer, *requests), team.payer, *members)
    vote(meeting, 1, *((each, AGAINST) for each in members))
    count(meeting, 1, team.payer)
    resolved, followed, *_others = CHECKS
    approver = team.approver.as_actor()
    public_id, version = requests[0].public_id, requests[0].version
    assert [list(each.find()) for each in CHECKS] == [[], [], [], []]
    for statement in (
        "UPDATE committee_votes SET ballot = 'for'",
        "UPDATE committee_resolutions SET number = 2",
        f"UPDATE disbursement_requests SET requested_by_id = {members[0].id}",
    ):
        db.session.rollback()
        with tampered(statement):
            assert list(resolved.find()), statement
    approve = {"decision": Decision.APPROVE, "version": version, "reason": "", "actor": approver}
    with pytest.raises(CommitteeRefusedError, match="1/2570"):
        unit_of_work(decide_request, public_id, **approve)
    tamper("committee_resolutions", "UPDATE committee_resolutions SET outcome = 'postpone'")
    unit_of_work(decide_request, public_id, **approve)
    tamper("committee_resolutions", "UPDATE committee_resolutions SET outcome = 'reject'")
    assert [each.problem for each in followed.find()] == [
        "was approved although resolution 1/2570 says otherwise"
    ]


@pytest.mark.sqlite  # pure
def test_what_votes_come_to():
    rows = (
        (2, 1, 0, None, Outcome.APPROVE), (1, 2, 0, None, Outcome.REJECT),
        (1, 1, 0, FOR, Outcome.APPROVE), (1, 1, 0, AGAINST, Outcome.REJECT),
        (1, 1, 1, ABSTAIN, Outcome.POSTPONE), (1, 1, 0, None, Outcome.POSTPONE),
        (1, 0, 2, FOR, Outcome.POSTPONE), (0, 0, 3, ABSTAIN, Outcome.POSTPONE),
    )  # fmt: skip
    for favour, against, abstained, chair, outcome in rows:
        tally = Tally(favour, against, abstained, chair)
        assert outcome_of(MeetingKind.IN_ROOM, tally, 2) is outcome, tally
    for votes, outcome in (
        ((2, 0, 0), Outcome.APPROVE), ((1, 0, 0), Outcome.POSTPONE),
        ((3, 1, 0), Outcome.POSTPONE), ((3, 0, 1), Outcome.POSTPONE),
    ):  # fmt: skip
        assert outcome_of(MeetingKind.CIRCULAR, Tally(*votes, None), 2) is outcome, votes


#: Kind, who sits (m: member, s: substitute, -: nobody), each vote (f, a, o: abstains, r: declared
#: an interest), what is resolved: the quorum of three is two.
SITTINGS = (
    ("in_room", "mmm", "ffa", "approve"),
    ("in_room", "mmm", "faa", "reject"),
    ("in_room", "msm", "faf", "approve"),  # the substitute's vote is that of the seat
    ("in_room", "-sm", "-ff", "approve"),
    ("in_room", "-sm", "-fa", "postpone"),  # a tie without the chair
    ("in_room", "ms-", "fa-", "approve"),  # a tie with the chair's vote
    ("in_room", "mm-", "af-", "reject"),
    ("in_room", "mmm", "rff", "approve"),  # two of three are the quorum
    ("in_room", "mmm", "rrf", "postpone"),  # one is not
    ("in_room", "mm-", "fr-", "postpone"),
    ("in_room", "mmm", "foo", "postpone"),
    ("in_room", "mmm", "rrr", "postpone"),
    ("circular", "mmm", "fff", "approve"),
    ("circular", "mmm", "rff", "approve"),
    ("circular", "mmm", "rrf", "postpone"),
    ("circular", "mmm", "ffa", "postpone"),
    ("circular", "mmm", "ffo", "postpone"),
)


def test_every_sitting_comes_to_what_the_rule_says(room, clock):
    team, members, other, requests = room
    ballots = {"f": FOR, "a": AGAINST, "o": ABSTAIN}
    for number, (kind, sits, votes, outcome) in enumerate(SITTINGS, start=1):
        request = requests[0] if number == 1 else make_request(team)
        people = [
            {"m": member, "s": other, "-": None}[sign]
            for sign, member in zip(sits, members, strict=True)
        ]
        meeting = make_meeting(team.payer, request, kind=MeetingKind(kind))
        present = [each for each in people if each] if kind == "in_room" else []
        meeting = open_with(meeting, team.payer, *present)
        item = meeting.items[0].public_id
        for person, sign in zip(people, votes, strict=True):
            if sign == "r":
                declare = (operations.declare_interest, meeting.public_id, item, Interest.WORK)
                unit_of_work(*declare, actor=person.as_actor())
            elif person:
                vote(meeting, 1, (person, ballots[sign]))
        resolution = count(meeting, 1, team.payer)
        said = (resolution.number, str(resolution.outcome))
        assert said == (number, outcome), (kind, sits, votes)
        # What is postponed waits again, and nothing else does.
        waits = request.number in {each.number for each in list_waiting_requests()}
        assert waits is (outcome == "postpone"), (kind, sits, votes)
        unit_of_work(operations.close_meeting, meeting.public_id, actor=team.payer.as_actor())
    assert [r.check.name for r in run_checks() if r.violations] == []


@pytest.mark.sqlite  # pure: every state, action and role
def test_who_does_what_in_which_state():
    planned, opened = MeetingStatus.PLANNED, MeetingStatus.OPEN
    possible = {
        (planned, "add_items"): (planned, Role.FUND_OFFICER),
        (planned, "open"): (opened, Role.FUND_OFFICER),
        (planned, "cancel"): (MeetingStatus.CANCELLED, Role.FUND_OFFICER),
        (opened, "attend"): (opened, Role.FUND_OFFICER),
        (opened, "declare"): (opened, Role.APPROVER),
        (opened, "vote"): (opened, Role.APPROVER),
        (opened, "count"): (opened, Role.FUND_OFFICER),
        (opened, "close"): (MeetingStatus.CLOSED, Role.FUND_OFFICER),
    }
    for status in MeetingStatus:
        for action in MeetingAction:
            after, role = possible.get((status, str(action)), (None, None))
            assert next_status(status, action) is after, (status, action)
            for each in Role:
                is_able = may_do(_holder(each), action) and (status, action) in TRANSITIONS
                assert is_able is (each is role), (status, action, each)


def _holder(role: Role):
    return Actor(str(role), ROLE_PERMISSIONS[role])
