"""What was found, let go, verified or answered for a payment that came back is not for the next."""

from datetime import timedelta

import pytest

from fundapp import clock as app_clock
from fundapp.callbacks.queries import count_overdue_proofs, list_overdue_proofs
from fundapp.children.models import ConsentKind
from fundapp.children.operations import record_consent, withdraw_consent
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.errors import (
    AccountNotVerifiedError,
    PaymentStoppedError,
    ReceiptLinkOverError,
)
from fundapp.disbursements.models import (
    PayoutMethod,
    ReceiptOutcome,
    RequestStatus,
    ReturnCause,
)
from fundapp.disbursements.policy import needs_check
from fundapp.disbursements.queries import checks_of, list_accounts_to_verify
from fundapp.disbursements.queries.shares import read_shares
from fundapp.ids import new_id
from fundapp.ledger.models import Restriction
from tests.disbursements.test_confirmations import confirm
from tests.disbursements.test_returns import again, broken, come_back, refused, send_again
from tests.disbursements.test_tables import insert, payout_values
from tests.factories.books import make_fund, make_gift
from tests.factories.callbacks import make_receipt_rules
from tests.factories.children import RAMAN, consent_draft
from tests.factories.disbursements import (
    THOUSAND,
    decide,
    make_approved,
    make_paid,
    pay,
    print_link,
    prove,
    send_request,
    verify,
)
from tests.factories.identity import make_user


def pay_again(request, team, **overrides):
    """What came back is sent in again, approved and paid."""
    send_again(request, team, **overrides)
    decide(again(request), team)
    return pay(again(request), team)


def end_consent(team):
    db.session.expire_all()
    keep = [each for each in team.child.consents if each.kind is ConsentKind.KEEP_FILE][-1]
    unit_of_work(withdraw_consent, team.child.public_id, keep.id, actor=team.asker.as_actor())


def let_go(request, team):
    unit_of_work(
        operations.release_payment,
        request.public_id,
        version=again(request).version,
        reason="The aunt signs tomorrow",
        actor=team.approver.as_actor(),
    )


def test_the_link_on_the_voucher_of_a_payment_that_came_back_is_over(team):
    request = make_paid(team)
    old = print_link(request, team)
    come_back(request, team)
    send_again(request, team, account=PayeeAccount("004", "9876543210"))
    decide(again(request), team)
    pay(again(request), team)
    with pytest.raises(ReceiptLinkOverError):
        confirm(old)
    assert again(request).status is RequestStatus.PAID
    new = print_link(again(request), team)
    confirm(new)
    assert again(request).status is RequestStatus.CONFIRMED


