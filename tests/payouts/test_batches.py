"""A batch from making to the bank's result; five people; nobody paid twice."""

import hashlib
import os
import signal

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError

from fundapp import clock
from fundapp.access.actors import person
from fundapp.access.permissions import Role
from fundapp.audit.checks import run_checks
from fundapp.db import db, unit_of_work
from fundapp.disbursements.errors import FactsChangedError
from fundapp.disbursements.models import DisbursementRequest, Payout, RequestStatus, ReturnCause
from fundapp.disbursements.operations import cancel_request, record_comeback, resubmit_request
from fundapp.ledger.queries import fund_available
from fundapp.payouts import operations
from fundapp.payouts.batches import record_results
from fundapp.payouts.errors import (
    AgainError,
    BatchPeopleError,
    FileTakenError,
    InBatchError,
    NotPayableError,
    PaidBeforeError,
    ResultChangedError,
    UnknownVoucherError,
)
from fundapp.payouts.models import (
    BatchState,
    LineState,
    PayoutBatchFile,
    PayoutBatchLine,
    PayoutBatchResult,
)
from fundapp.payouts.queries import get_batch, list_failed_lines
from tests.disbursements.test_tables import insert, payout_values
from tests.factories.actors import grants
from tests.factories.disbursements import decide, make_approved, pay, request_draft
from tests.factories.payouts import make_batch, make_taken, release, take, tell


def again(request):
    db.session.expire_all()
    return db.session.get_one(DisbursementRequest, request.id)


def vouchers(batch):
    return [line.voucher for line in get_batch(batch.public_id).lines]


def execute(statement, **values):
    unit_of_work(db.session.execute, text(statement), values)


def refused(why):
    return pytest.raises(DBAPIError, match=why)


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def broken():
    db.session.rollback()
    return {result.check.name for result in run_checks() if result.violations}


def test_a_batch_from_making_to_the_result_with_one_failed_line(hands):
    available = fund_available("GENERAL")
    batch = make_batch(hands, key="once")
    assert make_batch(hands, key="once").id == batch.id
    with pytest.raises(InBatchError):
        pay(again(hands.requests[0]), hands.team)
    with pytest.raises(InBatchError):
        cancel = hands.requests[0]
        unit_of_work(
            cancel_request,
            cancel.public_id,
            version=cancel.version,
            reason="Not needed",
            actor=hands.team.approver.as_actor(),
        )
    with pytest.raises(NotPayableError):
        make_batch(hands)
    release(batch, hands)
    taken = take(batch, hands)
    assert [line[189:289].decode().rstrip() for line in taken.content.splitlines()] == vouchers(
        batch
    )
    assert db.session.scalars(select(PayoutBatchFile.file_sha256)).one() == (
        hashlib.sha256(taken.content).digest()
    )
    with pytest.raises(FileTakenError):
        take(batch, hands)
    with pytest.raises(AgainError):
        release(batch, hands)

    one, two, three = vouchers(batch)
    rows = [(one, "paid", ""), (two, "failed", "Account of Aminah Invented is closed")]
    told = tell(rows, hands)
    assert (told.new, told.known) == (2, 0)
    assert record_results(told.batch_ids).done == 2
    assert (tell(rows, hands).new, record_results().done) == (0, 0)
    with pytest.raises(PaidBeforeError) as refusal:
        tell([(three, "paid", ""), (one, "failed", "no")], hands)
    assert refusal.value.params["number"] == hands.requests[0].number
    assert "the money came back" in refusal.value.message
    with pytest.raises(ResultChangedError):
        tell([(three, "paid", ""), (two, "paid", "")], hands)
    with pytest.raises(UnknownVoucherError):
        tell([(three, "paid", ""), ("PV0", "paid", "")], hands)
    assert count(PayoutBatchResult) == 2

    paid, failed, waiting = map(again, hands.requests)
    assert (paid.status, failed.status, waiting.status) == (
        RequestStatus.PAID,
        RequestStatus.RETURNED,
        RequestStatus.APPROVED,
    )
    [payout] = paid.payouts
    assert (payout.voucher, payout.payer_id) == (one, hands.taker.id)
    assert fund_available("GENERAL") == available + failed.total_satang
    remark = "SELECT count(*) FROM remarks WHERE subject_ref = :ref AND words_encrypted IS NOT NULL"
    assert db.session.scalar(text(remark), {"ref": failed.public_id}) == 1
    tell([(three, "paid", "")], hands)
    assert record_results().done == 1
    assert get_batch(batch.public_id).state is BatchState.DONE
    assert not broken() & {"payouts.batches", "payouts.people", "disbursements.approvals"}


