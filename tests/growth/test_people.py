"""Pages of children cost the same however many children there are: rows read, not time."""

import os

from tests.conftest import dispose, make_app, settings
from tests.growth.measures import measured
from tests.growth.people import opened

SMALL, LARGE = 300, 2_400
#: As `test_pages`: a fifth more, and steps of SQLite or rows of PostgreSQL for lists that are not
#: full in the small book.
GROWTH = 1.2
SLACK = {"sqlite": 50_000, "postgresql": 20_000}
#: What counts work that waits reads as much of it: up to a thousand are counted. A search reads
#: everybody of the districts in whose name a word sounds like one of it.
OF_MORE = {
    "Today of the case manager": 60,
    "Today of the supervisor": 60,
    "case load": 60,
    "search, as typed": 20,
    "search, misspelt": 20,
    "search, in Latin letters": 20,
}


def test_no_page_of_children_costs_more_because_there_are_more(databases, tmp_path):
    kind = os.environ.get("TEST_DATABASE", "sqlite")
    small, large = (costs_of(count, databases, tmp_path) for count in (SMALL, LARGE))
    grown = [
        f"{page}: {small[page].total:,} -> {costs.total:,}\n{costs.dearest()}"
        for page, costs in large.items()
        if costs.total > GROWTH * small[page].total + SLACK[kind] + OF_MORE.get(page, 0) * LARGE / 4
    ]
    assert not grown, "\n\n".join(grown)


def costs_of(count, databases, folder):
    own = folder / f"of-{count}"
    own.mkdir()
    found = {}
    with databases.fresh() as url:
        app = make_app(settings(url, own) | {"RATELIMIT_ENABLED": False})
        with opened(app, count) as (crowd, mine, boss):
            for name, page in crowd.pages().items():
                with app.app_context(), measured() as costs:
                    answer = page(mine, boss)
                assert answer.status_code in {200, 303}, (name, answer.status_code)
                found[name] = costs
        dispose(app)
    return found