def test_the_tables_take_no_answer_by_a_link_from_before_the_approval(team, clock):
    request = make_paid(team)
    come_back(request, team)
    clock.shift(timedelta(hours=1))
    pay_again(request, team)
    row = {
        "id": 7, "request_id": request.id, "requested_by_id": team.asker.id,
        "token_sha256": b"x" * 32, "printed_by_id": team.payer.id,
        "printed_at": "2026-01-24T03:00:00Z", "expires_at": "2027-12-24T03:00:00Z",
    }  # fmt: skip
    insert("receipt_links", row)
    answer = {"id": 7, "request_id": request.id, "outcome": "received",
              "confirmed_at": app_clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")}  # fmt: skip
    with refused("the link is on the voucher of an earlier payment"):
        insert("receipt_confirmations", answer)


@pytest.mark.sqlite
def test_who_gave_reads_what_was_said_of_the_payment_that_stands(team):
    request = make_paid(team)
    prove(request, team)
    come_back(request, team)
    pay_again(request, team)
    part = {again(request).approval_entry_id: [(0, THOUSAND)]}
    [[share]] = read_shares(part, viewer=team.auditor.as_actor()).values()
    assert (share.status, share.proofs) == (RequestStatus.PAID, [])
    confirm(print_link(again(request), team))
    [[share]] = read_shares(part, viewer=team.auditor.as_actor()).values()
    assert [outcome for outcome, _day in share.proofs] == [ReceiptOutcome.RECEIVED]


@pytest.mark.sqlite
def test_what_an_approver_let_go_stops_the_next_payment_again(team):
    request = make_approved(team)
    end_consent(team)
    let_go(request, team)
    pay(again(request), team)
    come_back(request, team)
    draft = consent_draft()
    unit_of_work(record_consent, team.child.public_id, draft, actor=team.asker.as_actor())
    send_again(request, team)
    decide(again(request), team)
    end_consent(team)
    with pytest.raises(PaymentStoppedError):
        pay(again(request), team)
    values = {**payout_values(again(request), team.payer), "attempt": 2}
    with refused("the payment is stopped"):
        insert("payouts", values)
    let_go(request, team)
    assert pay(again(request), team).attempt == 2


@pytest.mark.sqlite
def test_bank_details_that_the_bank_refused_are_verified_anew(team):
    request = make_paid(team)
    come_back(request, team)
    other = send_request(team)
    assert needs_check(again(other))
    send_again(request, team)
    assert needs_check(again(request))
    with pytest.raises(AccountNotVerifiedError):
        decide(again(request), team, actor=team.approver.as_actor())
    viewer = team.verifier.as_actor()
    waiting = [each.id for each in list_accounts_to_verify(viewer).rows]
    assert waiting == [request.id, other.id]
    assert checks_of([request.id]) == {}
    [check] = again(request).account_checks
    row = {
        "id": new_id(), "request_id": other.id, "number": 1, "earlier_id": check.id,
        "requested_by_id": team.asker.id, "facts_sha256": again(other).facts_sha256,
        "answer": "matches", "checked_by": "earlier", "checked_by_id": team.verifier.id,
        "checked_at": "2026-11-24T03:00:00Z",
    }  # fmt: skip
    with refused("a verified account is used again"):
        insert("account_checks", row)
    verify(again(request), team)
    approval = decide(again(request), team).approvals[-1]
    assert pay(again(request), team).approval_id == approval.id
    assert [check.number for check in again(request).account_checks] == [1, 2]
    # What the payee gave back says nothing of the account.
    given = make_paid(team)
    come_back(given, team, cause=ReturnCause.PAYEE)
    send_again(given, team)
    assert not needs_check(again(given))
    assert broken() == set()


def test_the_checks_take_a_payment_that_came_back_as_it_was_then(team):
    make_fund("SECOND", Restriction.UNRESTRICTED)
    make_gift(5 * THOUSAND, "SECOND", on=app_clock.today())
    make_gift(THOUSAND, team.fund, on=app_clock.today(), bank="1110")
    cash, other = make_paid(team, payout_method=PayoutMethod.CASH, account=None), make_paid(team)
    prove(other, team, ReceiptOutcome.NOT_RECEIVED)
    come_back(cash, team, cause=ReturnCause.PAYEE)
    come_back(other, team)
    # Who said that nothing came verifies the new account; somebody else files the next proof.
    team.verifier, team.prover = team.prover, make_user("supervisor", (RAMAN,))
    for request, account in ((other, "9876543210"), (cash, "1112223334")):
        pay_again(request, team, fund_code="SECOND", account=PayeeAccount("004", account))
        prove(again(request), team)
    assert broken() == set()


@pytest.mark.sqlite
def test_only_the_payment_that_stands_waits_for_its_proof(team, clock):
    make_receipt_rules(overdue_days=14, supervisor_days=30)
    request = make_paid(team)
    clock.shift(timedelta(days=20))
    come_back(request, team)
    pay_again(request, team)
    asker = team.asker.as_actor()
    assert count_overdue_proofs(asker, app_clock.today()) == 0
    clock.shift(timedelta(days=15))
    assert count_overdue_proofs(asker, app_clock.today()) == 1
    page = list_overdue_proofs(asker, app_clock.today())
    assert [payout.attempt for payout in page.rows] == [2]
