"""What is done with a request on its page."""

import io
from datetime import date

import pytest

from fundapp.db import unit_of_work
from fundapp.disbursements.models import (
    PayoutMethod,
    ReceiptOutcome,
    RequestStatus,
)
from fundapp.identity.operations import disable_user
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.queries import fund_available
from tests.disbursements.views.pages import proof_form, request_form, stored, text, url
from tests.factories.books import make_entry, make_fund
from tests.factories.children import RAMAN
from tests.factories.disbursements import (
    THOUSAND,
    make_approved,
    make_paid,
    make_request,
    prove,
    read,
)
from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite


def test_a_request_from_asking_to_the_proof_of_receipt(team, english, app):
    sign_in(english, team.asker)
    answer = english.post("/disbursements/new", data=request_form(team))
    assert answer.status_code == 303
    [request] = stored()
    assert request.total_satang == 1000_50
    file = read(request, team)
    assert file.payee_name == "Aminah Invented"
    assert file.account.number == "1234567890"
    for actor, action, data, status in (
        (
            team.verifier,
            "verify",
            {"check-answer": "matches", "check-checked_by": "call"},
            RequestStatus.SUBMITTED,
        ),
        (team.approver, "approve", {}, RequestStatus.APPROVED),
        (
            team.payer,
            "pay",
            {"paid_on": "24/11/2569", "paid_from": "1121", "bank_reference": "R1"},
            RequestStatus.PAID,
        ),
        (
            team.prover,
            "prove",
            proof_form(confirmed_on="24/11/2026"),
            RequestStatus.CONFIRMED,
        ),
    ):
        other = app.test_client()
        sign_in(other, actor)
        answer = other.post(
            url(request, action),
            data={**data, "version": str(request.version), "check-version": str(request.version)},
        )
        assert answer.status_code == 303, text(answer)
        [request] = stored()
        assert request.status is status
        assert other.get(answer.location).status_code == 200
    assert fund_available(team.fund) == 10 * THOUSAND - 1000_50


@pytest.mark.parametrize("action", ["approve", "return", "reject", "cancel", "pay", "prove"])
def test_an_unknown_request_is_not_found(team, english, action):
    roles = ["case_manager", "approver", "fund_officer"]
    sign_in(english, make_user("approver", (RAMAN,), roles=roles))
    data = {"version": "1", "outcome": "received", "confirmed_on": "1/1/2026", "confirmed_by": "A"}
    assert english.post(f"/disbursements/nothing/{action}", data=data).status_code == 404


def test_the_own_request_is_not_approved(team, english):
    team.asker = make_user("approver", (RAMAN,), roles=["case_manager", "approver"])
    request = make_request(team)
    sign_in(english, team.asker)
    assert "formaction" not in text(english.get(url(request)))
    answer = english.post(url(request, "approve"), data={"version": "1"})
    assert answer.status_code == 403
    assert "three different people" in text(answer)
    assert stored()[0].status is RequestStatus.SUBMITTED


def test_a_stale_page_is_a_conflict_with_a_link_back(team, english):
    request = make_request(team)
    sign_in(english, team.approver)
    first = english.post(url(request, "approve"), data={"version": "1"})
    assert first.status_code == 303
    for version in ("1", "2", "", "x", "99999999999999999999"):
        again = english.post(url(request, "approve"), data={"version": version})
        assert again.status_code == 409
        assert "Nothing was changed" in text(again)
        assert f'href="{url(request)}"' in text(again)
    assert fund_available(team.fund) == 9 * THOUSAND


def test_a_fund_without_enough_money_is_shown_before_and_after(team, english):
    request = make_request(team, 10 * THOUSAND + 1)
    sign_in(english, team.approver)
    assert "not enough" in text(english.get(url(request)))
    answer = english.post(url(request, "approve"), data={"version": "1", "reason": "Good"})
    assert answer.status_code == 422
    assert "does not have enough money" in text(answer)
    assert "Good" in text(answer)
    assert stored()[0].status is RequestStatus.SUBMITTED


@pytest.mark.parametrize("action", ["return", "reject"])
def test_returning_and_rejecting_need_a_reason(team, english, action):
    request = make_request(team)
    sign_in(english, team.approver)
    answer = english.post(url(request, action), data={"version": "1", "reason": " "})
    assert answer.status_code == 422
    assert "Write the reason" in text(answer)


def test_who_was_disabled_meanwhile_is_redirected_to_sign_in(team, english):
    request = make_request(team)
    sign_in(english, team.approver)
    administrator = make_user("administrator")
    unit_of_work(disable_user, team.approver.public_id, actor=administrator.as_actor())
    answer = english.post(url(request, "approve"), data={"version": "1"})
    assert answer.status_code == 302
    assert "/sign-in" in answer.location
    assert stored()[0].status is RequestStatus.SUBMITTED


