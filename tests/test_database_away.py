"""A database that cannot be reached, or whose disk fails: 503 in the visitor's language meanwhile,
and the first request afterwards works.
"""

import pytest
from sqlalchemy import event

from fundapp.db import db
from tests.conftest import dispose, make_app, settings
from tests.factories.books import make_fund
from tests.factories.identity import make_user, sign_in

GIVE = {
    "amount": "512", "fund": "GENERAL", "frequency": "once", "name": "Hasan Daud",
    "email": "hasan@example.org", "method": "promptpay",
}  # fmt: skip
ABSENT = {
    "SQLite": "sqlite:////nowhere/at/all/fund.sqlite3",
    "PostgreSQL": "postgresql+psycopg://nobody@127.0.0.1:9/none",
}


@pytest.fixture(params=ABSENT)
def cut_off(request, tmp_path):
    """A client of an application whose database is not there."""
    app = make_app(settings(ABSENT[request.param], tmp_path))
    yield app.test_client()
    dispose(app)


@pytest.mark.parametrize("cookie", ["", "a token of somebody who was signed in"])
@pytest.mark.parametrize(
    ("lang", "title"),
    [("th", "ปิดให้บริการชั่วคราว"), ("en", "Closed for a moment"), ("ms", "Ditutup sementara")],
)
@pytest.mark.parametrize("url", ["/", "/give", "/today", "/nothing-here"])
def test_everybody_gets_the_page_of_the_fund(cut_off, url, cookie, lang, title):
    cut_off.set_cookie("lang", lang)
    if cookie:
        cut_off.set_cookie(cut_off.application.config["SESSION_TOKEN_COOKIE"], cookie)
    answer = cut_off.get(url)
    if not cookie and url in {"/today", "/nothing-here"}:
        assert answer.status_code in {302, 404}
        return
    assert answer.status_code == 503
    assert f'lang="{lang}"' in answer.text
    assert title in answer.text
    assert answer.headers["Retry-After"]
    assert "default-src" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_form_is_answered_too(cut_off):
    assert cut_off.post("/give", data=GIVE).status_code == 503


def test_health_needs_no_database_and_readiness_does(cut_off):
    cut_off.set_cookie(cut_off.application.config["SESSION_TOKEN_COOKIE"], "a token")
    assert cut_off.get("/healthz").json == {"status": "ok"}
    answer = cut_off.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "unreachable")


#: What SQLite answers as it does on a disk without rights or space; it holds for one connection.
SPOILED = {"read-only": "PRAGMA query_only=ON", "full": "PRAGMA max_page_count=1"}


@pytest.fixture(params=SPOILED)
def spoil(request, session):
    """Spoils the application's connection. For PostgreSQL see tests/test_lost_server.py."""
    make_fund("GENERAL")
    session.remove()

    def run():
        session.connection().connection.driver_connection.execute(SPOILED[request.param])
        session.remove()

    return run


@pytest.mark.sqlite
def test_readiness_proves_that_it_can_write(spoil, client):
    spoil()
    answer = client.get("/readyz")
    # The connection was dropped, so the second try of the same request wrote.
    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["database"]) == ("ok", "sqlite")


@pytest.mark.sqlite
def test_the_first_request_after_the_fault_works(spoil, client):
    spoil()
    assert client.post("/give", data=GIVE).status_code == 303
    assert client.get("/give").status_code == 200


READ_ONLY = {"sqlite": "PRAGMA query_only=ON", "postgresql": "SET default_transaction_read_only=on"}


@pytest.fixture
def stored_nothing(session):
    """From the call on every connection is made to a database that stores nothing."""
    statement = READ_ONLY[db.engine.dialect.name]

    def make_read_only(driver, _record):
        driver.execute(statement)
        driver.commit()

    def run():
        session.remove()
        db.engine.dispose()
        event.listen(db.engine, "connect", make_read_only)

    yield run
    event.remove(db.engine, "connect", make_read_only)
    session.remove()
    db.engine.dispose()  # they stay read-only


def test_a_page_that_reads_is_shown_while_nothing_can_be_stored(
    client, session, clock, stored_nothing
):
    """That the session is in use cannot be noted; the page does not need it."""
    make_fund("GENERAL")
    sign_in(client, make_user("approver"))
    clock.shift(120)
    stored_nothing()
    assert client.get("/disbursements").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "not writable")


def test_a_form_that_cannot_be_stored_is_no_internal_error(client, session, stored_nothing):
    make_fund("GENERAL")
    stored_nothing()
    answer = client.post("/give?lang=en", data=GIVE)
    assert answer.status_code == 503
    assert "Closed for a moment" in answer.text


def test_an_entry_that_cannot_be_stored_is_no_internal_error(client, session, stored_nothing):
    """Its statements go to the driver directly."""
    make_fund("GENERAL")
    sign_in(client, make_user("fund_officer"))
    stored_nothing()
    payment = {
        "amount": "500", "fund": "GENERAL", "payer_name": "Hasan Daud", "method": "cash",
        "received_on": "24/11/2569",
    }  # fmt: skip
    assert client.post("/payments/new?lang=en", data=payment).status_code == 503
