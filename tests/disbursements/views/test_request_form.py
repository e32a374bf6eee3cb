"""Asking for help: the form, new and for a returned request."""

import io
import re
from dataclasses import replace

import pytest
from sqlalchemy import text as sql

from fundapp.children.operations import withdraw_consent
from fundapp.db import unit_of_work
from fundapp.disbursements.models import (
    Decision,
    RequestStatus,
)
from tests.disbursements.views.pages import request_form, stored, text, url
from tests.documents.pictures import picture
from tests.factories.children import MUEANG, RAMAN, YAHA, make_child
from tests.factories.disbursements import (
    decide,
    make_request,
    make_team,
    read,
)
from tests.factories.identity import make_user, sign_in
from tests.growth.measures import measured

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"need": ""}, "Choose what the help is for."),
        ({"need": "fun"}, "Choose one of the possibilities"),
        ({"fund": "NOTHING"}, "Choose one of the possibilities"),
        ({"payee_kind": "other", "payee_name": " "}, "Enter the payee's full name"),
        ({"payee_kind": "other", "payee_name": "\u200b"}, "Enter the payee's full name"),
        ({"payee_name": "\u3164"}, "Write the name in letters"),
        ({"payee_name": "987-6-54321-0"}, "Write the name in letters"),
        ({"account_number": "9.87654E+09"}, "A spreadsheet has changed this number"),
        ({"reason": ""}, "Write why the help is needed."),
        ({"bank": ""}, "Choose the payee's bank."),
        ({"bank": "999"}, "Choose one of the possibilities"),
        ({"account_number": "12"}, "10 to 15 digits"),
        ({"payout_method": "promptpay"}, "A PromptPay number is"),
        ({"lines": []}, "Tick the child as well"),
        ({"more_lines": "C-0000000 5"}, "write the child's code"),
        ({"more_lines": "hello"}, "write the child's code"),
    ],
)
def test_errors_are_shown_and_what_was_typed_is_kept(team, english, change, message):
    sign_in(english, team.asker)
    answer = english.post("/disbursements/new", data=request_form(team, **change))
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
    data = request_form(team, **{f"amount-{team.child.public_id}": amount})
    answer = english.post("/disbursements/new", data=data)
    assert answer.status_code == 422
    assert "is-invalid" in text(answer)
    assert stored() == []


@pytest.mark.parametrize(
    ("amount", "satang"), [("๑๐๐", 100_00), ("1,000.50", 1000_50), ("7", 700), ("500 บาท", 500_00)]
)
def test_good_amounts_are_accepted(team, english, amount, satang):
    sign_in(english, team.asker)
    data = request_form(team, **{f"amount-{team.child.public_id}": amount})
    assert english.post("/disbursements/new", data=data).status_code == 303
    assert stored()[0].total_satang == satang


def test_a_request_without_a_child_is_refused(team, english):
    sign_in(english, team.asker)
    data = request_form(team, lines=[])
    del data[f"amount-{team.child.public_id}"]
    answer = english.post("/disbursements/new", data=data)
    assert answer.status_code == 422
    assert "at least one child" in text(answer)


def test_a_child_of_another_district_is_not_found(team, english):
    stranger = make_child(district_code=YAHA)
    sign_in(english, team.asker)
    for data in (
        request_form(team, lines=[stranger.public_id]),
        request_form(team, **{f"amount-{stranger.public_id}": "5"}),
        request_form(team, lines=["nobody"]),
    ):
        assert english.post("/disbursements/new", data=data).status_code == 404
    answer = english.post(
        "/disbursements/new", data=request_form(team, more_lines=f"{stranger.code} 5")
    )
    assert answer.status_code == 422
    assert stored() == []


def test_children_can_be_typed_by_code(team, english):
    other = make_child(team.asker)
    sign_in(english, team.asker)
    data = request_form(team, more_lines=f"\n{other.code.lower()}\u00a0 ๒๕๐ บาท\n")
    assert english.post("/disbursements/new", data=data).status_code == 303
    assert stored()[0].total_satang == 1250_50
    answer = english.post(
        "/disbursements/new", data=request_form(team, more_lines=f"{team.child.code} 5")
    )
    assert answer.status_code == 422
    assert "only once" in text(answer)


