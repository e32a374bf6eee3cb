"""Pages that show requests: the list, one request, the voucher, signed papers."""

import io

import pytest

from fundapp.db import db
from fundapp.disbursements.models import (
    Decision,
    PayoutMethod,
    ProofOfReceipt,
)
from fundapp.documents.models import Document
from fundapp.ledger import chart
from fundapp.ledger.models import Restriction
from fundapp.trail.models import ChildRead
from tests.disbursements.views.pages import picture, proof_form, text, url
from tests.factories.books import make_gift
from tests.factories.children import YAHA, make_child
from tests.factories.disbursements import (
    decide,
    make_approved,
    make_paid,
    make_request,
    make_team,
)
from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize(
    "path", ["", "?status=submitted", "?status=nonsense", "?district=9506&fund=GENERAL&after=x"]
)
def test_the_list_is_shown_to_everybody_who_works_with_it(team, english, path):
    request = make_request(team)
    for viewer in (team.asker, team.approver, team.payer, team.auditor):
        sign_in(english, viewer)
        answer = english.get(f"/disbursements{path}")
        assert answer.status_code == 200
        assert request.number in text(answer)


def test_the_list_is_paged_by_key(team, english):
    numbers = [make_request(team, 1).number for _ in range(52)]
    sign_in(english, team.asker)
    first = text(english.get("/disbursements"))
    assert numbers[51] in first
    assert numbers[0] not in first
    after = first.split("after=")[1].split('"')[0]
    second = text(english.get(f"/disbursements?after={after}"))
    assert numbers[0] in second
    assert numbers[51] not in second


def test_the_requests_for_one_child(team, english):
    mine, other = make_request(team), make_child(given_name="Somchai")
    sign_in(english, team.asker)
    for child, is_there in ((team.child, True), (other, False)):
        page = text(english.get(f"/disbursements?child={child.code}"))
        assert f"Only requests for {child.code}." in page
        assert (mine.number in page) is is_there
        assert (
            f'href="/disbursements?status=submitted&amp;child={child.code}"'
            in english.get(f"/disbursements?child={child.code}").text
        ), "the states of these requests"
    assert english.get("/disbursements?child=C-NOBODY").status_code == 404


def test_another_district_sees_nothing(team, english):
    request = make_paid(team)
    sign_in(english, make_user("case_manager", (YAHA,)))
    assert request.number not in text(english.get("/disbursements"))
    assert english.get(url(request)).status_code == 404
    assert english.get(url(request, "edit")).status_code == 404
    assert english.get(url(request, "voucher")).status_code == 404
    assert english.get(url(request, "papers/x")).status_code == 404
    data = {"version": str(request.version), "cancel-version": "1", "cancel-reason": "x"}
    assert english.post(url(request, "cancel"), data=data).status_code == 404
    proof = {"outcome": "received", "confirmed_on": "24/11/2026", "confirmed_by": "A", **data}
    assert english.post(url(request, "prove"), data=proof).status_code == 404


def test_a_visitor_is_redirected_to_sign_in(team, client):
    request = make_request(team)
    for path in ("/disbursements", "/disbursements/new", url(request)):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/sign-in" in answer.location


def test_names_are_for_those_who_may_see_the_child(team, english):
    request = make_approved(team)
    for viewer, named, payee in (
        (team.asker, True, True),
        (team.approver, True, True),
        (team.payer, False, True),
        (team.auditor, False, False),
    ):
        sign_in(english, viewer)
        page = text(english.get(url(request)))
        assert team.child.code in page
        assert ("Child" in page and "Shoes and books" in page) == named
        assert ("Aminah Invented" in page) == payee
        assert ("1234567890" in page) == payee


def test_reading_is_recorded(team, english):
    request = make_request(team)
    for viewer in (team.approver, team.payer, team.auditor, make_user("administrator")):
        sign_in(english, viewer)
        english.get(url(request))
    db.session.rollback()
    reads = {(read.reader, read.child_ref, read.purpose) for read in db.session.query(ChildRead)}
    assert (team.approver.public_id, team.child.public_id, "request") in reads
    assert (team.payer.public_id, team.child.public_id, "request") in reads
    # The last digits of the account are shown to auditors.
    assert (team.auditor.public_id, team.child.public_id, "request") in reads
    assert (team.asker.public_id, team.child.public_id, "request form") in reads
    assert (team.verifier.public_id, team.child.public_id, "account") in reads
    assert len(reads) == 6


def test_the_rule_of_zakat_is_shown(session, clock, english):
    team = make_team(fund="ZAKAT", restriction=Restriction.ZAKAT)
    request = make_request(team)
    sign_in(english, team.asker)
    assert "is zakat" in text(english.get("/disbursements/new"))
    sign_in(english, team.approver)
    assert "Zakat helps only" in text(english.get(url(request)))


def test_a_signed_paper_is_filed_and_downloaded(team, english):
    request = make_paid(team)
    sign_in(english, team.prover)
    data = proof_form(document=(picture(), "paper.png"))
    assert english.post(url(request, "prove"), data=data).status_code == 303
    db.session.rollback()
    document = db.session.get(Document, db.session.query(ProofOfReceipt).one().document_id)
    path = url(request, f"papers/{document.public_id}")
    assert path in text(english.get(url(request)))
    answer = english.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "image/png"
    assert "attachment" in answer.headers["Content-Disposition"]
    sign_in(english, team.auditor)
    assert english.get(path).status_code == 404


def test_a_refused_paper_leaves_no_proof_of_receipt(team, english):
    request = make_paid(team)
    sign_in(english, team.prover)
    data = proof_form(document=(io.BytesIO(b"not a picture"), "paper.png"))
    answer = english.post(url(request, "prove"), data=data)
    assert answer.status_code == 422
    assert "This file cannot be taken." in text(answer)
    assert db.session.query(ProofOfReceipt).count() == 0


def test_the_voucher_is_for_those_who_may_know_the_payee(team, english):
    waiting, approved = make_request(team), make_approved(team)
    make_gift(1_000_00, bank=chart.CASH_ON_HAND)
    cash = make_paid(team, payout_method=PayoutMethod.CASH, account=None)
    sign_in(english, team.payer)
    assert english.get(url(waiting, "voucher")).status_code == 404
    assert "หนึ่งพันบาทถ้วน" in text(english.get(url(approved, "voucher")))
    assert cash.payouts[0].voucher in text(english.get(url(cash, "voucher")))
    sign_in(english, team.auditor)
    covered = text(english.get(url(cash, "voucher")))
    assert cash.payouts[0].voucher in covered
    assert "Aminah" not in covered
    assert english.get(url(waiting, "voucher")).status_code == 404


@pytest.mark.parametrize("lang", ["th", "en", "ms"])
def test_every_state_has_its_page_in_every_language(team, client, lang):
    requests = [
        make_request(team),
        decide(make_request(team), team, Decision.RETURN),
        decide(make_request(team), team, Decision.REJECT),
        make_approved(team),
        make_paid(team),
    ]
    client.set_cookie("lang", lang)
    for viewer in (team.asker, team.approver, team.payer, team.auditor):
        sign_in(client, viewer)
        for request in requests:
            assert client.get(url(request)).status_code == 200
