"""Lists, counts and sums."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from fundapp.db import db
from fundapp.disbursements import queries
from fundapp.disbursements.drafts import LineDraft
from fundapp.disbursements.models import Decision, Need, PayoutMethod, RequestStatus
from fundapp.disbursements.queries import AssistanceTotal
from fundapp.errors import NotFoundError
from fundapp.ledger import chart
from tests.factories.children import RAMAN, YAHA, make_child
from tests.factories.disbursements import (
    THOUSAND,
    decide,
    make_approved,
    make_paid,
    make_request,
    make_team,
    pay,
)
from tests.factories.identity import make_user

TODAY = date(2026, 11, 24)


@pytest.fixture
def team(session, clock):
    return make_team()


def test_a_request_is_given_to_those_who_may_see_it(team):
    request = make_request(team)
    assert queries.get_request(request.public_id, viewer=team.auditor.as_actor()) is request
    for viewer in (make_user("case_manager", (YAHA,)), make_user("donor")):
        with pytest.raises(NotFoundError):
            queries.get_request(request.public_id, viewer=viewer.as_actor())
    with pytest.raises(NotFoundError):
        queries.get_request("nothing", viewer=team.auditor.as_actor())


def test_the_list_is_newest_first_filtered_and_paged_by_key(team):
    numbers = [make_request(team).number for _ in range(3)]
    approved = make_approved(team)
    page = queries.list_requests(viewer=team.auditor.as_actor(), limit=2)
    assert [row.number for row in page.rows] == [approved.number, numbers[2]]
    rest = queries.list_requests(viewer=team.auditor.as_actor(), limit=2, after=int(page.next_key))
    assert [row.number for row in rest.rows] == [numbers[1], numbers[0]]
    assert rest.next_key is None
    found = queries.list_requests(viewer=team.asker.as_actor(), status=RequestStatus.APPROVED)
    assert [row.number for row in found.rows] == [approved.number]
    for nothing in ({"district_code": YAHA}, {"fund_code": "OTHER"}):
        assert queries.list_requests(viewer=team.asker.as_actor(), **nothing).rows == []


def test_a_page_of_the_list_is_one_query(team):
    for _ in range(5):
        make_request(team)
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    viewer = team.auditor
    viewer.role_set()
    statements.clear()
    db.session.expunge_all()
    rows = queries.list_requests(viewer=viewer.as_actor()).rows
    assert [(row.fund.code, row.district.code, row.requested_by.email) for row in rows]
    own = [text for text in statements if "disbursement_requests" in text]
    assert len(own) == 1
    assert not [text for text in statements if "request_lines" in text]


def test_counts_are_of_what_the_viewer_may_see(team):
    make_request(team)
    make_approved(team)
    counts = queries.count_by_status(viewer=team.asker.as_actor())
    assert counts[RequestStatus.SUBMITTED] == counts[RequestStatus.APPROVED] == 1
    assert counts[RequestStatus.PAID] == 0
    assert set(counts) == set(RequestStatus)
    stranger = make_user("case_manager", (YAHA,))
    assert sum(queries.count_by_status(viewer=stranger.as_actor()).values()) == 0
    assert queries.count_requests(RequestStatus.APPROVED, viewer=team.auditor.as_actor()) == 1
    assert queries.count_requests(RequestStatus.APPROVED, viewer=stranger.as_actor()) == 0


def test_payouts_for_the_bank_are_found_by_amount_and_day(team, clock):
    early, late = make_approved(team), make_approved(team)
    first = pay(early, team)
    clock.shift(timedelta(days=3))
    second = pay(late, team)
    make_paid(team, payout_method=PayoutMethod.CASH, account=None)
    make_paid(team, THOUSAND + 1)

    def found(day, **more):
        return [payout.id for payout in queries.list_unmatched_payouts(THOUSAND, day, **more)]

    assert found(TODAY) == [first.id, second.id]
    assert found(TODAY + timedelta(days=3)) == [second.id, first.id]
    assert found(TODAY, taken=[first.id]) == [second.id]
    assert found(TODAY, account_code=chart.BANK_ZAKAT) == []
    assert found(TODAY + timedelta(days=60)) == []


def test_sums_for_everybody_count_what_was_paid(team):
    other = make_child(team.asker)
    lines = [LineDraft(team.child.public_id, 100), LineDraft(other.public_id, 200)]
    make_paid(team, lines=lines, need=Need.FOOD)
    make_paid(team, 50)
    make_approved(team, 999)
    decide(make_request(team), team, Decision.REJECT)
    year = (date(2026, 10, 1), date(2027, 9, 30))
    assert queries.paid_by_district(*year) == {RAMAN: AssistanceTotal(2, 2, 350)}
    assert queries.paid_by_need(*year) == {
        Need.FOOD: AssistanceTotal(1, 2, 300),
        Need.EDUCATION: AssistanceTotal(1, 1, 50),
    }
    assert queries.paid_by_need(date(2026, 10, 1), date(2026, 11, 23)) == {}


def test_what_is_opened_depends_on_the_viewer(team):
    request = make_request(team)
    opened = queries.open_request(request, viewer=team.approver.as_actor())
    assert opened.payee_name == "Aminah Invented"
    assert opened.lines[0].name
    assert opened.children_read == [team.child.public_id]
    masked = queries.open_request(request, viewer=team.auditor.as_actor())
    assert (masked.payee_name, masked.reason, masked.lines[0].name) == ("", "", "")
    assert masked.lines[0].code == team.child.code
    assert masked.children_read == []
    assert masked.account.masked() == "•••7890"
    assert "Aminah" not in repr(opened)
    assert "1234567890" not in repr(opened)
