"""Many people at once: the last baht of a fund is spent once, and a request is paid once.

Real threads, each with a session of its own, on the database in use.
"""

import collections
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.errors import RequestKnownError
from fundapp.disbursements.models import Decision, DisbursementRequest, Payout, RequestStatus
from fundapp.errors import DomainError, StaleError
from fundapp.identity.models import User
from fundapp.ledger import chart
from fundapp.ledger.errors import InsufficientFundsError
from fundapp.ledger.models import FundBalance
from fundapp.ledger.queries import fund_available
from tests.factories.books import make_gift
from tests.factories.disbursements import (
    THOUSAND,
    make_approved,
    make_request,
    make_team,
    request_draft,
)
from tests.factories.identity import make_user, sign_in

AT_ONCE = 50
ROUNDS = 3


@pytest.fixture
def team(build_once, clock):
    return build_once("team without money", lambda: make_team(available_satang=0))


class Crowd:
    """Runs the same work for every item at the same moment, and collects the results."""

    def __init__(self, app, size=AT_ONCE):
        self.app = app
        self.barrier = threading.Barrier(size)
        self.pool = ThreadPoolExecutor(max_workers=size)

    def run(self, work, items):
        return list(self.pool.map(lambda item: self._run(work, item), items))

    def _run(self, work, item):
        self.barrier.wait(timeout=60)
        with self.app.app_context():
            try:
                return work(item)
            except DomainError as error:
                return type(error)
            finally:
                db.session.remove()


@pytest.fixture
def crowd(app):
    crowd = Crowd(app)
    yield crowd
    crowd.pool.shutdown()


def approve(approver_id):
    def work(public_id):
        unit_of_work(
            operations.decide_request,
            public_id,
            decision=Decision.APPROVE,
            version=1,
            reason="",
            actor=db.session.get_one(User, approver_id).as_actor(),
        )
        return "approved"

    return work


def lowest_balance():
    return db.session.scalar(db.select(db.func.min(FundBalance.available_satang)))


def waiting():
    statement = db.select(DisbursementRequest.public_id).where(
        DisbursementRequest.status == RequestStatus.SUBMITTED
    )
    return list(db.session.scalars(statement))


def test_fifty_approvals_for_the_last_thousand_baht(team, crowd):
    """In each round the fund gets 1,000 baht and fifty requests ask for it."""
    work = approve(team.approver.id)
    for _ in range(AT_ONCE - 1):
        make_request(team)
    for number in range(ROUNDS):
        make_request(team)
        make_gift(THOUSAND, team.fund)
        asked = waiting()
        assert len(asked) == AT_ONCE
        db.session.rollback()
        results = collections.Counter(crowd.run(work, asked))
        assert results == {"approved": 1, InsufficientFundsError: AT_ONCE - 1}, number
        assert fund_available(team.fund) == 0
        assert lowest_balance() == 0
        db.session.rollback()


def test_fifty_approvals_of_one_request(team, crowd):
    """There is enough money: it is the version that lets only one of them succeed."""
    make_gift(AT_ONCE * THOUSAND, team.fund)
    request = make_request(team)
    results = collections.Counter(
        crowd.run(approve(team.approver.id), [request.public_id] * AT_ONCE)
    )
    assert results == {"approved": 1, StaleError: AT_ONCE - 1}
    db.session.rollback()
    assert fund_available(team.fund) == (AT_ONCE - 1) * THOUSAND


def test_fifty_payouts_of_one_request(team, crowd):
    make_gift(THOUSAND, team.fund)
    request = make_approved(team)
    payers = [make_user("fund_officer").id for _ in range(2)]

    def pay(number):
        unit_of_work(
            operations.record_payout,
            request.public_id,
            version=2,
            paid_on=request_day,
            paid_from_account_code=chart.BANK_MAIN,
            actor=db.session.get_one(User, payers[number % 2]).as_actor(),
        )
        return "paid"

    request_day = request.requested_at.date()
    results = collections.Counter(crowd.run(pay, range(AT_ONCE)))
    assert results == {"paid": 1, StaleError: AT_ONCE - 1}
    assert db.session.query(Payout).count() == 1


def test_approvals_and_cancellations_cross_without_a_deadlock(team, crowd):
    """Half take money out of the fund while the other half put it back."""
    make_gift(AT_ONCE * THOUSAND, team.fund)
    approved = [make_approved(team).public_id for _ in range(AT_ONCE // 2)]
    submitted = [make_request(team).public_id for _ in range(AT_ONCE // 2)]
    approve_request = approve(team.approver.id)

    def work(public_id):
        if public_id in submitted:
            return approve_request(public_id)
        unit_of_work(
            operations.cancel_request,
            public_id,
            version=2,
            reason="No longer needed",
            actor=db.session.get_one(User, team_approver).as_actor(),
        )
        return "cancelled"

    team_approver = team.approver.id
    mixed = [public_id for pair in zip(approved, submitted, strict=True) for public_id in pair]
    results = collections.Counter(crowd.run(work, mixed))
    assert results == {"approved": AT_ONCE // 2, "cancelled": AT_ONCE // 2}
    assert fund_available(team.fund) == AT_ONCE // 2 * THOUSAND


def test_ten_approvers_press_the_button_at_once(team, app):
    """The same over HTTP: one is redirected, nine are refused because the money is spent."""
    make_gift(THOUSAND, team.fund)
    requests = [make_request(team).public_id for _ in range(10)]
    clients = []
    for _ in requests:
        client = app.test_client()
        sign_in(client, make_user("approver"))
        clients.append(client)
    barrier = threading.Barrier(len(clients))

    def press(pair):
        client, public_id = pair
        barrier.wait(timeout=60)
        answer = client.post(f"/disbursements/{public_id}/approve", data={"version": "1"})
        return answer.status_code

    db.session.rollback()
    with ThreadPoolExecutor(max_workers=len(clients)) as pool:
        codes = collections.Counter(pool.map(press, zip(clients, requests, strict=True)))
    assert codes == {303: 1, 422: 9}
    assert fund_available(team.fund) == 0


@pytest.mark.parametrize("content", ["the same", "other"])
def test_a_form_that_is_sent_many_times_at_once_is_one_request(team, crowd, content):
    drafts = [
        request_draft(team, reason="Shoes" if content == "the same" else f"Shoes, {number}")
        for number in range(AT_ONCE)
    ]
    actor = team.asker.as_actor()

    def send(draft):
        sent = unit_of_work(operations.submit_request, draft, actor=actor, key="one")
        return sent.number

    results = set(crowd.run(send, drafts))
    numbers = db.session.scalars(db.select(DisbursementRequest.number)).all()
    refused = {RequestKnownError} if content == "other" else set()
    assert results == {*numbers} | refused
    assert len(numbers) == 1