def test_what_failed_is_put_right_approved_anew_and_paid_with_another_voucher(hands):
    batch = make_taken(hands)
    first = vouchers(batch)[0]
    told = tell([(first, "failed", "Closed")], hands)
    record_results(told.batch_ids)
    returned = again(hands.requests[0])
    unit_of_work(
        resubmit_request,
        returned.public_id,
        request_draft(hands.team),
        version=returned.version,
        actor=hands.team.asker.as_actor(),
    )
    approved = decide(again(returned), hands.team)
    other = make_batch(hands, requests=[approved.public_id])
    assert vouchers(other) != [first]
    assert not broken() & {"payouts.batches", "disbursements.approvals", "disbursements.facts"}


def test_one_person_does_one_step(hands):
    team = hands.team
    with pytest.raises(BatchPeopleError):
        _by_approver_with_both_roles(hands)
    batch = make_batch(hands)
    for other in (hands.maker, team.approver):
        with pytest.raises(BatchPeopleError):
            release(batch, hands, actor=other.as_actor())
    release(batch, hands)
    for other in (hands.maker, hands.releaser):
        with pytest.raises(BatchPeopleError):
            take(batch, hands, actor=other.as_actor())
    take(batch, hands)
    with pytest.raises(UnknownVoucherError):
        tell([(vouchers(batch)[0], "paid", "")], hands, actor=hands.maker.as_actor())
    with pytest.raises(BatchPeopleError):
        release(batch, hands, again=True, actor=hands.taker.as_actor())
    release(batch, hands, again=True)
    assert take(batch, hands).content


def _by_approver_with_both_roles(hands):
    """A maker who has approved, whatever roles are held now."""
    approver = hands.team.approver
    both = person(approver.public_id, approver.id, grants([Role.FUND_OFFICER]))
    make_batch(hands, actor=both)


def test_a_request_that_was_changed_behind_the_program_gets_no_file(hands):
    batch = make_batch(hands)
    release(batch, hands)
    other = make_approved(hands.team)
    execute(
        "UPDATE disbursement_requests SET payee_kind = payee_kind,"
        " payee_account_encrypted = NULL WHERE id = :id",
        id=hands.requests[1].id,
    )
    with pytest.raises(FactsChangedError):
        take(batch, hands)
    assert count(PayoutBatchFile) == 0
    assert other.status is RequestStatus.APPROVED


def test_the_database_refuses_what_the_program_would_never_write(hands):
    batch = make_batch(hands)
    line = get_batch(batch.public_id).lines[0]
    team = hands.team
    releases = (
        "INSERT INTO payout_batch_releases (batch_id, number, made_by_id, released_by_id,"
        " released_at) VALUES (:batch, :number, :maker, :by, '2026-11-24T03:00:00Z')"
    )
    values = {"batch": batch.id, "number": 1, "maker": batch.made_by_id}
    with refused("two_people"):
        execute(releases, **values, by=batch.made_by_id)
    for by in (team.asker.id, team.approver.id):
        with refused("asked for and approved nothing"):
            execute(releases, **values, by=by)
    with refused("asked for and approved nothing"):
        execute(releases, **{**values, "number": 2}, by=hands.releaser.id)
    for state in ("paid", "failed"):
        with refused("changes once"):
            execute("UPDATE payout_batch_lines SET state = :s WHERE id = :i", s=state, i=line.id)
    with refused("changes once"):
        execute("UPDATE payout_batch_lines SET amount_satang = 1 WHERE id = :i", i=line.id)
    with refused("in a batch"):
        execute(
            "UPDATE disbursement_requests SET status = 'cancelled' WHERE id = :i",
            i=line.request_id,
        )
    results = (
        "INSERT INTO payout_batch_results (line_id, outcome, file_sha256, told_by_id, told_at)"
        " VALUES (:line, 'paid', :hash, :by, '2026-11-24T03:00:00Z')"
    )
    told = {"line": line.id, "hash": b"x" * 32}
    with refused("who took the file"):
        execute(results, **told, by=hands.taker.id)
    release(batch, hands)
    files = (
        "INSERT INTO payout_batch_files (batch_id, release_number, made_by_id, released_by_id,"
        " taken_by_id, kind, file_sha256, taken_at)"
        " VALUES (:batch, 1, :maker, :releaser, :by, 'csv', :hash, '2026-11-24T03:00:00Z')"
    )
    file = {
        "batch": batch.id,
        "maker": batch.made_by_id,
        "releaser": hands.releaser.id,
        "hash": b"x" * 32,
    }
    for by in (batch.made_by_id, hands.releaser.id):
        with refused("three_people"):
            execute(files, **file, by=by)
    with refused("asked for and approved nothing"):
        execute(files, **file, by=team.approver.id)
    take(batch, hands)
    with refused("who took the file"):
        execute(results, **told, by=hands.maker.id)
    with refused("changes once"):
        execute("UPDATE payout_batch_lines SET state = 'withdrawn' WHERE id = :i", i=line.id)
    for table in ("payout_batches", "payout_batch_releases", "payout_batch_files"):
        with refused("(?i)append-only|never changed|cannot be|not changed|refuse"):
            execute(f"DELETE FROM {table}")
    with refused("in a batch"):
        _raw_payout(again(hands.requests[0]), hands.maker)


