"""No form is taken from another site, with the headers of today's browsers and without."""

import re

import pytest

from fundapp.giving.models import Pledge
from tests.factories.books import make_fund
from tests.factories.identity import make_user, sign_in
from tests.giving.test_give_page import RIGHT

pytestmark = pytest.mark.sqlite


@pytest.fixture(autouse=True)
def guarded(app):
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def funds(session):
    make_fund("GENERAL")
    return session


def token(client, path="/give"):
    return re.search(r'name="csrf_token"[^>]*value="([^"]*)"', client.get(path).text)[1]


def post(client, headers, **data):
    return client.post("/give", data={**RIGHT, **data}, headers=headers).status_code


def test_our_own_page_needs_no_token_where_the_browser_says_so(client, funds):
    assert post(client, {"Sec-Fetch-Site": "same-origin"}) == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "anything"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Origin": "http://[bad"},
    ],
)
def test_another_site_is_refused_even_with_a_right_token(client, funds, headers):
    right = token(client)
    assert right
    assert post(client, headers, csrf_token=right) == 400
    assert funds.query(Pledge).count() == 0


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "none"}, {"Origin": "null"}, {"Origin": "http://localhost"}]
)
def test_what_may_be_ours_needs_its_token(client, funds, headers):
    assert post(client, headers) == 400
    assert post(client, headers, csrf_token="made-up") == 400
    assert post(client, headers, csrf_token=token(client)) == 303


def test_who_has_a_session_needs_the_token_as_well(client, session, app):
    app.config["WTF_CSRF_ENABLED"] = False
    sign_in(client, make_user("auditor"))
    app.config["WTF_CSRF_ENABLED"] = True
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert client.post("/sign-out", headers=own).status_code == 400
    right = token(client, "/sessions")
    elsewhere = {**own, "Sec-Fetch-Site": "cross-site"}
    data = {"csrf_token": right}
    assert client.post("/sign-out", data=data, headers=elsewhere).status_code == 400
    assert client.post("/sign-out", data=data, headers=own).status_code == 303


def test_a_made_up_session_opens_no_way_without_a_token(client, funds):
    client.set_cookie("sid", "made-up")
    assert post(client, {"Sec-Fetch-Site": "same-origin"}) == 400


@pytest.mark.parametrize("path", ["/give", "/give?fund=GENERAL"])
def test_who_has_a_session_that_is_over_gives_like_anybody(client, funds, path):
    client.set_cookie("sid", "made-up")
    own = {"Sec-Fetch-Site": "same-origin"}
    for _ in range(2):  # the remembered page is another one
        page = client.get(path, headers=own).text
    given = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)[1]
    assert post(client, own, csrf_token=given) == 303


def test_nobody_is_signed_in_by_another_site(client, session):
    data = {"email": make_user("donor").email, "password": "x" * 20}
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/sign-in", data=data, headers=headers).status_code == 400


def test_an_upload_from_another_site_is_not_read(client):
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/nothing-here", headers=headers).status_code == 404
