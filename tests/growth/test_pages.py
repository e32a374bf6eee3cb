"""Each page is opened on a small book and on one that is eight times as large.

The larger one may cost a fifth more, and `SLACK` for lists that are not full in the small book.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine

from tests.conftest import MORNING, dispose, make_app, settings
from tests.factories.identity import open_session_of
from tests.growth.book import Amounts, make_book
from tests.growth.measures import measured
from tests.growth.pages import AS_LONG, FEW_STATEMENTS, OF_A_MONTH, OF_OPEN_WORK, PAGES

LARGE = Amounts(
    entries=40_000, pledges=3_000, children=5_000, requests=6_000, lines=12_000, events=20_000
)
SMALLER = 8
GROWTH = 1.2
#: Steps of SQLite's machine (less than two milliseconds); rows and blocks of PostgreSQL.
SLACK = {"sqlite": 50_000, "postgresql": 20_000}
#: For pages that show as much in the small book: what the levels of an index differ by.
A_LITTLE = 500
#: The part of the entries that is in the busiest month; requests in work.
BUSY_SHARE, OPEN_REQUESTS = 0.3, LARGE.requests // 2
#: What a page shows in its rows is read for all of them at once.
MOST_STATEMENTS = 60


@pytest.mark.long
def test_no_page_costs_more_because_the_books_grew(databases, tmp_path):
    """One test, so that the books are made once on each database."""
    kind = os.environ.get("TEST_DATABASE", "sqlite")
    with time_machine.travel(MORNING, tick=False):
        small = costs_on(LARGE.divided(SMALLER), databases, tmp_path)
        large = costs_on(LARGE, databases, tmp_path)
    grown = [
        f"{role} {pattern}: {small[role, pattern].total:,} -> {costs.total:,}\n{costs.dearest()}"
        for (role, pattern), costs in large.items()
        if costs.total > most_of(pattern, small[role, pattern].total, SLACK[kind])
    ]
    assert not grown, "\n\n".join(grown)
    talkative = {key: len(costs.queries) for key, costs in large.items()}
    assert {
        key: count
        for key, count in talkative.items()
        if count > FEW_STATEMENTS.get(key[1], MOST_STATEMENTS)
    } == {}


def most_of(pattern: str, small: int, slack: int) -> float:
    """What a page may cost on the large book."""
    of_month = OF_A_MONTH.get(pattern, 0) * LARGE.entries * BUSY_SHARE
    of_work = OF_OPEN_WORK.get(pattern, 0) * OPEN_REQUESTS
    return GROWTH * small + (A_LITTLE if pattern in AS_LONG else slack) + of_month + of_work


def costs_on(amounts, databases, folder):
    """What each page costs on a book of this size, by role and address."""
    found = {}
    with open_book(amounts, databases, folder) as (app, book):
        for role, addresses in PAGES.items():
            client = app.test_client()
            if role:
                client.set_cookie("sid", open_session_of(app, book.world.people[role]))
            for pattern in addresses:
                with app.app_context(), measured() as costs:
                    answer = client.get(book.address(pattern))
                assert answer.status_code == 200, (role, pattern, answer.status_code)
                found[role, pattern] = costs
    return found


@contextmanager
def open_book(amounts, databases, folder) -> Iterator:
    """The application on a book of this size, whose last checkpoint has a folder of its own."""
    own = folder / f"of-{amounts.entries}"
    own.mkdir()
    with databases.fresh() as url:
        app = make_app(settings(url, own) | {"RATELIMIT_ENABLED": False})
        with app.app_context():
            book = make_book(amounts)
        yield app, book
        dispose(app)