def test_other_roles_are_refused(team, english):
    request = make_request(team)
    for viewer, action in (
        (team.payer, "approve"),
        (team.approver, "pay"),
        (team.auditor, "prove"),
    ):
        sign_in(english, viewer)
        assert english.post(url(request, action), data={"version": "1"}).status_code == 403
    sign_in(english, team.auditor)
    assert english.get("/disbursements/new").status_code == 403


def test_cancelling(team, english):
    request = make_request(team)
    sign_in(english, team.asker)
    answer = english.post(url(request, "cancel"), data={"cancel-version": "1"})
    assert answer.status_code == 422
    data = {"cancel-version": "1", "cancel-reason": "The child moved away"}
    assert english.post(url(request, "cancel"), data=data).status_code == 303
    page = text(english.get(url(request)))
    assert "The child moved away" in page
    assert team.asker.name in page


def test_who_pays_sees_what_lies_in_the_cash_box_and_the_bank_account(team, english):
    make_fund("OTHER")
    cash = [(team.fund, 80_000), ("OTHER", 43_210)]
    for fund, satang in cash:
        income = chart.DONATIONS_INDIVIDUALS
        make_entry(PostingDraft(fund, chart.CASH_ON_HAND, income, satang))
    by_bank = make_approved(team)
    in_cash = make_approved(team, payout_method=PayoutMethod.CASH, account=None)
    sign_in(english, team.payer)
    bank_page, cash_page = (text(english.get(url(each))) for each in (by_bank, in_cash))
    shown = "Bank, main account: 10,000.00 baht of this fund, 10,000.00 baht of all funds"
    assert (shown in bank_page, "Cash on hand:" in bank_page) == (True, False)
    assert "Cash on hand: 800.00 baht of this fund, 1,232.10 baht of all funds" in cash_page
    sign_in(english, team.asker)
    assert "baht of all funds" not in text(english.get(url(in_cash)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"paid_on": "31/2/2569"}, None),
        ({"paid_on": ""}, "Enter the day of payment."),
        ({"paid_on": "23/11/2569"}, "between the approval and today"),
        ({"paid_on": "25/11/2569"}, "between the approval and today"),
        ({"paid_from": "1122"}, "Choose one of the possibilities"),
    ],
)
def test_a_payment_with_errors_is_not_recorded(team, english, change, message):
    request = make_approved(team)
    sign_in(english, team.payer)
    data = {"version": "2", "paid_on": "24/11/2569", "paid_from": "1121", **change}
    answer = english.post(url(request, "pay"), data=data)
    assert answer.status_code == 422
    assert (message or "is-invalid") in text(answer)
    assert stored()[0].status is RequestStatus.APPROVED


def test_a_payment_of_the_last_fiscal_year_is_asked_about(team, english, clock):
    clock.move_to(date(2027, 9, 30))
    request = make_approved(team)
    clock.move_to(date(2027, 10, 1))
    sign_in(english, team.payer)
    data = {"version": "2", "paid_on": "30/9/2570", "paid_from": "1121", "bank_reference": "R1"}
    asked = english.post(url(request, "pay"), data=data)
    assert asked.status_code == 422
    assert "30 September 2027 is in fiscal year B.E. 2570, which is over." in text(asked)
    assert 'value="2027-09-30"' in asked.text
    data["paid_on_is_right"] = "2027-09-30"
    assert english.post(url(request, "pay"), data=data).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        {"document": (io.BytesIO(b"MZ program"), "paper.pdf")},
        {"outcome": "problem"},
        {"outcome": "lost"},
        {"confirmed_by": ""},
        {"confirmed_on": "29/2/2570"},
        {"confirmed_on": "25/11/2569"},
    ],
)
def test_a_proof_of_receipt_with_errors_is_not_filed(team, english, change):
    request = make_paid(team)
    sign_in(english, team.prover)
    answer = english.post(
        url(request, "prove"),
        data={key: value for key, value in proof_form(**change).items() if value is not None},
    )
    assert answer.status_code == 422
    assert stored()[0].status is RequestStatus.PAID


def test_a_problem_is_shown_and_can_be_settled(team, english):
    request = make_paid(team)
    prove(request, team, ReceiptOutcome.NOT_RECEIVED)
    sign_in(english, team.prover)
    page = text(english.get(url(request)))
    assert "Problem with the receipt" in page
    assert "The account belongs to somebody else" in page
    assert english.post(url(request, "prove"), data=proof_form(version="4")).status_code == 303
