"""After a consent has ended: what a request says of people is hidden from everybody who does not
need it to finish a payment, whose reads are recorded; the payer and the approver are told.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from fundapp import clock as app_clock
from fundapp.children.models import ConsentKind
from fundapp.children.operations import record_consent, withdraw_consent
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.drafts import LineDraft
from fundapp.disbursements.errors import (
    NoConsentError,
    NoSensitiveConsentError,
    NoZakatConsentError,
    PaymentStoppedError,
)
from fundapp.disbursements.models import Decision, Need, ReceiptOutcome
from fundapp.disbursements.reader import document_of
from fundapp.errors import NotFoundError
from fundapp.ledger.models import Restriction
from fundapp.mail.models import MailMessage
from fundapp.trail.models import ChildRead
from tests.documents.pictures import picture
from tests.factories.children import RAMAN, consent_draft, every_consent, make_child
from tests.factories.disbursements import (
    decide,
    make_approved,
    make_paid,
    make_request,
    make_team,
    pay,
    prove,
)
from tests.factories.identity import make_user, sign_in

#: What the factories write into a request and its proof of receipt.
REASON, PAYEE, ACCOUNT = "Shoes and books", "Aminah Invented", "1234567890"
NOTE = "The account belongs to somebody else"


def withdraw(team, kind=ConsentKind.KEEP_FILE):
    consent = next(each for each in team.child.consents if each.kind is kind)
    unit_of_work(withdraw_consent, team.child.public_id, consent.id, actor=team.asker.as_actor())
    db.session.expire_all()


def page(client, user, request):
    sign_in(client, user)
    return client.get(f"/disbursements/{request.public_id}?lang=en").text


def reads_of(user):
    db.session.rollback()
    found = select(ChildRead.purpose).where(ChildRead.reader == user.public_id)
    return list(db.session.scalars(found))


def everybody(team):
    return (team.asker, team.approver, team.payer, team.auditor, team.prover)


# What pages show; whether a consent is in force is asked on both databases below.
@pytest.mark.sqlite
def test_before_the_withdrawal_each_sees_what_the_work_needs(team, client):
    request = make_approved(team)
    assert all(word in page(client, team.asker, request) for word in (REASON, PAYEE, ACCOUNT))
    assert PAYEE in page(client, team.payer, request)
    assert PAYEE not in page(client, team.auditor, request)


# What pages show, as above.
@pytest.mark.sqlite
@pytest.mark.parametrize("make", [make_request, make_approved, make_paid])
def test_after_it_only_who_finishes_the_payment_sees_the_payee(team, client, make):
    request = make(team)
    withdraw(team)
    finishes = {make_request: None, make_approved: team.payer, make_paid: team.prover}[make]
    for user in everybody(team):
        text = page(client, user, request)
        assert REASON not in text
        assert (PAYEE in text) is (ACCOUNT in text) is (user is finishes)
        assert f"•••{ACCOUNT[-4:]}" not in text
        assert "A consent has ended" in text
        assert ("promised" in reads_of(user)) is (user is finishes)


def test_the_payment_that_was_promised_is_finished(team):
    request = make_approved(team)
    withdraw(team)
    with pytest.raises(PaymentStoppedError):
        pay(request, team)
    unit_of_work(
        operations.release_payment,
        request.public_id,
        version=request.version,
        reason="Promised before",
        actor=team.approver.as_actor(),
    )
    pay(request, team)
    prove(request, team)
    assert request.status.value == "confirmed"


# What pages show, as above.
@pytest.mark.sqlite
def test_a_finished_request_shows_nothing_more(team, client):
    request = make_paid(team)
    prove(request, team)
    withdraw(team)
    for user in everybody(team):
        text = page(client, user, request)
        assert PAYEE not in text
        assert REASON not in text


# What pages show, as above.
@pytest.mark.sqlite
def test_notes_and_papers_are_for_who_files_the_next_proof(team, client):
    request = make_paid(team)
    filed = prove(request, team, ReceiptOutcome.PROBLEM, document=picture())
    paper = f"/disbursements/{request.public_id}/papers"
    document = document_of(filed)
    withdraw(team)
    for user in everybody(team):
        text = page(client, user, request)
        is_shown = user is team.prover
        assert (NOTE in text) is is_shown
        status = client.get(f"{paper}/{document.public_id}").status_code
        assert status == (200 if is_shown else 404)
        voucher = client.get(f"/disbursements/{request.public_id}/voucher").status_code
        assert voucher == (200 if is_shown else 404)


# What pages show, as above.
@pytest.mark.sqlite
def test_other_case_managers_of_the_district_may_finish_it_too(team, client):
    request = make_paid(team)
    withdraw(team)
    colleague = make_user("case_manager", (RAMAN,))
    assert PAYEE in page(client, colleague, request)
    assert PAYEE not in page(client, make_user("approver"), request)


@pytest.mark.sqlite
def test_a_consent_that_has_run_out_hides_as_well(session, clock, client):
    team = make_team()
    ends = app_clock.today() + timedelta(days=10)
    child = make_child(team.asker, consents=every_consent(expires_on=ends))
    team.child = child
    request = make_approved(team)
    assert REASON in page(client, team.approver, request)
    clock.move_to(f"{ends + timedelta(days=1)}T05:00:00Z")
    assert REASON not in page(client, team.approver, request)
    assert PAYEE in page(client, team.payer, request)


@pytest.mark.sqlite
def test_a_new_consent_brings_it_back(team, client):
    request = make_approved(team)
    withdraw(team)
    unit_of_work(record_consent, team.child.public_id, consent_draft(), actor=team.asker.as_actor())
    assert REASON in page(client, team.approver, request)


def messages():
    db.session.rollback()
    return list(db.session.scalars(select(MailMessage)))


@pytest.mark.sqlite
def test_the_payer_and_the_approver_are_told_without_a_name(team):
    request = make_paid(team)
    bystander, other = make_user("approver"), make_user("fund_officer")
    withdraw(team)
    sent = messages()
    assert {each.to_address for each in sent} == {team.approver.email, team.payer.email}
    assert bystander.email != other.email
    for each in sent:
        assert request.number in each.subject
        assert f"/disbursements/{request.public_id}" in each.body
        for word in (PAYEE, REASON, ACCOUNT, team.child.code, "Invented", "Ban Example"):
            assert word not in each.body + each.subject


@pytest.mark.sqlite
def test_who_may_decide_or_pay_next_is_told(team):
    make_request(team)
    approved = make_approved(team)
    bystander = make_user("fund_officer")
    withdraw(team)
    told = {(each.about_ref == approved.public_id, each.to_address) for each in messages()}
    assert told == {
        (False, team.approver.email),
        (True, team.approver.email),
        (True, team.payer.email),
        (True, bystander.email),
    }


@pytest.mark.sqlite
def test_a_settled_request_and_another_consent_tell_nobody(team):
    request = make_paid(team)
    prove(request, team)
    open_request = make_approved(team)
    withdraw(team, ConsentKind.SENSITIVE_FACTS)
    assert open_request.status.value == "approved"
    assert messages() == []
    withdraw(team)
    assert {each.about_ref for each in messages()} == {open_request.public_id}


@pytest.mark.sqlite
def test_today_and_the_list_show_it(team, client):
    request, other = make_approved(team), make_team(0, fund="OTHER")
    make_child(team.asker)
    withdraw(team)
    for user in (team.asker, team.approver, team.payer):
        sign_in(client, user)
        assert "Requests in work whose consent has ended" in client.get("/today?lang=en").text
        listed = client.get("/disbursements?consent=ended&lang=en").text
        assert request.number in listed
        assert listed.count('href="/disbursements/') >= 1
    sign_in(client, other.auditor)
    assert "whose consent has ended" not in client.get("/today?lang=en").text


def test_health_and_zakat_rest_on_a_consent_of_their_own(team):
    plain = make_child(team.asker)
    team.child = plain
    with pytest.raises(NoSensitiveConsentError):
        make_request(team, need=Need.HEALTH)
    zakat = make_team(fund="ZAKAT", restriction=Restriction.ZAKAT)
    zakat.child, zakat.asker = plain, team.asker
    with pytest.raises(NoZakatConsentError):
        make_request(zakat)
    assert make_request(team).status.value == "submitted"


def test_its_withdrawal_hides_these_requests_only(team, client):
    health, school = make_approved(team, need=Need.HEALTH), make_approved(team)
    withdraw(team, ConsentKind.SENSITIVE_FACTS)
    assert REASON not in page(client, team.approver, health)
    assert PAYEE in page(client, team.payer, health)
    assert REASON in page(client, team.approver, school)
    assert {each.about_ref for each in messages()} == {health.public_id}


def test_nothing_is_approved_after_it(team):
    request, health = make_request(team), make_request(team, need=Need.HEALTH)
    withdraw(team, ConsentKind.SENSITIVE_FACTS)
    with pytest.raises(NoSensitiveConsentError):
        decide(health, team)
    withdraw(team)
    with pytest.raises(NoConsentError):
        decide(request, team)
    assert decide(request, team, Decision.REJECT).status.value == "rejected"


@pytest.mark.sqlite
def test_one_child_of_several_hides_the_words_about_all(team, client):
    other = make_child(team.asker)
    lines = [LineDraft(child.public_id, 50_000) for child in (team.child, other)]
    request = make_approved(team, lines=lines)
    withdraw(team)
    assert REASON not in page(client, team.approver, request)
    with pytest.raises(NotFoundError):
        unit_of_work(operations.read_voucher, request.public_id, actor=team.approver.as_actor())
