"""The public home page: what is live on it, and its cache."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fundapp.db import unit_of_work
from fundapp.ledger.operations import fold_balances
from fundapp.transparency import queries
from fundapp.web.remembered_pages import SECONDS, Draft, PageStore
from tests.factories.actors import WORKER
from tests.factories.books import make_fund, make_gift
from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite

TODAY = date(2026, 11, 24)


@pytest.fixture
def visitor(client, clock):
    client.set_cookie("lang", "en")
    return client


@pytest.mark.parametrize("lang", ["th", "en", "ms"])
def test_an_empty_home_page_links_to_giving(client, lang):
    answer = client.get(f"/?lang={lang}")
    assert answer.status_code == 200
    assert 'href="/give"' in answer.text
    assert "0.00" in answer.text


def test_what_comes_in_shows_at_once(visitor, session):
    make_fund("GENERAL")
    make_gift(123_450)
    assert visitor.get("/").text.count("1,234.50") >= 4
    make_gift(100_000)
    assert "2,234.50" in visitor.get("/").text
    unit_of_work(fold_balances, actor=WORKER)
    assert "2,234.50" in visitor.get("/").text


def test_each_language_has_a_page_of_its_own(client, session, clock):
    pages = set()
    for lang in ("th", "en", "ms", "th"):
        client.set_cookie("lang", lang)
        pages.add(client.get("/").text)
    assert len(pages) == 3


def test_a_signed_in_visitor_gets_an_own_page(visitor, session):
    visitor.get("/")
    sign_in(visitor, make_user("auditor"))
    assert "My workspace" in visitor.get("/").text


def test_months_are_the_last_twelve(session, clock):
    make_fund("GENERAL")
    make_gift(500, on=date(2025, 12, 1))
    make_gift(700, on=TODAY)
    make_gift(900, on=date(2025, 11, 30))
    months = queries.overview(TODAY).months
    assert [months[0].starts_on, months[-1].starts_on] == [date(2025, 12, 1), date(2026, 11, 1)]
    assert [month.income_satang for month in months] == [500, *[0] * 10, 700]
    assert queries.overview(TODAY).income_satang == 2_100


def test_a_remembered_page_is_made_again_when_it_is_old_or_of_another_version():
    now, made = [0.0], []
    store = PageStore(now=lambda: now[0])

    def get(name, version):
        return store.get(name, version, make).body()

    def make():
        made.append(now[0])
        return Draft(f"page {len(made)}")

    assert get("home", 1) == get("home", 1) == b"page 1"
    assert get("home", 2) == b"page 2"
    now[0] = SECONDS
    assert get("home", 2) == b"page 3"
    assert get("other", 2) == b"page 4"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json["status"]) == (200, "ok")


def test_a_new_day_has_a_new_page(visitor, session, clock):
    """Nothing was posted since, and the page is young enough to be remembered."""
    make_fund("GENERAL")
    clock.move_to(datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC))
    make_gift(100)
    assert "Dec 26" not in visitor.get("/").text
    clock.shift(timedelta(seconds=1))
    assert "Dec 26" in visitor.get("/").text
