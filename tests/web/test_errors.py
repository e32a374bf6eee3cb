"""Error pages: the status of a rule's error, the sentence, the way back, and what stays inside."""

import logging
import sqlite3

import pytest
from flask import abort
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import TooManyRequests

from fundapp.access.marks import public
from fundapp.db import db
from fundapp.errors import DomainError, ForbiddenError, NotFoundError, RuleError, StaleError
from fundapp.identity.models import User
from fundapp.web.errors import status_of
from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite


@pytest.fixture
def failing(app, client):
    """Opens a page whose view calls what is given, as a visitor or as a person."""

    def open_page(fail, person=None, **options):
        @public
        def page():
            return fail()

        app.add_url_rule("/tests/failing", view_func=page, methods=["GET", "POST"])
        app.config["PROPAGATE_EXCEPTIONS"] = False
        options.setdefault("query_string", {"lang": "en"})
        if person:
            sign_in(client, person)
        return client.get("/tests/failing", **options)

    return open_page


def throw(error):
    def fail():
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotFoundError, 404), (ForbiddenError, 403), (StaleError, 409), (RuleError, 422),
     (DomainError, 422)],
)  # fmt: skip
def test_a_rules_error_has_its_status_and_its_sentence(failing, error, status):
    assert status_of(error()) == status
    answer = failing(
        throw(error("There are %(count)s of %(what)s.", params={"count": 3, "what": "it"}))
    )
    assert answer.status_code == status
    assert "There are 3 of it." in answer.text
    assert f"Error {status}" in answer.text


@pytest.mark.parametrize(
    ("code", "title"),
    [(400, "This could not be read"), (403, "Not for this role"), (404, "Nothing here"),
     (405, "Not possible this way"), (409, "Changed meanwhile"), (413, "Too large"),
     (422, "Not possible"), (429, "Too many tries"), (503, "Closed for a moment"),
     (418, "This could not be read"), (500, "Something went wrong on our side"),
     (502, "Something went wrong on our side")],
)  # fmt: skip
def test_each_status_has_a_page(failing, code, title):
    answer = failing(lambda: abort(code))
    assert answer.status_code == code
    assert f"<h1>{title}</h1>" in answer.text
    assert f"Error {code}" in answer.text


def test_a_client_learns_when_to_try_again_and_which_methods_there_are(failing, client):
    assert failing(throw(TooManyRequests(retry_after=90))).headers["Retry-After"] == "90"
    answer = client.post("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert answer.content_type.startswith("text/html")


def test_an_error_of_ours_shows_nothing_of_itself_and_is_logged_once(failing, caplog):
    with caplog.at_level(logging.ERROR):
        answer = failing(throw(RuntimeError("secret detail")))
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "unexpected error" in record.message
    assert "secret detail" in str(record.exc_info)


def test_what_another_person_did_first_is_a_conflict(failing, caplog):
    error = IntegrityError("INSERT …", {}, sqlite3.IntegrityError("UNIQUE constraint failed"))
    with caplog.at_level(logging.WARNING):
        answer = failing(throw(error))
    assert answer.status_code == 409
    assert "UNIQUE" not in answer.text
    assert "refused by a constraint" in caplog.text


@pytest.mark.parametrize(
    ("error", "status", "title", "whose"),
    [(RuntimeError("x"), 500, "Something went wrong on our side", "My workspace"),
     (IntegrityError("x", {}, sqlite3.IntegrityError("x")), 409, "Changed meanwhile", "Sign out")],
)  # fmt: skip
def test_after_an_error_the_page_reads_a_sound_database(
    failing, session, error, status, title, whose
):
    """The transaction that failed is ended before the page asks who is signed in."""
    person = make_user("auditor")

    def fail():
        try:
            db.session.add(User())
            db.session.flush()
        except IntegrityError as broken:
            raise error from broken

    answer = failing(fail, person)
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in answer.text
    assert whose in answer.text


@pytest.mark.parametrize(
    ("referrer", "is_shown"),
    [("http://localhost/give", True), ("http://elsewhere.example/give", False), (None, False),
     ("http://localhost.elsewhere.example/", False)],
)  # fmt: skip
def test_the_way_back_leads_to_a_page_of_ours_only(client, referrer, is_shown):
    headers = {"Referer": referrer} if referrer else {}
    page = client.get("/nothing-here?lang=en", headers=headers).text
    assert ("Go back" in page) == is_shown
    assert (f'href="{referrer}"' in page) == is_shown


def test_a_form_that_is_too_old_says_what_to_do(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/give?lang=en", data={"amount": "100"})
    assert answer.status_code == 400
    assert "This form was open too long or came from another page." in answer.text


def test_a_host_that_is_none_is_told_in_plain_text(client):
    answer = client.get("/?lang=en", headers={"Host": "x" * 300})
    assert answer.status_code == 400
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text


@pytest.mark.parametrize("language", ["th", "en", "ms"])
def test_error_pages_speak_the_language_and_show_a_way_back(client, language):
    answer = client.get(f"/nothing-here?lang={language}")
    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.text
    assert 'href="/"' in answer.text


@pytest.mark.parametrize(
    ("error", "status", "in_house"), [(StaleError(), 409, True), (RuntimeError("x"), 500, False)]
)
def test_who_is_signed_in_sees_the_menu_of_the_house(failing, session, error, status, in_house):
    answer = failing(throw(error), make_user("fund_officer"))
    assert answer.status_code == status
    assert ("layout-staff" in answer.text) is in_house
