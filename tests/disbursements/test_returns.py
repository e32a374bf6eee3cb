"""Payments that came back: the request is open again, and nobody is paid twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp import clock
from fundapp.audit.checks import run_checks
from fundapp.banking.errors import LineTakenError
from fundapp.banking.matching.queries import list_candidates
from fundapp.banking.operations import book_comeback, match_line
from fundapp.banking.statement_files.queries import get_line
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.errors import (
    AmountStaysError,
    ComebackDayError,
    ReasonMissingError,
    ThreePeopleError,
    WrongStateError,
)
from fundapp.disbursements.models import (
    DisbursementRequest,
    PayoutReturn,
    ReceiptOutcome,
    RequestStatus,
    ReturnCause,
)
from fundapp.ids import new_id
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.operations import reverse_entry
from fundapp.ledger.queries import fund_available
from fundapp.ledger.thread.queries import read_threads
from tests.disbursements.test_tables import execute, insert, payout_values
from tests.factories.banking import Move, import_moves, make_bank_account
from tests.factories.disbursements import (
    THOUSAND,
    decide,
    make_approved,
    make_paid,
    pay,
    prove,
    request_draft,
)
from tests.factories.identity import sign_in

WORDS = "The bank says that the account is closed"


def refused(why):
    return pytest.raises(DBAPIError, match=why)


def again(request):
    db.session.expire_all()
    return db.session.get_one(DisbursementRequest, request.id)


def come_back(request, team, **overrides):
    values = {
        "version": again(request).version,
        "cause": ReturnCause.BANK,
        "returned_on": clock.today(),
        "reason": WORDS,
        "actor": team.payer.as_actor(),
        **overrides,
    }
    return unit_of_work(operations.record_comeback, request.public_id, **values)


def send_again(request, team, **overrides):
    return unit_of_work(
        operations.resubmit_request,
        request.public_id,
        request_draft(team, **overrides),
        version=again(request).version,
        actor=team.asker.as_actor(),
    )


def broken():
    db.session.rollback()
    return {result.check.name for result in run_checks() if result.violations}


def test_money_that_never_arrived_is_paid_again_after_a_new_approval(team, client):
    before = fund_available(team.fund)
    request = make_paid(team)
    first = again(request).payouts[0].voucher
    prove(request, team, ReceiptOutcome.NOT_RECEIVED)
    for actor in (team.asker, team.approver):
        with pytest.raises(ThreePeopleError):
            come_back(request, team, actor=actor.as_actor())
    for wrong, error in (
        ({"returned_on": clock.today() - timedelta(days=1)}, ComebackDayError),
        ({"returned_on": clock.today() + timedelta(days=1)}, ComebackDayError),
        ({"reason": " "}, ReasonMissingError),
    ):
        with pytest.raises(error):
            come_back(request, team, **wrong)
    assert again(request).status is RequestStatus.PROBLEM

    sign_in(client, team.payer)
    page = client.get(f"/disbursements/{request.public_id}")
    assert "comeback-cause" in page.text
    answer = client.post(
        f"/disbursements/{request.public_id}/come-back",
        data={
            "version": str(again(request).version),
            "comeback-version": str(again(request).version),
            "comeback-cause": "bank",
            "comeback-returned_on": clock.today().isoformat(),
            "comeback-reason": WORDS,
        },
        follow_redirects=True,
    )
    assert first in answer.text
    request = again(request)
    assert (request.status, request.payout) == (RequestStatus.RETURNED, None)
    assert fund_available(team.fund) == before
    with pytest.raises(WrongStateError):
        come_back(request, team)

    with pytest.raises(AmountStaysError):
        send_again(request, team, satang=2 * THOUSAND)
    send_again(request, team, account=PayeeAccount("004", "9876543210"))
    decide(again(request), team)
    second = pay(again(request), team)
    assert (second.attempt, second.voucher != first) == (2, True)
    prove(again(request), team)
    request = again(request)
    assert (request.status, request.payout.voucher) == (RequestStatus.CONFIRMED, second.voucher)
    assert fund_available(team.fund) == before - THOUSAND
    assert not broken() & {
        "disbursements.paid",
        "disbursements.payouts",
        "disbursements.returns",
        "disbursements.approvals",
        "disbursements.facts",
        "ledger.thread",
    }
    page = client.get(f"/disbursements/{request.public_id}").text
    assert page.index(first) < page.index(second.voucher)


def test_the_thread_gives_the_money_back_to_its_gift_and_the_request_can_be_cancelled(team):
    request = make_paid(team)
    approval = request.approval_entry_id
    [taken] = read_threads(approval)
    assert sum(satang for _source, satang in taken.parts) == THOUSAND
    come_back(request, team, cause=ReturnCause.PAYEE)
    [undone] = read_threads(approval)
    assert undone.undone_by is not None
    unit_of_work(
        operations.cancel_request,
        request.public_id,
        version=again(request).version,
        reason="The family has moved away",
        actor=team.asker.as_actor(),
    )
    assert again(request).status is RequestStatus.CANCELLED
    assert "ledger.thread" not in broken()
    back = db.session.scalars(select(PayoutReturn)).one()
    assert (back.cause, back.recorded_by_id) == (ReturnCause.PAYEE, team.payer.id)


def test_the_tables_pay_a_request_again_only_after_its_money_came_back(team):
    request = make_approved(team)
    again_values = payout_values(again(request), team.payer)
    payout = pay(request, team)
    entry = request.approval_entry_id
    with refused("the request is paid|no row is replaced"):
        insert("payouts", again_values)
    with refused("the request is paid"):
        insert("payouts", {**again_values, "attempt": 2})
    values = {
        "payout_id": payout.id,
        "cause": "payee",
        "returned_on": payout.paid_on.isoformat(),
        "journal_entry_id": entry,
        "reason_digest": b"0" * 32,
        "recorded_by_id": team.payer.id,
        "recorded_at": "2026-11-24T03:00:00Z",
    }
    with refused("the entry of a payment that came back is undone"):
        insert("payout_returns", values)
    undone = unit_of_work(
        reverse_entry,
        payout.journal_entry_id,
        reason="Came back",
        digest=b"0" * 32,
        entry_on=payout.paid_on,
        actor=team.payer.as_actor(),
    )
    values["journal_entry_id"] = undone.id
    assert "disbursements.returns" in broken()
    for other in (team.asker, team.approver):
        with refused("who asked or approved records no return"):
            insert("payout_returns", {**values, "recorded_by_id": other.id})
    with refused("reason_hashed"):
        insert("payout_returns", {**values, "reason_digest": b"0"})
    insert("payout_returns", values)
    for statement in ("UPDATE payout_returns SET cause = 'bank'", "DELETE FROM payout_returns"):
        with refused("append-only|refuse|payout_returns"):
            execute(statement)
    with refused("payments of a request are numbered in their order|no row is replaced"):
        insert("payouts", {**again_values, "id": new_id()})
    with refused("nothing was paid yet"):
        insert(
            "proofs",
            {
                "id": new_id(),
                "request_id": request.id,
                "outcome": "problem",
                "confirmed_on": "2026-11-24",
                "confirmed_by_encrypted": b"0" * 60,
                "filed_by_id": team.prover.id,
                "filed_at": "2026-11-24T03:00:00Z",
            },
        )
    assert "disbursements.paid" in broken()
    insert("payouts", {**again_values, "attempt": 2})
    with refused("the request is paid"):
        insert("payouts", {**payout_values(again(request), team.payer), "attempt": 3})
    assert db.session.scalar(text("SELECT count(*) FROM payouts")) == 2


def test_a_line_of_the_bank_is_the_return_of_a_payment(team, client):
    make_bank_account()
    request, other = make_paid(team), make_paid(team)
    first, second = (again(each).payouts[0] for each in (request, other))
    today = clock.today()
    texts = (f"return {first.voucher}", "return of something")
    moves = [Move(THOUSAND, said, today, channel="Branch") for said in texts]
    lines = import_moves(*moves, from_on=today, to_on=today)
    (one, two), statement = (line.public_id for line in lines), lines[0].statement.public_id
    client.set_cookie("lang", "en")
    sign_in(client, team.payer)
    page = client.get(f"/bank/lines/{one}").text
    assert first.voucher in page
    assert second.voucher in page
    # The lists say so too: of the payment that the text names, else of the latest.
    for address in ("/bank/lines?status=unmatched", f"/bank/statements/{statement}"):
        listed = " ".join(client.get(address).text.split())
        assert f"May be help that the bank sent back: {first.voucher}." in listed
        assert f"May be help that the bank sent back: {second.voucher}." in listed
    url = f"/bank/lines/{one}/comeback"
    assert "Choose the payment" in client.post(url, data={"reason": WORDS}).text
    assert client.post(url, data={"payout": first.public_id}).status_code == 422
    assert again(request).status is RequestStatus.PAID
    assert client.post(url, data={"payout": first.public_id, "reason": WORDS}).status_code == 303
    assert again(request).status is RequestStatus.RETURNED
    assert first.voucher not in client.get(f"/bank/lines/{two}").text
    with pytest.raises(LineTakenError):
        unit_of_work(
            book_comeback,
            one,
            payout_public_id=second.public_id,
            reason=WORDS,
            actor=team.payer.as_actor(),
        )
    come_back(other, team)
    [found] = list_candidates([get_line(two)])[get_line(two).id]
    assert found.ref == entry_number(again(other).payouts[0].comeback.journal_entry_id)
    unit_of_work(match_line, two, entry_number=found.ref, actor=team.payer.as_actor())
    assert not broken() & {"disbursements.returns", "disbursements.paid", "banking.matches"}
