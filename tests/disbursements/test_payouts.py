"""Recording payouts."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from fundapp.children.encryption import encrypt
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.errors import (
    FactsChangedError,
    NotYoursError,
    PayoutAccountError,
    PayoutDayError,
    ThreePeopleError,
    WrongStateError,
)
from fundapp.disbursements.models import (
    AccountAnswer,
    CheckedBy,
    Decision,
    DisbursementRequest,
    Payout,
    PayoutMethod,
    ReceiptOutcome,
    RequestStatus,
)
from fundapp.documents.intake import accept
from fundapp.errors import StaleError
from fundapp.ledger import chart
from fundapp.ledger.errors import AccountShortError, PeriodClosedError
from fundapp.ledger.models import EntryKind, JournalEntry, Posting, Restriction
from fundapp.ledger.queries import fund_available
from tests.factories.books import close_month, make_fund, make_gift
from tests.factories.children import RAMAN
from tests.factories.disbursements import (
    THOUSAND,
    decide,
    make_approved,
    make_request,
    make_team,
    pay,
    request_draft,
    signed_paper,
)
from tests.factories.identity import make_user, sign_in

TODAY = date(2026, 11, 24)


def test_paying_settles_what_the_fund_owes_and_spends_nothing_more(team):
    request = make_approved(team)
    payout = pay(request, team)
    entry = db.session.get(JournalEntry, payout.journal_entry_id)
    posting = db.session.query(Posting).filter_by(entry_id=entry.id).one()
    assert entry.kind is EntryKind.ASSISTANCE_PAID
    assert (entry.maker, entry.checker) == (team.payer.public_id, team.approver.public_id)
    assert posting.debit_account_code == chart.ASSISTANCE_PAYABLE
    assert posting.credit_account_code == chart.BANK_MAIN
    assert fund_available(team.fund) == 9 * THOUSAND
    assert request.status is RequestStatus.PAID


def test_a_payout_has_a_voucher_number(team):
    payout = pay(make_approved(team), team)
    assert payout.voucher.startswith("PV")
    assert len(payout.voucher) == 15


@pytest.mark.sqlite
def test_a_third_person_pays_whatever_the_roles(team):
    roles = ["case_manager", "approver", "fund_officer"]
    team.asker = make_user("approver", (RAMAN,), roles=roles)
    team.approver = make_user("approver", (RAMAN,), roles=roles)
    request = make_approved(team)
    for actor in (team.asker, team.approver):
        with pytest.raises(ThreePeopleError):
            pay(request, team, actor=actor.as_actor())
    pay(request, team)


@pytest.mark.sqlite
def test_an_approver_of_another_request_does_not_pay_without_the_role(team):
    with pytest.raises(NotYoursError):
        pay(make_approved(team), team, actor=make_user("approver").as_actor())


def test_it_is_paid_once(team):
    request = make_approved(team)
    version = request.version
    pay(request, team)
    with pytest.raises(StaleError):
        pay(request, team, version=version)
    with pytest.raises(WrongStateError):
        pay(request, team)


@pytest.mark.sqlite
def test_only_what_is_approved_is_paid(team):
    for request in (make_request(team), decide(make_request(team), team, Decision.REJECT)):
        with pytest.raises(WrongStateError):
            pay(request, team)


@pytest.mark.sqlite
@pytest.mark.parametrize("account", [chart.BANK_ZAKAT, chart.CASH_ON_HAND, "9999", ""])
def test_a_transfer_leaves_the_main_account(team, account):
    with pytest.raises(PayoutAccountError):
        pay(make_approved(team), team, paid_from_account_code=account)


@pytest.mark.sqlite
def test_zakat_leaves_its_own_account(session, clock):
    team = make_team(fund="ZAKAT", restriction=Restriction.ZAKAT)
    request = make_approved(team)
    with pytest.raises(PayoutAccountError):
        pay(request, team, paid_from_account_code=chart.BANK_MAIN)
    assert pay(request, team).paid_from_account_code == chart.BANK_ZAKAT


@pytest.mark.sqlite
def test_cash_leaves_the_cash_box(team):
    make_gift(THOUSAND, on=TODAY, bank=chart.CASH_ON_HAND)
    request = make_approved(team, payout_method=PayoutMethod.CASH, account=None)
    assert pay(request, team).paid_from_account_code == chart.CASH_ON_HAND


def test_an_account_pays_no_more_than_it_has_of_the_fund(team, client):
    """The fund has the money in the bank; the cash box has 600 baht of it, and 700 of another."""
    make_fund("OTHER")
    make_gift(70_000, "OTHER", on=TODAY, bank=chart.CASH_ON_HAND)
    make_gift(60_000, on=TODAY, bank=chart.CASH_ON_HAND)
    request = make_approved(team, payout_method=PayoutMethod.CASH, account=None)
    with pytest.raises(AccountShortError) as refused:
        pay(request, team)
    assert refused.value.params == {"account": "1110", "held": "600.00"}
    client.set_cookie("lang", "en")
    sign_in(client, team.payer)
    form = {"version": "2", "paid_on": "24/11/2026", "paid_from": "1110"}
    answer = client.post(f"/disbursements/{request.public_id}/pay", data=form)
    assert answer.status_code == 422
    assert answer.text.count("Account 1110 has only 600.00 baht of this fund.") == 1
    assert db.session.scalar(select(func.count()).select_from(Payout)) == 0
    make_gift(40_000, on=TODAY, bank=chart.CASH_ON_HAND)
    assert client.post(f"/disbursements/{request.public_id}/pay", data=form).status_code == 303


@pytest.mark.sqlite
def test_the_day_of_payment_is_between_approval_and_today(team, clock):
    request = make_approved(team)
    clock.shift(timedelta(days=2))
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=3)):
        with pytest.raises(PayoutDayError):
            pay(request, team, paid_on=day)
    assert pay(request, team, paid_on=TODAY + timedelta(days=1)).paid_on == date(2026, 11, 25)


@pytest.mark.sqlite
def test_nothing_is_paid_into_a_closed_month(team):
    request = make_approved(team)
    close_month(TODAY)
    with pytest.raises(PeriodClosedError):
        pay(request, team)
    assert request.status is RequestStatus.APPROVED


@pytest.mark.sqlite
def test_what_was_changed_after_the_approval_is_not_paid(team):
    """Even by somebody who can bypass the triggers: the account is part of the approved facts."""
    request = make_approved(team)
    forged = encrypt(DisbursementRequest, "payee_account_encrypted", request.id, "004:9999999999")
    change = update(DisbursementRequest).where(DisbursementRequest.id == request.id)
    unit_of_work(db.session.execute, change.values(payee_account_encrypted=forged))
    with pytest.raises(FactsChangedError):
        pay(request, team)


def test_the_operations_work_many_times_in_one_unit_of_work(team):
    """A batch, as the demo makes it: no operation uses what an earlier one made stale."""

    def batch():
        for _ in range(3):
            request = operations.submit_request(request_draft(team), actor=team.asker.as_actor())
            operations.verify_account(
                request.public_id,
                version=request.version,
                answer=AccountAnswer.MATCHES,
                checked_by=CheckedBy.CALL,
                actor=team.verifier.as_actor(),
            )
            operations.decide_request(
                request.public_id,
                decision=Decision.APPROVE,
                version=request.version,
                reason="",
                actor=team.approver.as_actor(),
            )
            operations.record_payout(
                request.public_id,
                version=request.version,
                paid_on=TODAY,
                paid_from_account_code=chart.BANK_MAIN,
                actor=team.payer.as_actor(),
            )
            operations.file_proof_of_receipt(
                request.public_id,
                version=request.version,
                outcome=ReceiptOutcome.RECEIVED,
                confirmed_on=TODAY,
                confirmed_by="Aminah Invented",
                document=accept(signed_paper()),
                actor=team.prover.as_actor(),
            )

    unit_of_work(batch)
    assert fund_available(team.fund) == 7 * THOUSAND