def _raw_payout(request, payer):
    insert("payouts", payout_values(request, payer))


def test_a_worker_killed_in_the_middle_pays_nobody_twice(hands, clock):
    """A child process records one result, and is killed in the middle of the others."""
    batch = make_taken(hands)
    told = tell([(voucher, "paid", "") for voucher in vouchers(batch)], hands)
    db.session.remove()
    child = os.fork()
    if child == 0:
        db.engine.dispose(close=False)
        record_results(told.batch_ids, limit=1)
        _die_at_payout(2)
        record_results(told.batch_ids)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    clock.shift(1)  # ids of the child are those of its moment
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    db.session.remove()
    assert count(Payout) == 1
    states = db.session.scalars(select(PayoutBatchLine.state)).all()
    assert sorted(states) == [LineState.PAID, LineState.WAITING, LineState.WAITING]
    assert record_results(told.batch_ids).done == 2
    assert record_results(told.batch_ids).done == 0
    assert count(Payout) == 3
    assert not broken() & {"payouts.batches", "disbursements.paid", "disbursements.payouts"}


def _die_at_payout(number):
    seen = []

    def after_flush(session, _context):
        seen.extend(row for row in session.new if isinstance(row, Payout))
        if len(seen) >= number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(db.session, "after_flush", after_flush)


def test_a_batch_is_withdrawn_and_frees_its_requests(hands):
    batch = make_batch(hands)
    unit_of_work(operations.withdraw_batch, batch.public_id, actor=hands.releaser.as_actor())
    assert get_batch(batch.public_id).state is BatchState.WITHDRAWN
    pay(again(hands.requests[0]), hands.team)
    second = make_batch(hands, requests=[hands.requests[1].public_id])
    assert second.number != batch.number


def test_a_payment_of_a_batch_that_came_back_is_paid_by_another_batch(hands):
    batch = make_taken(hands)
    told = tell([(voucher, "paid", "") for voucher in vouchers(batch)], hands)
    record_results(told.batch_ids)
    request = again(hands.requests[0])
    with refused("a line of a batch changes once"):
        execute("UPDATE payout_batch_lines SET state = 'returned'")
    unit_of_work(
        record_comeback,
        request.public_id,
        version=request.version,
        cause=ReturnCause.BANK,
        returned_on=clock.today(),
        reason="The account is closed",
        actor=hands.taker.as_actor(),
    )
    [line] = list_failed_lines()
    assert (line.request_id, line.state) == (request.id, LineState.RETURNED)
    assert get_batch(batch.public_id).state is BatchState.DONE
    assert tell([(line.voucher, "paid", "")], hands).new == 0
    unit_of_work(
        resubmit_request,
        request.public_id,
        request_draft(hands.team, request.total_satang),
        version=again(request).version,
        actor=hands.team.asker.as_actor(),
    )
    decide(again(request), hands.team)
    other = make_batch(hands, requests=[request.public_id])
    release(other, hands)
    take(other, hands)
    told = tell([(vouchers(other)[0], "paid", "")], hands)
    assert record_results(told.batch_ids).done == 1
    request = again(request)
    assert [payout.attempt for payout in request.payouts] == [1, 2]
    assert request.status is RequestStatus.PAID
    assert not broken() & {"payouts.batches", "payouts.people", "disbursements.returns"}
