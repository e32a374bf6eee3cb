"""What was typed into the form to give stays, whatever happens before the gift is made."""

import re
from html import unescape

import pytest

from fundapp.giving.models import Pledge
from tests.factories.identity import make_user, sign_in
from tests.giving.test_give_page import RIGHT

pytestmark = pytest.mark.sqlite

OWN = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}


def typed(page):
    """What stands in the text fields of the form."""
    fields = re.findall(r"<input[^>]*>", page)
    pairs = [(re.search(r'name="([^"]*)"', each), re.search(r'value="([^"]*)"', each))
             for each in fields if "type=" in each and "radio" not in each]  # fmt: skip
    return {name[1]: unescape(value[1]) for name, value in pairs if name and value}


def pledges(session):
    session.expire_all()
    return session.query(Pledge).count()


@pytest.fixture
def guarded(app):
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.mark.parametrize("headers", [OWN, {"Origin": "http://localhost"}])
def test_a_form_of_before_signing_in_comes_back_as_it_was_typed(guarded, client, funds, headers):
    client.get("/give?lang=en")
    sign_in(client, make_user("donor"))
    data = {**RIGHT, "name": "Hasan Daud", "fund": "ZAKAT"}
    answer = client.post("/give", data=data, headers=headers)
    assert answer.status_code == 400
    assert "You signed in or out, or waited long" in answer.text
    assert typed(answer.text)["name"] == "Hasan Daud"
    assert typed(answer.text)["amount"] == "1,000"
    assert re.search(r'<input[^>]*checked[^>]*value="ZAKAT"', answer.text)
    assert pledges(funds) == 0
    token = typed(answer.text)["csrf_token"]
    again = client.post("/give", data={**data, "csrf_token": token}, headers=headers)
    assert again.status_code == 303
    assert pledges(funds) == 1


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"},
                                     {"Origin": "null"}, {}])  # fmt: skip
def test_what_nobody_says_is_ours_is_not_shown(guarded, client, funds, headers):
    sign_in(client, make_user("donor"))
    answer = client.post("/give", data={**RIGHT, "name": "Hasan Daud"}, headers=headers)
    assert answer.status_code == 400
    assert "Hasan Daud" not in answer.text


def test_another_language_keeps_what_was_typed_and_judges_nothing(client, funds):
    page = client.get("/give").text
    button = re.search(r'<button[^>]*formaction="([^"]*lang=en)"[^>]*>', page)
    assert 'form="give"' in button[0]
    assert 'name="step" value="change"' in button[0]
    assert re.search(r'<form[^>]*id="give"', page)
    data = {**RIGHT, "step": ["change", "ask"], "amount": "five", "email": "nobody", "name": ""}
    answer = client.post("/give" + unescape(button[1]), data=data)
    assert answer.status_code == 200
    assert '<html lang="en">' in answer.text
    assert (typed(answer.text)["amount"], typed(answer.text)["email"]) == ("five", "nobody")
    assert "field-error" not in answer.text
    assert "error-summary" not in answer.text
    assert '<html lang="en">' in client.get("/give").text
    assert pledges(funds) == 0


def test_the_question_whether_it_is_meant_can_be_read_in_another_language(client, funds):
    many = {**RIGHT, "step": "ask", "frequency": "monthly", "instalments": "3"}
    page = client.post("/give", data=many).text
    assert re.search(r'<button[^>]*form="give"[^>]*formaction="[^"]*lang=ms"', page)
    assert re.search(r'<form[^>]*id="give"', page)


@pytest.mark.parametrize("step", ["ask", "change", "make"])
def test_one_can_go_back_to_a_page_that_answered_the_form(client, funds, step):
    """A browser shows an error instead of such a page, unless it may keep it."""
    many = {**RIGHT, "step": step, "frequency": "monthly", "instalments": "3"}
    if step == "make":
        many["amount"] = ""
    answer = client.post("/give", data=many)
    assert answer.status_code in {200, 422}
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_nobodys_browser_keeps_a_page_of_somebody_signed_in(client, funds):
    sign_in(client, make_user("donor"))
    answer = client.post("/give", data={**RIGHT, "amount": ""})
    assert answer.status_code == 422
    assert answer.headers["Cache-Control"] == "no-store"