def test_cash_needs_no_account_and_promptpay_no_bank(team, english):
    sign_in(english, team.asker)
    cash = request_form(team, payout_method="cash", bank="", account_number="")
    assert english.post("/disbursements/new", data=cash).status_code == 303
    promptpay = request_form(
        team, payout_method="promptpay", bank="", account_number="081-234-5678"
    )
    assert english.post("/disbursements/new", data=promptpay).status_code == 303
    first, second = stored()
    assert read(first, team).account is None
    assert read(second, team).account.to_text() == "promptpay:0812345678"


def test_the_form_offers_children_of_the_own_district_and_shows_what_each_fund_has(team, english):
    stranger = make_child(district_code=YAHA)
    sign_in(english, team.asker)
    page = text(english.get("/disbursements/new"))
    assert team.child.code in page
    assert stranger.code not in page
    assert "10,000.00 baht available" in page


def test_children_are_found_by_district_and_text(session, clock, english):
    team = make_team()
    both = make_user("case_manager", (RAMAN, MUEANG))
    other = make_child(both, district_code=MUEANG, school_name="Ban Other School")
    sign_in(english, both)
    assert other.code in text(english.get("/disbursements/new"))
    assert team.child.code in text(english.get(f"/disbursements/new?district={RAMAN}"))
    search = {"find": "1", "district": MUEANG}
    for wanted, is_listed in (("other school", True), ("nothing", False)):
        page = text(english.post("/disbursements/new", data={**search, "wanted": wanted}))
        assert (other.code in page) is is_listed
    assert team.child.code not in text(english.get(f"/disbursements/new?district={YAHA}"))


@pytest.mark.parametrize(
    ("way", "typed", "number"),
    [
        ("promptpay", "140000812345678", "140000812345678"),
        ("promptpay", "+66 81 234 5678", "0812345678"),
        ("transfer", "987\u20116\u201154321\u20110", "9876543210"),
        ("transfer", "987\u00a06\u00a054321\u00a00", "9876543210"),
    ],
)
def test_numbers_are_taken_as_they_are_pasted(team, english, way, typed, number):
    sign_in(english, team.asker)
    change = {"payout_method": way, "account_number": typed}
    bank = {"bank": ""} if way == "promptpay" else {}
    data = request_form(team, **change, **bank)
    assert english.post("/disbursements/new", data=data).status_code == 303
    (request,) = stored()
    assert read(request, team).account.number == number


def test_children_are_found_however_the_name_is_typed(team, english):
    child = make_child(team.asker, given_name="น้ำฝน", family_name="แวหะยี")
    sign_in(english, team.asker)
    for wanted in ("นํ้าฝน", "ด.ญ.น้ําฝน เเวหะยี"):
        answer = english.post("/disbursements/new", data={"find": "1", "wanted": wanted})
        assert child.code in text(answer)
        assert team.child.code not in text(answer)


def test_a_search_puts_no_name_in_an_address_and_keeps_what_was_typed(team, english):
    another = make_child(given_name="Somchai")
    sign_in(english, team.asker)
    page = text(english.get("/disbursements/new"))
    assert 'method="get"' not in page.partition("<main")[2]
    assert team.child.code in text(english.get("/disbursements/new?q=Somchai&wanted=Somchai"))
    typed = request_form(team, reason="Shoes and books")
    answer = english.post("/disbursements/new", data={**typed, "find": "1", "wanted": "Somchai"})
    assert answer.status_code == 200
    assert another.code in text(answer)
    for kept in ("Shoes and books", "Aminah Invented", "123-4-56789-0", "1,000.50"):
        assert kept in text(answer), kept
    assert "Please check the following" not in text(answer)
    assert stored() == []


def test_the_link_from_a_childs_file_offers_that_child(team, english):
    another = make_child(given_name="Somchai")
    sign_in(english, team.asker)
    file = english.get(f"/children/{another.public_id}").text
    link = re.search(r'href="(/disbursements/new[^"]*)"', file)[1].replace("&amp;", "&")
    page = text(english.get(link))
    assert (another.code in page, team.child.code in page) == (True, False)
    assert f'value="{another.public_id}" checked' in page
    for hidden in ("Somchai", "nobody", ""):
        assert team.child.code in text(english.get(f"/disbursements/new?child={hidden}"))


