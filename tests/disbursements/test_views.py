"""The pages, over HTTP and without a script."""

import html
import io
import re

import pytest
from PIL import Image

from fundapp.children.operations import withdraw_consent
from fundapp.db import db, unit_of_work
from fundapp.disbursements.encryption import account_of, payee_name_of
from fundapp.disbursements.models import (
    Decision,
    DisbursementRequest,
    PayoutMethod,
    ProofOfReceipt,
    ReceiptOutcome,
    RequestStatus,
)
from fundapp.documents.models import Document
from fundapp.identity.operations import disable_user
from fundapp.ledger.models import Restriction
from fundapp.ledger.queries import fund_available
from fundapp.trail.models import ChildRead
from tests.factories.children import MUEANG, RAMAN, YAHA, make_child
from tests.factories.disbursements import (
    THOUSAND,
    decide,
    make_approved,
    make_paid,
    make_request,
    make_team,
    prove,
)
from tests.factories.identity import make_user, sign_in


@pytest.fixture
def team(session, clock):
    return make_team()


@pytest.fixture
def english(client):
    client.set_cookie("lang", "en")
    return client


def form(team, **overrides):
    values = {
        "fund": team.fund,
        "need": "education",
        "lines": [team.child.public_id],
        f"amount-{team.child.public_id}": "1,000.50",
        "payee_kind": "guardian",
        "payee_name": "Aminah Invented",
        "payout_method": "transfer",
        "bank": "006",
        "account_number": "123-4-56789-0",
        "reason": "Shoes and books",
    }
    return {**values, **overrides}


def stored():
    db.session.expire_all()
    return db.session.query(DisbursementRequest).all()


def url(request, action=""):
    return f"/disbursements/{request.public_id}" + (f"/{action}" if action else "")


def text(answer):
    """The page's source, with its entities as characters."""
    return html.unescape(answer.get_data(as_text=True))


def test_the_whole_story_through_the_door(team, english, app):
    sign_in(english, team.asker)
    answer = english.post("/disbursements/new", data=form(team))
    assert answer.status_code == 303
    [request] = stored()
    assert request.total_satang == 1000_50
    assert payee_name_of(request) == "Aminah Invented"
    assert account_of(request).number == "1234567890"
    for actor, action, data, status in (
        (team.approver, "approve", {}, RequestStatus.APPROVED),
        (
            team.payer,
            "pay",
            {"paid_on": "24/11/2569", "paid_from": "1121", "bank_reference": "R1"},
            RequestStatus.PAID,
        ),
        (
            team.asker,
            "prove",
            {"outcome": "received", "confirmed_on": "24/11/2026", "confirmed_by": "Aminah"},
            RequestStatus.CONFIRMED,
        ),
    ):
        other = app.test_client()
        sign_in(other, actor)
        answer = other.post(url(request, action), data={"version": str(request.version), **data})
        assert answer.status_code == 303, text(answer)
        [request] = stored()
        assert request.status is status
        assert other.get(answer.location).status_code == 200
    assert fund_available(team.fund) == 10 * THOUSAND - 1000_50


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


@pytest.mark.parametrize("action", ["approve", "return", "reject", "cancel", "pay", "prove"])
def test_an_unknown_request_is_not_found(team, english, action):
    roles = ["case_manager", "approver", "fund_officer"]
    sign_in(english, make_user("approver", (RAMAN,), roles=roles))
    data = {"version": "1", "outcome": "received", "confirmed_on": "1/1/2026", "confirmed_by": "A"}
    assert english.post(f"/disbursements/nothing/{action}", data=data).status_code == 404


def test_a_visitor_is_sent_to_the_door(team, client):
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


def test_reading_is_on_record(team, english):
    request = make_request(team)
    for viewer in (team.approver, team.payer, team.auditor):
        sign_in(english, viewer)
        english.get(url(request))
    db.session.rollback()
    reads = {(read.reader, read.child_ref, read.purpose) for read in db.session.query(ChildRead)}
    assert (team.approver.public_id, team.child.public_id, "request") in reads
    assert (team.payer.public_id, team.child.public_id, "request") in reads
    assert team.auditor.public_id not in {reader for reader, _child, _view in reads}


def test_the_own_request_is_not_approved(team, english):
    team.asker = make_user("approver", (RAMAN,), roles=["case_manager", "approver"])
    request = make_request(team)
    sign_in(english, team.asker)
    assert "formaction" not in text(english.get(url(request)))
    answer = english.post(url(request, "approve"), data={"version": "1"})
    assert answer.status_code == 403
    assert "three different people" in text(answer)
    assert stored()[0].status is RequestStatus.SUBMITTED


