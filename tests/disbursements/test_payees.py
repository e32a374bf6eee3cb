"""Who takes the money: a guardian or school on the files, or somebody else by two approvers; what
lies beside the decision; and what stops a payment after it.
"""

import pytest
from sqlalchemy import text

from fundapp.children.models import CloseReason, ConsentKind
from fundapp.children.operations import close_child, withdraw_consent
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.drafts import LineDraft
from fundapp.disbursements.errors import (
    NotStoppedError,
    PayeeNotOnFileError,
    PayeeReasonError,
    PaymentStoppedError,
    ThreePeopleError,
)
from fundapp.disbursements.models import Decision, PayeeKind, ReceiptOutcome, RequestStatus
from fundapp.ledger.queries import fund_available
from tests.disbursements.test_tables import approval_values, execute, insert, payout_values, refused
from tests.disbursements.views.pages import request_form, stored, url
from tests.factories.children import make_child
from tests.factories.disbursements import (
    THOUSAND,
    decide,
    make_approved,
    make_paid,
    make_request,
    pay,
    prove,
    read,
    request_draft,
)
from tests.factories.identity import make_user, sign_in

OTHER = {
    "payee_kind": PayeeKind.OTHER, "payee_name": "Hasan Mama",
    "payee_reason": "The aunt looks after her while the mother is in hospital",
}  # fmt: skip


def test_the_payee_is_on_the_files_or_has_a_reason(team):
    with pytest.raises(PayeeNotOnFileError) as refusal:
        make_request(team, payee_name="Hasan Mama", payee_kind=PayeeKind.GUARDIAN)
    assert "Aminah Invented" in refusal.value.params["names"]
    with pytest.raises(PayeeReasonError):
        make_request(team, **{**OTHER, "payee_reason": " "})
    alone = make_request(team, payee_name="")
    school = make_request(team, payee_kind=PayeeKind.SCHOOL, payee_name="")
    assert [read(each, team).payee_name for each in (alone, school)] == [
        "Aminah Invented", "Ban Example School",
    ]  # fmt: skip
    titled = make_request(team, payee_name="Mrs Aminah  INVENTED", payee_kind=PayeeKind.GUARDIAN)
    assert read(titled, team).payee_name == "Aminah Invented"


def test_somebody_else_is_paid_after_two_approvers_neither_of_whom_pays(team, english):
    request = make_request(team, **OTHER)
    assert "hospital" not in str(request.payee.why_encrypted)
    first = make_user("approver", (), roles=["approver"])
    decide(request, team, actor=first.as_actor())
    assert request.status is RequestStatus.SUBMITTED
    assert fund_available(team.fund) == 10 * THOUSAND
    with pytest.raises(ThreePeopleError):
        decide(request, team, actor=first.as_actor())
    sign_in(english, team.approver)
    page = english.get(url(request)).text
    for said in ("Another approver decides.", first.name, "Two approvers decide", "hospital"):
        assert said in page
    decide(request, team, actor=team.approver.as_actor())
    assert request.status is RequestStatus.APPROVED
    assert fund_available(team.fund) == 9 * THOUSAND
    with refused("three_people"):
        insert("payouts", payout_values(request, first))
    pay(request, team)
    assert request.status is RequestStatus.PAID


def test_a_return_begins_the_count_anew(team):
    request = make_request(team, **OTHER)
    first, second = (make_user("approver").as_actor() for _ in range(2))
    decide(request, team, actor=first)
    decide(request, team, Decision.RETURN, actor=second)
    unit_of_work(
        operations.resubmit_request, request.public_id, request_draft(team, **OTHER),
        version=request.version, actor=team.asker.as_actor(),
    )  # fmt: skip
    decide(request, team, actor=second)
    assert request.status is RequestStatus.SUBMITTED
    decide(request, team, actor=first)
    assert request.status is RequestStatus.APPROVED


def test_the_database_counts_two_approvers_and_keeps_the_payee(team):
    request, booked = make_request(team, **OTHER), make_approved(team)
    change = "UPDATE disbursement_requests SET status = 'approved', approval_entry_id = :entry"
    change += " WHERE id = :id"
    row = {"id": request.id, "entry": booked.approval_entry_id}
    insert("approvals", approval_values(request, team.approver))
    execute("UPDATE disbursement_requests SET approval_entry_id = NULL, status = 'cancelled'"
            " WHERE id = :id", id=booked.id)  # fmt: skip
    with refused("two approvers decide on this payee"):
        execute(change, **row)
    with refused("two approvers decide on this payee"):
        entry = {"journal_entry_id": booked.approval_entry_id}
        insert("payouts", payout_values(request, team.payer, **entry))
    other = approval_values(request, make_user("approver"), version=2)
    insert("approvals", other)
    execute(change, **row)
    with refused("the facts of the request are frozen"):
        execute("UPDATE request_payees SET name_lookup = :other", other=b"x" * 32)
    with refused("the facts of the request are frozen"):
        execute("DELETE FROM request_payees")