def test_a_code_opens_no_other_name(team, english, session):
    """The other child's name cannot be decrypted: it is another's."""
    another = make_child(given_name="Somchai")
    session.execute(
        sql(
            "UPDATE children SET given_name_encrypted ="
            " (SELECT other.given_name_encrypted FROM children other WHERE other.id = :other)"
            " WHERE id = :id"
        ),
        {"id": team.child.id, "other": another.id},
    )
    session.commit()
    sign_in(english, team.asker)
    address = f"/disbursements/new?district={another.district_code}&child="
    assert "Somchai" in text(english.get(address + another.code))
    form = {"district": another.district_code, "wanted": another.code[2:].lower()}
    page = text(english.post("/disbursements/new", data={**form, "find": "1"}))
    assert ("Somchai" in page, team.child.code in page) == (True, False)
    filled = english.post("/disbursements/new", data={**form, "fill": "1", "each_amount": "5"})
    assert f"{another.code} 5.00" in text(filled)


def test_a_returned_request_asks_as_much_however_many_children_are_offered(app, team, english):
    request = decide(make_request(team), team, Decision.RETURN)
    sign_in(english, team.asker)
    asked = []
    for _ in range(2):
        for _ in range(12):
            make_child()
        with app.app_context(), measured() as costs:
            assert english.get(url(request, "edit")).status_code == 200
        asked.append(len(costs.by_statement))
        with app.app_context(), measured() as costs:
            data = request_form(team, version=str(request.version), reason="")
            assert english.post(url(request, "edit"), data=data).status_code == 422
        asked.append(len(costs.by_statement))
    more = [after - before for before, after in zip(asked[:2], asked[2:], strict=True)]
    assert all(each < 6 for each in more), asked


def test_a_search_from_a_returned_request_changes_nothing(team, english):
    request = decide(make_request(team), team, Decision.RETURN)
    sign_in(english, team.asker)
    data = {"version": str(request.version), "find": "1", "wanted": "nobody", "reason": "Books"}
    answer = english.post(url(request, "edit"), data=data)
    assert answer.status_code == 200
    assert "Books</textarea>" in text(answer)
    [kept] = stored()
    assert (kept.status, kept.version) == (request.status, request.version)


def test_a_returned_request_is_filled_in_again(team, english):
    request = decide(make_request(team), team, Decision.RETURN)
    sign_in(english, team.asker)
    page = text(english.get(url(request, "edit")))
    assert "The account number is not readable" in page
    assert 'value="1,000.00"' in page
    assert "checked" in page
    assert "1234567890" in page
    data = request_form(team, version="2", **{f"amount-{team.child.public_id}": "900"})
    assert english.post(url(request, "edit"), data=data).status_code == 303
    [request] = stored()
    assert (request.status, request.version) == (RequestStatus.SUBMITTED, 3)
    assert request.total_satang == 900_00
    assert english.post(url(request, "edit"), data=data).status_code == 409
    history = text(english.get(url(request))).partition("History")[2]
    assert history.index("Returned") < history.index("Changed and sent again")


def test_a_returned_request_is_changed_among_the_children_of_its_district(team, english):
    both = replace(team, asker=make_user("case_manager", (MUEANG, RAMAN)))
    request = decide(make_request(both), both, Decision.RETURN)
    other = make_child(district_code=MUEANG)
    sign_in(english, both.asker)
    page = text(english.get(url(request, "edit")))
    assert f'<option selected value="{RAMAN}"' in page
    assert other.code not in page


def test_the_form_of_a_returned_request_is_empty_without_a_consent(team, english):
    """The payee, the account and the reason are to be written anew."""
    request = decide(make_request(team), team, Decision.RETURN)
    consent = team.child.consents[0]
    unit_of_work(withdraw_consent, team.child.public_id, consent.id, actor=team.asker.as_actor())
    sign_in(english, team.asker)
    page = text(english.get(url(request, "edit")))
    for hidden in ("Aminah Invented", "1234567890", "Shoes and books"):
        assert hidden not in page


def test_asking_for_more_than_the_fund_has_shows_a_warning(team, english):
    sign_in(english, team.asker)
    for amount, is_warned in (("1,000.50", False), ("9,999,999", True)):
        data = request_form(team, **{f"amount-{team.child.public_id}": amount})
        answer = english.post("/disbursements/new", data=data, follow_redirects=True)
        assert ("cannot be approved before more money comes in" in text(answer)) is is_warned