def test_a_stale_page_is_a_conflict_with_a_way_back(team, english):
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


def test_too_little_money_is_said_clearly(team, english):
    request = make_request(team, 10 * THOUSAND + 1)
    sign_in(english, team.approver)
    assert "not enough" in text(english.get(url(request)))
    answer = english.post(url(request, "approve"), data={"version": "1", "reason": "Good"})
    assert answer.status_code == 422
    assert "does not have enough money" in text(answer)
    assert "Good" in text(answer)
    assert stored()[0].status is RequestStatus.SUBMITTED


@pytest.mark.parametrize("action", ["return", "reject"])
def test_a_refusal_without_a_reason_stays_on_the_page(team, english, action):
    request = make_request(team)
    sign_in(english, team.approver)
    answer = english.post(url(request, action), data={"version": "1", "reason": " "})
    assert answer.status_code == 422
    assert "Write the reason" in text(answer)


def test_somebody_disabled_meanwhile_is_out(team, english):
    request = make_request(team)
    sign_in(english, team.approver)
    administrator = make_user("administrator")
    unit_of_work(disable_user, team.approver.public_id, actor=administrator.as_actor())
    answer = english.post(url(request, "approve"), data={"version": "1"})
    assert answer.status_code == 302
    assert "/sign-in" in answer.location
    assert stored()[0].status is RequestStatus.SUBMITTED


