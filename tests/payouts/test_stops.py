"""What happens between approval and payment stops a request in a batch: when the batch is made and
when its file is taken. What the bank has paid is recorded, and an approver looks at it.
"""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp import clock
from fundapp.audit.checks import run_checks
from fundapp.children.models import ConsentKind
from fundapp.children.operations import withdraw_consent
from fundapp.db import db, unit_of_work
from fundapp.disbursements.errors import NotStoppedError, NotYoursError
from fundapp.disbursements.models import (
    DisbursementRequest,
    PaidStop,
    PaymentRelease,
    RequestStatus,
    ReturnCause,
    StopReason,
)
from fundapp.disbursements.operations import record_comeback, release_payment
from fundapp.disbursements.stops import unseen_stops
from fundapp.payouts import operations
from fundapp.payouts.batches import record_results
from fundapp.payouts.errors import BatchPeopleError, PayDayOverError, StoppedPayoutsError
from fundapp.payouts.models import BatchState, LineState
from fundapp.payouts.queries import get_batch, list_stopped_paid
from tests.factories.children import make_child
from tests.factories.disbursements import LineDraft, decide, make_approved, make_request
from tests.factories.identity import make_user, sign_in
from tests.factories.payouts import make_batch, make_taken, release, take, tell


def again(request):
    db.session.expire_all()
    return db.session.get_one(DisbursementRequest, request.id)


@pytest.fixture
def other(hands):
    """An approved request of another child, whose consent can end by itself."""
    child = make_child(hands.team.asker)
    request = make_approved(hands.team, lines=[LineDraft(child.public_id, 1_000_00)])
    hands.requests.append(request)
    return child, request


def end_consent(child, team):
    keep = next(each for each in child.consents if each.kind is ConsentKind.KEEP_FILE)
    unit_of_work(withdraw_consent, child.public_id, keep.id, actor=team.asker.as_actor())
    db.session.expire_all()


def let_go(request, user, reason="The aunt signs tomorrow"):
    known = again(request)
    return unit_of_work(
        release_payment,
        known.public_id,
        version=known.version,
        reason=reason,
        actor=user.as_actor(),
    )


def vouchers(batch):
    return [line.voucher for line in get_batch(batch.public_id).lines]


def warned():
    db.session.rollback()
    return {result.check.name for result in run_checks() if result.violations}


def test_a_stopped_request_comes_into_no_batch_and_no_file(hands, other):
    child, request = other
    end_consent(child, hands.team)
    with pytest.raises(StoppedPayoutsError) as refused:
        make_batch(hands)
    assert refused.value.params["numbers"] == request.number
    without = make_batch(hands, leave_out=True)
    assert len(get_batch(without.public_id).lines) == 3
    let_go(request, hands.team.approver)
    alone = make_batch(hands, requests=[request.public_id])
    assert release(alone, hands).state is BatchState.RELEASED
    assert request.number not in take(without_released(without, hands), hands).content.decode(
        "tis_620"
    )
    assert take(alone, hands).content


def without_released(batch, hands):
    release(batch, hands)
    return batch


def test_what_is_stopped_in_a_batch_is_taken_out_and_the_rest_is_paid(hands, other):
    child, request = other
    batch = make_batch(hands)
    release(batch, hands)
    end_consent(child, hands.team)
    with pytest.raises(StoppedPayoutsError):
        take(batch, hands)
    with pytest.raises(DBAPIError, match="a payment of the batch is stopped"):
        raw_file(batch, hands)
    actor = hands.taker.as_actor()
    assert unit_of_work(operations.take_out_stopped, batch.public_id, actor=actor) == 1
    assert unit_of_work(operations.take_out_stopped, batch.public_id, actor=actor) == 0
    states = [line.state for line in get_batch(batch.public_id).lines]
    assert (states.count(LineState.WITHDRAWN), states.count(LineState.WAITING)) == (1, 3)
    assert len(take(batch, hands).content.splitlines()) == 3
    assert again(request).status is RequestStatus.APPROVED
    let_go(request, hands.team.approver)
    assert make_batch(hands, requests=[request.public_id]).number != batch.number


def raw_file(batch, hands):
    statement = (
        "INSERT INTO payout_batch_files (batch_id, release_number, made_by_id, released_by_id,"
        " taken_by_id, kind, file_sha256, taken_at)"
        " VALUES (:batch, 1, :maker, :releaser, :by, 'csv', :hash, '2026-11-24T03:00:00Z')"
    )
    values = {
        "batch": batch.id,
        "maker": batch.made_by_id,
        "releaser": hands.releaser.id,
        "by": hands.taker.id,
        "hash": b"x" * 32,
    }
    unit_of_work(db.session.execute, text(statement), values)