@pytest.mark.sqlite
def test_what_lies_beside_the_decision(team, english):
    paper = b"%PDF-"
    paid = [make_paid(team, 2 * THOUSAND), make_paid(team, THOUSAND)]
    for each in paid:
        prove(each, team)
    other = make_child(team.asker)
    lines = [LineDraft(team.child.public_id, 50_000), LineDraft(other.public_id, 70_000)]
    waiting, newer = make_request(team, lines=lines), make_request(team)
    sign_in(english, team.approver)
    page = " ".join(english.get(url(waiting)).text.split())
    for said in (
        "3,000.00 baht in 2 requests", "1,000.00 baht in 1 request", "The payee is on the file",
        "Ban Example School", "no end date", "The same signed paper was filed",
        paid[0].number, paid[1].number, "4,200.00", "Added up over 31 days",
    ):  # fmt: skip
        assert said in page, said
    assert "Nothing was ever paid to a payee" not in page
    assert paper not in page.encode()
    sign_in(english, team.payer)
    assert "Beside the decision" not in english.get(url(waiting)).text
    sign_in(english, team.approver)
    school = make_request(team, payee_kind=PayeeKind.SCHOOL, payee_name="")
    assert "Nothing was ever paid to a payee" in english.get(url(school)).text

    listed = english.get("/disbursements?status=submitted").text
    assert listed.index(waiting.number) < listed.index(newer.number)
    assert "waits for 0 days" in listed
    data = {"version": str(waiting.version), "next": "1"}
    answer = english.post(url(waiting, "approve"), data=data)
    assert answer.location.endswith(url(newer))


@pytest.mark.sqlite
def test_a_form_without_a_script_finds_the_payee(team, english):
    sign_in(english, team.asker)
    wrong = english.post("/disbursements/new", data=request_form(team, payee_name="Somebody"))
    assert wrong.status_code == 422
    assert "The payee is a guardian or school on the files" in wrong.text
    bare = {"payee_kind": "other", "payee_name": "Hasan Mama"}
    wordless = english.post("/disbursements/new", data=request_form(team, **bare))
    assert "Write why somebody else takes the money" in wordless.text
    assert (
        english.post("/disbursements/new", data=request_form(team, payee_name="")).status_code
        == 303
    )
    [request] = stored()
    assert read(request, team).payee_name == "Aminah Invented"


def close(team):
    unit_of_work(
        close_child, team.child.public_id, reason=CloseReason.DIED, actor=team.asker.as_actor()
    )
    db.session.expire_all()


def test_a_death_stops_the_payment_until_an_approver_lets_it_go(team, english):
    request = make_approved(team)
    close(team)
    with pytest.raises(PaymentStoppedError):
        pay(request, team)
    with refused("the payment is stopped"):
        insert("payouts", payout_values(request, team.payer))
    sign_in(english, team.payer)
    page = english.get(url(request)).text
    assert "The child died" in page
    assert f"{url(request)}/pay" not in page
    sign_in(english, team.approver)
    assert "Let the payment go on" in english.get(url(request)).text
    data = {"release-version": str(request.version), "release-reason": ""}
    assert english.post(url(request, "release"), data=data).status_code == 422
    data["release-reason"] = "The funeral was paid with it"
    assert english.post(url(request, "release"), data=data).status_code == 303
    db.session.expire_all()
    with pytest.raises(NotStoppedError):
        unit_of_work(
            operations.release_payment, request.public_id, version=request.version, reason="Again",
            actor=team.approver.as_actor(),
        )  # fmt: skip
    consent = next(each for each in team.child.consents if each.kind is ConsentKind.KEEP_FILE)
    unit_of_work(withdraw_consent, team.child.public_id, consent.id, actor=team.asker.as_actor())
    db.session.expire_all()
    with pytest.raises(PaymentStoppedError):
        pay(request, team)
    unit_of_work(
        operations.release_payment, request.public_id, version=request.version, reason="Promised",
        actor=team.approver.as_actor(),
    )  # fmt: skip
    pay(request, team)
    prove(request, team, ReceiptOutcome.RECEIVED)
    actions = db.session.execute(text("SELECT action FROM audit_events"))
    assert [row.action for row in actions].count("disbursements:request:release") == 2