def test_roles_meet_closed_doors(team, english):
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


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"need": ""}, "Choose what the help is for."),
        ({"need": "fun"}, "Not a valid choice"),
        ({"fund": "NOTHING"}, "Not a valid choice"),
        ({"payee_name": " "}, "Enter the payee's full name"),
        ({"reason": ""}, "Write why the help is needed."),
        ({"bank": ""}, "Choose the payee's bank."),
        ({"bank": "999"}, "Choose the payee's bank."),
        ({"account_number": "12"}, "10 to 15 digits"),
        ({"payout_method": "promptpay"}, "A PromptPay number is"),
        ({"lines": []}, "Tick the child as well"),
        ({"more_lines": "C-0000000 5"}, "write the child's code"),
        ({"more_lines": "hello"}, "write the child's code"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_kept(team, english, change, message):
    sign_in(english, team.asker)
    answer = english.post("/disbursements/new", data=form(team, **change))
    assert answer.status_code == 422
    assert message in text(answer)
    assert "Shoes and books" in text(answer) or "reason" in change
    assert 'value="1,000.50"' in text(answer)
    assert stored() == []


@pytest.mark.parametrize(
    "amount", ["1e3", "-1", "0", "100.005", "1000000000000", "", "abc", "1,00"]
)
def test_bad_amounts_are_refused(team, english, amount):
    sign_in(english, team.asker)
    data = form(team, **{f"amount-{team.child.public_id}": amount})
    answer = english.post("/disbursements/new", data=data)
    assert answer.status_code == 422
    assert "is-invalid" in text(answer)
    assert stored() == []


@pytest.mark.parametrize(("amount", "satang"), [("๑๐๐", 100_00), ("1,000.50", 1000_50), ("7", 700)])
def test_good_amounts_are_taken(team, english, amount, satang):
    sign_in(english, team.asker)
    data = form(team, **{f"amount-{team.child.public_id}": amount})
    assert english.post("/disbursements/new", data=data).status_code == 303
    assert stored()[0].total_satang == satang


def test_nobody_is_ticked(team, english):
    sign_in(english, team.asker)
    data = form(team, lines=[])
    del data[f"amount-{team.child.public_id}"]
    answer = english.post("/disbursements/new", data=data)
    assert answer.status_code == 422
    assert "at least one child" in text(answer)


def test_a_child_of_another_district_is_not_found(team, english):
    stranger = make_child(district_code=YAHA)
    sign_in(english, team.asker)
    for data in (
        form(team, lines=[stranger.public_id]),
        form(team, **{f"amount-{stranger.public_id}": "5"}),
        form(team, lines=["nobody"]),
    ):
        assert english.post("/disbursements/new", data=data).status_code == 404
    answer = english.post("/disbursements/new", data=form(team, more_lines=f"{stranger.code} 5"))
    assert answer.status_code == 422
    assert stored() == []


def test_children_are_typed_by_code_as_well(team, english):
    other = make_child(team.asker)
    sign_in(english, team.asker)
    data = form(team, more_lines=f"\n{other.code.lower()}  250\n")
    assert english.post("/disbursements/new", data=data).status_code == 303
    assert stored()[0].total_satang == 1250_50
    answer = english.post("/disbursements/new", data=form(team, more_lines=f"{team.child.code} 5"))
    assert answer.status_code == 422
    assert "only once" in text(answer)


def test_cash_needs_no_account_and_promptpay_no_bank(team, english):
    sign_in(english, team.asker)
    cash = form(team, payout_method="cash", bank="", account_number="")
    assert english.post("/disbursements/new", data=cash).status_code == 303
    promptpay = form(team, payout_method="promptpay", bank="", account_number="081-234-5678")
    assert english.post("/disbursements/new", data=promptpay).status_code == 303
    first, second = stored()
    assert account_of(first) is None
    assert account_of(second).to_text() == "promptpay:0812345678"


def test_the_form_offers_the_own_children_and_the_money_of_each_fund(team, english):
    stranger = make_child(district_code=YAHA)
    sign_in(english, team.asker)
    page = text(english.get("/disbursements/new"))
    assert team.child.code in page
    assert stranger.code not in page
    assert "10,000.00 baht available" in page


def test_the_form_shows_children_by_district_and_words(session, clock, english):
    team = make_team()
    both = make_user("case_manager", (RAMAN, MUEANG))
    other = make_child(both, district_code=MUEANG, school_name="Ban Other School")
    sign_in(english, both)
    assert other.code in text(english.get("/disbursements/new"))
    assert team.child.code in text(english.get(f"/disbursements/new?district={RAMAN}"))
    look = {"find": "1", "district": MUEANG}
    found = text(english.post("/disbursements/new", data={**look, "wanted": "other school"}))
    assert other.code in found
    found = text(english.post("/disbursements/new", data={**look, "wanted": "nothing"}))
    assert other.code not in found
    assert team.child.code not in text(english.get(f"/disbursements/new?district={YAHA}"))


def test_looking_for_a_child_puts_no_name_in_an_address_and_keeps_what_was_typed(team, english):
    another = make_child(given_name="Somchai")
    sign_in(english, team.asker)
    page = text(english.get("/disbursements/new"))
    assert 'method="get"' not in page.partition("<main")[2]
    assert team.child.code in text(english.get("/disbursements/new?q=Somchai&wanted=Somchai"))
    typed = form(team, reason="Shoes and books")
    found = english.post("/disbursements/new", data={**typed, "find": "1", "wanted": "Somchai"})
    assert found.status_code == 200
    assert another.code in text(found)
    for kept in ("Shoes and books", "Aminah Invented", "123-4-56789-0", "1,000.50"):
        assert kept in text(found), kept
    assert "Please check the following" not in text(found)
    assert stored() == []


def test_the_door_from_a_childs_file_shows_that_child(team, english):
    another = make_child(given_name="Somchai")
    sign_in(english, team.asker)
    file = english.get(f"/children/{another.public_id}").text
    door = re.search(r'href="(/disbursements/new[^"]*)"', file)[1].replace("&amp;", "&")
    page = text(english.get(door))
    assert (another.code in page, team.child.code in page) == (True, False)
    assert f'value="{another.public_id}" checked' in page
    for hidden in ("Somchai", "nobody", ""):
        assert team.child.code in text(english.get(f"/disbursements/new?child={hidden}"))


def test_looking_for_children_from_a_returned_request(team, english):
    request = decide(make_request(team), team, Decision.RETURN)
    sign_in(english, team.asker)
    data = {"version": str(request.version), "find": "1", "wanted": "nobody", "reason": "Books"}
    found = english.post(url(request, "edit"), data=data)
    assert found.status_code == 200
    assert "Books</textarea>" in text(found)
    [kept] = stored()
    assert (kept.status, kept.version) == (request.status, request.version)


def test_zakat_is_pointed_out(session, clock, english):
    team = make_team(fund="ZAKAT", restriction=Restriction.ZAKAT)
    request = make_request(team)
    sign_in(english, team.asker)
    assert "is zakat" in text(english.get("/disbursements/new"))
    sign_in(english, team.approver)
    assert "Zakat helps only" in text(english.get(url(request)))


def test_a_returned_request_is_filled_in_again(team, english):
    request = decide(make_request(team), team, Decision.RETURN)
    sign_in(english, team.asker)
    page = text(english.get(url(request, "edit")))
    assert "The account number is not readable" in page
    assert 'value="1,000.00"' in page
    assert "checked" in page
    assert "1234567890" in page
    data = form(team, version="2", **{f"amount-{team.child.public_id}": "900"})
    assert english.post(url(request, "edit"), data=data).status_code == 303
    [request] = stored()
    assert (request.status, request.version) == (RequestStatus.SUBMITTED, 3)
    assert request.total_satang == 900_00
    assert english.post(url(request, "edit"), data=data).status_code == 409
    history = text(english.get(url(request))).partition("History")[2]
    assert history.index("Returned") < history.index("Changed and sent again")


def test_the_form_of_a_returned_request_is_a_read_without_a_consent_too(team, english):
    """It shows the payee and the account, whether or not the child's name may be shown."""
    request = decide(make_request(team), team, Decision.RETURN)
    consent = team.child.consents[0]
    unit_of_work(withdraw_consent, team.child.public_id, consent.id, actor=team.asker.as_actor())
    sign_in(english, team.asker)
    page = text(english.get(url(request, "edit")))
    assert "Aminah Invented" in page
    assert "1234567890" in page
    db.session.rollback()
    reads = {(read.reader, read.child_ref, read.purpose) for read in db.session.query(ChildRead)}
    assert (team.asker.public_id, team.child.public_id, "request form") in reads


def test_more_than_the_fund_has_may_be_asked_for_but_not_unawares(team, english):
    sign_in(english, team.asker)
    for amount, is_warned in (("1,000.50", False), ("9,999,999", True)):
        data = form(team, **{f"amount-{team.child.public_id}": amount})
        answer = english.post("/disbursements/new", data=data, follow_redirects=True)
        assert ("cannot be approved before more money comes in" in text(answer)) is is_warned


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


def test_an_edit_with_errors_keeps_what_was_typed(team, english):
    request = decide(make_request(team), team, Decision.RETURN)
    sign_in(english, team.asker)
    data = form(team, version="2", bank="")
    answer = english.post(url(request, "edit"), data=data)
    assert answer.status_code == 422
    assert 'value="1,000.50"' in text(answer)
    assert 'name="version" type="hidden" value="2"' in text(answer)


def test_only_who_asked_gets_the_form_again(team, english):
    request = decide(make_request(team), team, Decision.RETURN)
    sign_in(english, make_user("case_manager", (RAMAN,)))
    assert english.get(url(request, "edit")).status_code == 404


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


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"paid_on": "31/2/2569"}, None),
        ({"paid_on": ""}, "Enter the day of payment."),
        ({"paid_on": "23/11/2569"}, "between the approval and today"),
        ({"paid_on": "25/11/2569"}, "between the approval and today"),
        ({"paid_from": "1122"}, "Not a valid choice"),
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


