"""Pages that are the same for every stranger: remembered, never stale, never another's."""

import gzip
import re
import threading

import pytest

from fundapp.db import unit_of_work
from fundapp.ledger.models import Fund, FundStatus
from fundapp.web.remembered_pages import TOKEN, Draft, PageStore
from tests.factories.books import make_fund, make_gift
from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite

MODERN = {"Sec-Fetch-Site": "none"}


@pytest.fixture
def guarded(app):
    """The application with the check of forms, which other tests leave out."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app


def hidden(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]


def statements(app, work):
    """How many times the page is made while ``work`` runs."""
    made = []
    real = app.jinja_env.get_or_select_template
    app.jinja_env.get_or_select_template = lambda *a, **k: made.append(1) or real(*a, **k)
    try:
        work()
    finally:
        app.jinja_env.get_or_select_template = real
    return len(made)


@pytest.mark.parametrize("path", ["/", "/give"])
@pytest.mark.parametrize("cookie", ["lang", "form", "sid", "_ga"])
def test_any_cookie_gets_the_remembered_page(app, client, session, path, cookie):
    make_fund("GENERAL")
    client.get(path, headers=MODERN)
    client.set_cookie(cookie, "anything")
    assert statements(app, lambda: client.get(path, headers=MODERN)) == 0
    assert statements(app, lambda: client.get(f"{path}?fbclid=x", headers=MODERN)) == 0


@pytest.mark.parametrize("path", ["/", "/give", "/sign-in", "/healthz", "/static/js/app.js"])
def test_a_cookie_that_nobody_can_read_is_none(app, session, path):
    make_fund("GENERAL")
    client = app.test_client(use_cookies=False)
    for cookie in ("a=\xe9", "lang=en; sid=\xff"):
        for _ in range(2):
            answer = client.get(path, environ_overrides={"HTTP_COOKIE": cookie})
            assert answer.status_code == 200


def test_a_message_that_waits_is_shown_once_to_its_visitor_only(app, client, session):
    client.get("/?lang=en")
    with client.session_transaction() as waiting:
        waiting["_flashes"] = [("success", "You are signed out.")]
    assert "You are signed out." in client.get("/").text
    assert "You are signed out." not in client.get("/").text
    assert "You are signed out." not in app.test_client().get("/?lang=en").text


def test_what_one_visitor_asks_is_on_nobody_elses_page(app, client, session):
    for path in ("/", "/give"):
        assert "fbclid" not in client.get(f"{path}?fbclid=mine").text
        assert "fbclid" not in app.test_client().get(path).text


def test_a_fund_that_is_frozen_or_renamed_shows_at_once(client, session):
    make_fund("GENERAL")
    make_fund("SCHOOL")
    client.set_cookie("lang", "en")
    before = client.get("/give", headers=MODERN).text
    assert 'value="SCHOOL"' in before

    def change(**values):
        def work():
            fund = session.get(Fund, "SCHOOL")
            for name, value in values.items():
                setattr(fund, name, value)

        unit_of_work(work)

    change(name_en="School meals")
    assert "School meals" in client.get("/give", headers=MODERN).text
    change(status=FundStatus.FROZEN)
    assert 'value="SCHOOL"' not in client.get("/give", headers=MODERN).text


def test_each_opened_form_has_its_own_values(guarded, client, session):
    pages = [client.get("/give", headers=MODERN).text for _ in range(3)]
    for name in ("form_id", "opened"):
        assert len({hidden(page, name) for page in pages}) == 3
    assert {hidden(page, "csrf_token") for page in pages} == {""}
    assert "Set-Cookie" not in client.get("/give", headers=MODERN).headers


def test_an_old_browser_gets_a_token_and_its_cookie(guarded, session):
    clients = [guarded.test_client() for _ in range(3)]
    tokens = [hidden(each.get("/give").text, "csrf_token") for each in clients]
    assert len(set(tokens)) == 3
    answer = clients[0].post("/give", data={"csrf_token": tokens[0]})
    assert answer.status_code == 422, "the form is read"
    assert clients[1].post("/give", data={"csrf_token": tokens[0]}).status_code == 400


def test_what_is_a_visitors_own_is_never_compressed(guarded, session):
    """So the page is compressed once for all, and its length tells nothing of a token."""
    guarded.test_client().get("/give")
    client, pages = guarded.test_client(), []
    for _ in range(2):
        answer = client.get("/give", headers={"Accept-Encoding": "gzip, deflate, br"})
        page = gzip.decompress(answer.data).decode()
        values = [hidden(page, name) for name in ("csrf_token", "form_id", "opened")]
        assert all(value and value.encode() in answer.data for value in values)
        pages.append(page)
    assert hidden(pages[0], "form_id") != hidden(pages[1], "form_id")
    data = {"csrf_token": hidden(pages[0], "csrf_token")}
    assert client.post("/give", data=data).status_code == 422, "the first is still good"
    plain = client.get("/give").text
    assert re.sub('value="[^"]*"', "", plain) == re.sub('value="[^"]*"', "", pages[1])


def test_the_headers_are_those_of_the_first_answer(client, session):
    first, again = client.get("/"), client.get("/")
    without = {"Content-Length"}
    assert {k: v for k, v in first.headers if k not in without} == {
        k: v for k, v in again.headers if k not in without
    }
    assert first.data == again.data
    assert "default-src 'none'" in again.headers["Content-Security-Policy"]


def test_headers_for_a_session_are_nobody_elses(app, session):
    with_session = app.test_client()
    with_session.set_cookie("sid", "made-up")
    for client in (with_session, app.test_client(), app.test_client()):
        policy = client.get("/").headers["Referrer-Policy"]
        expected = "same-origin" if client is with_session else "strict-origin-when-cross-origin"
        assert policy == expected


def test_a_browser_that_has_the_page_gets_304_until_it_changes(client, session):
    make_fund("GENERAL")
    make_gift(100)
    tag = client.get("/").headers["ETag"]
    again = client.get("/", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    make_gift(200)
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_a_signed_in_person_gets_a_page_of_their_own(client, session):
    client.get("/give")
    user = make_user("donor")
    sign_in(client, user)
    assert user.email in client.get("/give").text
    assert user.email not in client.application.test_client().get("/give").text
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_others_get_the_last_page_while_one_makes_it_anew():
    store, may_end, began = PageStore(), threading.Event(), threading.Event()
    store.get("home", 1, lambda: Draft("old"))

    def make():
        began.set()
        may_end.wait(10)
        return Draft("new")

    maker = threading.Thread(target=lambda: store.get("home", 2, make))
    maker.start()
    assert began.wait(10)
    assert store.get("home", 2, lambda: Draft("made twice")).body() == b"old"
    may_end.set()
    maker.join()
    assert store.get("home", 2, lambda: Draft("made twice")).body() == b"new"


def test_values_are_put_where_the_page_had_its_own():
    numbers = iter(range(10))
    draft = Draft("a=AAA b=BBB a=AAA t=TTT", {"AAA": lambda: str(next(numbers)), "TTT": TOKEN})
    page = PageStore().get("give", 1, lambda: draft)
    assert page.body("token") == b"a=0 b=BBB a=0 t=token"
    assert page.body("other") == b"a=1 b=BBB a=1 t=other"
