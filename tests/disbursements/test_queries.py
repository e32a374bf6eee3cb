"""Lists and counts."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from fundapp.db import db
from fundapp.disbursements import queries
from fundapp.disbursements.models import PayoutMethod, RequestStatus
from fundapp.errors import NotFoundError
from fundapp.ledger import chart
from tests.factories.books import make_gift
from tests.factories.children import YAHA
from tests.factories.disbursements import (
    THOUSAND,
    make_approved,
    make_paid,
    make_request,
    pay,
)
from tests.factories.identity import make_user

TODAY = date(2026, 11, 24)


def test_a_request_is_found_by_those_who_may_see_it(team):
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
    rows = queries.list_requests(viewer=team.asker.as_actor(), status=RequestStatus.APPROVED).rows
    assert [row.number for row in rows] == [approved.number]
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


def test_payouts_for_the_bank_are_found_by_amount_and_day(team, clock):
    early, late = make_approved(team), make_approved(team)
    first = pay(early, team)
    clock.shift(timedelta(days=3))
    second = pay(late, team)
    make_gift(THOUSAND, bank=chart.CASH_ON_HAND)
    make_paid(team, payout_method=PayoutMethod.CASH, account=None)
    make_paid(team, THOUSAND + 1)

    def listed(day, account_code=chart.BANK_MAIN, **more):
        payouts = queries.list_unmatched_payouts(THOUSAND, day, account_code=account_code, **more)
        return [payout.id for payout in payouts]

    assert listed(TODAY) == [first.id, second.id]
    assert listed(TODAY + timedelta(days=3)) == [second.id, first.id]
    assert listed(TODAY, taken=[first.id]) == [second.id]
    assert listed(TODAY, account_code=chart.BANK_ZAKAT) == []
    assert listed(TODAY + timedelta(days=60)) == []