def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, "PNG")
    buffer.seek(0)
    return buffer


def proof_form(**overrides):
    return {
        "version": "3",
        "outcome": "received",
        "confirmed_on": "24/11/2569",
        "confirmed_by": "Aminah Invented",
        **overrides,
    }


def test_a_signed_paper_is_handed_in_and_out(team, english):
    request = make_paid(team)
    sign_in(english, team.asker)
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
def test_a_proof_with_errors_is_not_filed(team, english, change):
    request = make_paid(team)
    sign_in(english, team.asker)
    answer = english.post(url(request, "prove"), data=proof_form(**change))
    assert answer.status_code == 422
    assert stored()[0].status is RequestStatus.PAID


def test_a_problem_shows_and_can_be_settled(team, english):
    request = make_paid(team)
    prove(request, team, ReceiptOutcome.NOT_RECEIVED)
    sign_in(english, team.asker)
    page = text(english.get(url(request)))
    assert "Problem with the receipt" in page
    assert "The account belongs to somebody else" in page
    assert english.post(url(request, "prove"), data=proof_form(version="4")).status_code == 303


def test_the_voucher_is_for_those_who_may_know_the_payee(team, english):
    waiting, approved = make_request(team), make_approved(team)
    cash = make_paid(team, payout_method=PayoutMethod.CASH, account=None)
    sign_in(english, team.payer)
    assert english.get(url(waiting, "voucher")).status_code == 404
    assert "หนึ่งพันบาทถ้วน" in text(english.get(url(approved, "voucher")))
    assert cash.payouts[0].voucher in text(english.get(url(cash, "voucher")))
    sign_in(english, team.auditor)
    assert english.get(url(cash, "voucher")).status_code == 404


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