def test_a_second_file_is_stopped_too_and_can_be_withdrawn(hands, other):
    child, _request = other
    batch = make_taken(hands)
    release(batch, hands, again=True)
    end_consent(child, hands.team)
    with pytest.raises(StoppedPayoutsError):
        take(batch, hands)
    actor = hands.maker.as_actor()
    assert unit_of_work(operations.take_out_stopped, batch.public_id, actor=actor) == 1
    assert len(take(batch, hands).content.splitlines()) == 3


def test_what_the_bank_paid_is_recorded_and_an_approver_looks_at_it(hands, other, app):
    child, request = other
    batch = make_taken(hands)
    end_consent(child, hands.team)
    unit_of_work(
        db.session.execute,
        text("UPDATE disbursement_requests SET payee_account_encrypted = NULL WHERE id = :id"),
        {"id": hands.requests[0].id},
    )
    told = tell([(voucher, "paid", "") for voucher in vouchers(batch)], hands)
    assert record_results(told.batch_ids).done == 4
    assert again(request).status is RequestStatus.PAID
    stops = db.session.execute(select(PaidStop.request_id, PaidStop.reason)).all()
    assert set(stops) == {
        (request.id, StopReason.CONSENT),
        (hands.requests[0].id, StopReason.CHANGED),
    }
    assert "payouts.stops" in warned()
    for table in ("UPDATE paid_stops SET reason = 'died'", "DELETE FROM paid_stops"):
        with pytest.raises(DBAPIError, match=r"(?i)append-only|refuse|never|not change"):
            unit_of_work(db.session.execute, text(table))

    client = app.test_client()
    client.set_cookie("lang", "en")
    sign_in(client, hands.releaser)
    assert request.number in client.get("/payouts").text
    assert "/today/stopped-paid" in client.get("/today").text
    page = client.get("/today/stopped-paid").text
    assert request.number in page
    assert "A consent was withdrawn or has run out" in page
    url = f"/disbursements/{request.public_id}"
    assert "Note what is done" in client.get(url).text
    with pytest.raises(NotYoursError):
        let_go(request, hands.taker)
    form = {
        "release-version": again(request).version,
        "release-reason": "The school gives the money back",
    }
    assert client.post(f"{url}/release", data=form).status_code == 303
    assert "Note what is done" not in client.get(url).text
    assert request.number not in client.get("/today/stopped-paid").text
    let_go(hands.requests[0], hands.team.approver)
    assert "payouts.stops" not in warned()
    assert "/today/stopped-paid" not in client.get("/today").text
    with pytest.raises(NotStoppedError):
        let_go(request, hands.team.approver)
    assert db.session.scalar(select(PaymentRelease.id).limit(1)) is not None


@pytest.mark.sqlite
def test_nobody_looks_at_what_came_back(hands, other):
    child, request = other
    batch = make_taken(hands)
    end_consent(child, hands.team)
    told = tell([(voucher, "paid", "") for voucher in vouchers(batch)], hands)
    record_results(told.batch_ids)
    assert (len(list_stopped_paid()), "payouts.stops" in warned()) == (1, True)
    assert len(unseen_stops(again(request))) == 1
    unit_of_work(
        record_comeback,
        request.public_id,
        version=again(request).version,
        cause=ReturnCause.BANK,
        returned_on=clock.today(),
        reason="The account is closed",
        actor=hands.taker.as_actor(),
    )
    # Returned to who asked, it can be neither let go nor looked at.
    assert (list_stopped_paid(), "payouts.stops" in warned()) == ([], False)
    assert unseen_stops(again(request)) == []


@pytest.mark.sqlite
def test_a_day_that_is_over_gets_no_file(hands, clock):
    batch = make_batch(hands)
    release(batch, hands)
    clock.shift(2 * 24 * 3600)
    with pytest.raises(PayDayOverError):
        take(batch, hands)


def test_the_first_of_two_approvers_does_nothing_in_the_batch(hands):
    waiting = make_request(hands.team, payee_name="Somebody Invented")
    first = make_user("approver")
    waiting = decide(waiting, hands.team, actor=first.as_actor())
    approved = decide(waiting, hands.team, actor=hands.team.approver.as_actor())
    batch = make_batch(hands, requests=[approved.public_id])
    with pytest.raises(BatchPeopleError):
        release(batch, hands, actor=first.as_actor())
    releases = (
        "INSERT INTO payout_batch_releases (batch_id, number, made_by_id, released_by_id,"
        " released_at) VALUES (:batch, 1, :maker, :by, '2026-11-24T03:00:00Z')"
    )
    values = {"batch": batch.id, "maker": batch.made_by_id, "by": first.id}
    with pytest.raises(DBAPIError, match="asked for and approved nothing"):
        unit_of_work(db.session.execute, text(releases), values)
    release(batch, hands)
    take(batch, hands)
    tell([(vouchers(batch)[0], "failed", "Closed")], hands)
    assert record_results().done == 1
    assert again(approved).status is RequestStatus.RETURNED
