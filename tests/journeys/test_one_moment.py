"""A page, a report and a command see the books at one moment, whatever is posted meanwhile."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from fundapp.db import db
from tests.conftest import MORNING, dispose, make_app, settings
from tests.factories.books import make_approval, make_fund, make_gift
from tests.factories.identity import make_user, sign_in
from tests.factories.ledger import DAY

DAY_BEFORE = MORNING.date().replace(day=1)

PAGES = [
    "/?lang=en",
    "/audit/funds?format=csv",
    f"/audit/funds?as_of={DAY.isoformat()}&format=csv",
    "/audit/activities?format=csv",
    f"/audit/trial-balance?as_of={DAY.isoformat()}&format=csv",
    "/audit/trial-balance?format=csv",
    "/audit/accounts/1121?format=csv",
]

#: How many statements of a page at most are followed by a gift.
GAPS = 12


@pytest.fixture
def books(session, clock):
    make_fund("GENERAL")
    make_fund("ZAKAT", position=1)
    for number in range(4):
        make_gift(100_00 + number)
        make_approval(10_00)


@pytest.fixture
def meanwhile(app, database_url, tmp_path):
    """A server of its own on the same database, where a gift arrives in the middle of a page."""
    other = make_app(settings(database_url, tmp_path))
    with ThreadPoolExecutor(1) as pool:

        def arrive():
            with other.app_context():
                make_gift(7_77)
                db.session.remove()

        yield other, lambda: pool.submit(arrive).result(timeout=30)
    dispose(other)


@contextmanager
def after_statement(app, number, act):
    """Call ``act`` once, after the statement of this number that reads something of the books."""
    left = [number]

    def count(_connection, _cursor, statement, *_rest):
        if "user_sessions" in statement or not statement.lstrip().startswith(("SELECT", "WITH")):
            return
        left[0] -= 1
        if left[0] == 0:
            act()

    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", count)
    try:
        yield left
    finally:
        event.remove(engine, "after_cursor_execute", count)


@pytest.mark.parametrize("url", PAGES)
def test_a_gift_in_the_middle_of_a_page_is_not_on_it(app, books, meanwhile, url):
    """The page is that of a server that made it before the gift."""
    other, gift_arrives = meanwhile
    auditor = make_user("auditor")
    clients = [app.test_client(), other.test_client()]
    for client in clients:
        if not url.startswith("/?"):
            sign_in(client, auditor)
    torn, happened = [], 0
    for number in range(1, GAPS + 1):
        gift_arrives()  # so that no page is remembered
        before = clients[1].get(url).text
        with after_statement(app, number, gift_arrives) as left:
            page = clients[0].get(url).text
        happened += left[0] <= 0
        if page != before:
            torn.append(number)
    assert happened >= 2
    assert torn == []


def test_a_report_of_the_command_line_is_whole(app, books, meanwhile, runner):
    _other, gift_arrives = meanwhile
    happened = 0
    for number in range(1, GAPS + 1):
        with after_statement(app, number, gift_arrives) as left:
            answer = runner.invoke(args=["ledger", "trial-balance", "--format", "json"])
        happened += left[0] <= 0
        rows = json.loads(answer.output)["accounts"]
        assert sum(row["debit_satang"] for row in rows) == sum(
            row["credit_satang"] for row in rows
        ), number
    assert happened >= 2