def test_an_edit_with_errors_keeps_what_was_typed(team, english):
    request = decide(make_request(team), team, Decision.RETURN)
    sign_in(english, team.asker)
    data = request_form(team, version="2", bank="")
    answer = english.post(url(request, "edit"), data=data)
    assert answer.status_code == 422
    assert 'value="1,000.50"' in text(answer)
    assert 'name="version" type="hidden" value="2"' in text(answer)


def test_only_who_asked_gets_the_form_again(team, english):
    request = decide(make_request(team), team, Decision.RETURN)
    sign_in(english, make_user("case_manager", (RAMAN,)))
    assert english.get(url(request, "edit")).status_code == 404


def form_key(answer):
    return re.search(r'name="form_id"[^>]* value="([^"]+)"', text(answer))[1]


def test_the_same_form_twice_is_one_request(team, english):
    sign_in(english, team.asker)
    data = request_form(team, form_id="one")
    first, second = (english.post("/disbursements/new", data=data) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(stored()) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"reason": "Shoes only"},
        {"account_number": "123-4-56789-1"},
        {"payee_kind": "other", "payee_name": "Hasan Invented", "payee_reason": "An aunt"},
        {"need": "food"},
        {"amount": "2,000"},
    ],
    ids=" ".join,
)
def test_the_same_form_with_other_content_is_told_and_kept(team, english, other):
    amount = {f"amount-{team.child.public_id}": other.get("amount", "1,000.50")}
    sign_in(english, team.asker)
    english.post("/disbursements/new", data=request_form(team, form_id="one"))
    data = {**request_form(team, form_id="one"), **other, **amount}
    told = english.post("/disbursements/new", data=data)
    assert told.status_code == 422
    assert f"already sent request {stored()[0].number}, which says something else" in text(told)
    assert len(stored()) == 1
    again = english.post("/disbursements/new", data={**data, "form_id": form_key(told)})
    assert again.status_code == 303
    assert len(stored()) == 2


def test_two_people_may_have_forms_of_one_key(team, english):
    colleague = make_user("case_manager", (RAMAN,))
    for user in (team.asker, colleague):
        sign_in(english, user)
        data = request_form(team, form_id="one")
        assert english.post("/disbursements/new", data=data).status_code == 303
    assert len(stored()) == 2


def test_papers_come_with_a_request_and_with_each_time_it_is_sent(app, team, english):
    """Whoever sees why help is needed reads them; nobody else, and nobody after a consent ended."""
    sign_in(english, team.asker)
    bad = {"document": [(io.BytesIO(b"no picture"), "a.jpg")]}
    assert english.post("/disbursements/new", data=request_form(team) | bad).status_code == 422
    assert stored() == []
    form = request_form(team, form_id="one")
    for _ in range(2):
        assert english.post("/disbursements/new", data=form | files(60, 61)).status_code == 303
    (request,) = stored()
    page = text(english.get(url(request)))
    first, second = re.findall(r'href="(/disbursements/[^"]+/evidence/[^"]+)"', page)
    assert english.get(first).data != english.get(second).data

    decide(request, team, Decision.RETURN)
    page = text(english.get(url(request, "edit")))
    assert "2 papers are with the request already and stay." in page
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    form = request_form(team, version=version) | files(62)
    assert english.post(url(request, "edit"), data=form).status_code == 303

    approver, officer = app.test_client(), app.test_client()
    sign_in(approver, team.approver)
    assert text(approver.get(url(request))).count("/evidence/") == 3
    assert approver.get(first).headers["Content-Disposition"].startswith("attachment")
    sign_in(officer, make_user("fund_officer"))
    assert "/evidence/" not in text(officer.get(url(request)))
    assert officer.get(first).status_code == 404
    assert english.get(first.replace(request.public_id, "other")).status_code == 404
    consent = team.child.consents[0].id
    unit_of_work(withdraw_consent, team.child.public_id, consent, actor=team.asker.as_actor())
    assert approver.get(first).status_code == 404


def files(*heights):
    pictures = [picture(size=(40, height)) for height in heights]
    return {"document": [(io.BytesIO(each), "bill.jpg") for each in pictures]}
