"""The bench runs by hand, and would break unseen: each part of it is tried here for a moment."""

import pytest

from bench import driver, fund, growth, helping, pages, posting, raw, sealed
from bench.figures import Figures
from bench.options import Options, read
from bench.timing import Timed
from bench.walk import Walk
from demo.sizes import WITHOUT_OLDER_BOOKS
from tests.factories.books import make_fund, make_gift
from tests.factories.identity import make_user

TINY = Options(writers=(1,), where=("spread",), rounds=1, seconds=0.2)


@pytest.fixture
def empty_pair(databases):
    with databases.empty() as first, databases.empty() as second:
        yield first, second


def count(url, table):
    with driver.connected(url) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_the_raw_unit_posts_one_gift_with_two_legs_at_a_time(databases):
    with databases.empty() as url:
        raw.prepare(url)
        steps = raw.steps(url, funds=40)
        for expected in (1, 2, 3):
            next(steps)
            assert count(url, "entry") == expected
        steps.close()
        with driver.connected(url) as connection:
            legs = connection.execute(
                "SELECT count(*), sum(amount), count(DISTINCT entry_id) FROM posting"
            )
            assert legs.fetchone() == (6, 0, 3)


def test_the_program_posts_one_gift_at_a_time(databases):
    with databases.empty() as url:
        fund.prepare(url)
        steps = fund.steps(url, funds=40)
        for expected in (1, 2, 3):
            next(steps)
            assert count(url, "journal_entries") == expected
        steps.close()
        assert count(url, "postings") == 3
        assert count(url, "funds") == 40


# How processes are started is alike; their SQL is tried on both databases above.
@pytest.mark.sqlite
def test_contenders_post_in_processes_of_their_own(empty_pair, capsys):
    urls = dict(zip(("fund", "raw"), empty_pair, strict=True))
    kind = driver.kind_of(urls["raw"])
    fund.prepare(urls["fund"])
    raw.prepare(urls["raw"])
    posting.compare(kind, urls, TINY, Figures())
    printed = capsys.readouterr().out
    assert f"posting {kind} 1 writer(s) spread: fund to raw" in printed
    assert count(urls["fund"], "journal_entries") > 0
    assert count(urls["raw"], "entry") > 0


@pytest.mark.parametrize(("ours", "status"), [((60, 70, 80), 0), ((60, 64, 80), 1)])
def test_a_missed_aim_is_printed_and_ends_with_an_error(capsys, ours, status):
    figures = Figures()
    figures.ratio("to raw", ours, (100, 100, 100), aim=0.65)
    assert figures.conclude() == status
    assert ("MISSED" in capsys.readouterr().out) == bool(status)


@pytest.mark.sqlite
def test_public_pages_are_loaded_beside_bare_ones(empty_pair, capsys):
    urls = dict(zip(("fund", "raw"), empty_pair, strict=True))
    fund.prepare(urls["fund"])
    figures = Figures()
    pages.compare("pages", urls, TINY, figures)
    printed = capsys.readouterr().out
    for name in ("home with a cookie to home", "give to bare give", "pledge to bare pledge"):
        assert f"pages: {name}" in printed
    assert "pages: home, first view" in printed
    assert "pages: two workers" in printed
    assert count(urls["fund"], "pledges") >= 8
    assert count(urls["raw"], "entry") >= 8


@pytest.fixture
def a_few(monkeypatch):
    """The sizes of what is posted, made small."""
    for name in ("NEW_ENTRIES", "CHILDREN", "ROUNDS", "GIFTS"):
        monkeypatch.setattr(sealed, name, 3)


def test_the_log_the_thread_and_the_verifier_are_measured(empty_pair, a_few, capsys):
    for url in empty_pair:
        fund.prepare(url)
    figures = Figures()
    sealed.measure("books", *empty_pair, figures)
    printed = capsys.readouterr().out
    for name in (
        "posting to posting on empty books", "sealing 3 entries, and signing",
        "3 approvals beyond as many gifts", "verify.py, memory", "the same by plain SQL",
    ):  # fmt: skip
        assert name in printed
    assert not [each for each in figures.missed if "posting" not in each]
    assert count(empty_pair[0], "log_leaves") == count(empty_pair[0], "journal_entries") == 21
    assert count(empty_pair[0], "log_checkpoints") == 3


@pytest.mark.sqlite
@pytest.mark.sqlite
def test_one_request_for_a_school_is_measured(empty_pair, capsys):
    figures = Figures()
    helping.measure("sqlite", empty_pair[0], figures, children=3)
    printed = capsys.readouterr().out
    for step in ("the list filled from a file", "asked", "approved", "paid", "its page afterwards"):
        assert f"3 children: {step}" in printed
    assert figures.missed == []


@pytest.mark.sqlite
def test_a_walk_finds_every_page_with_its_filters(app, session):
    make_fund()
    make_gift(100_000)
    walk = Walk(app, make_user("auditor").email)
    expected = {
        "/",
        "/give",
        "/today",
        "/audit/journal",
        "/audit/journal?kind=donation&order=newest",
        "/audit/trial-balance?as_of=…",
        "/audit/accounts/1121",
        "/audit/entries/…",
    }
    assert expected <= walk.pages.keys()
    assert walk.failed == {}


@pytest.mark.sqlite
def test_pages_are_timed_on_small_and_large_books(app, session):
    make_fund()
    figures = Figures()
    timed = growth.compare(app, app, {"visitor": None}, figures)
    assert figures.missed == []
    assert {"/", "/give", "/sign-in"} <= timed.keys()
    assert all(page.now > 0 and page.before > 0 for page in timed.values())
    assert {page.who for page in timed.values()} == {"visitor"}


@pytest.mark.parametrize(
    ("label", "before", "now", "missed"),
    [
        ("/payments", 20, 23, False),
        ("/payments", 20, 25, True),
        ("/payments", 2, 2.9, False),
        ("/payments", 70, 70, True),
        ("/audit/trial-balance?as_of=…", 20, 29, False),
        ("/audit/trial-balance?as_of=…", 45, 45, True),
    ],
)
def test_growth_and_time_of_a_page_have_aims(label, before, now, missed):
    figures = Figures()
    growth.judge(label, Timed(now, before, "auditor"), figures)
    assert figures.missed == ([label] if missed else [])


def test_the_long_part_is_measured_only_when_asked_for():
    assert read([]).parts == ("posting", "pages", "phone", "helping")
    assert read(["growth", "sqlite", "--size", "nation"]) == Options(
        parts=["growth"], kinds=["sqlite"], size="nation"
    )
    assert read(["--base", WITHOUT_OLDER_BOOKS]) == Options(base=WITHOUT_OLDER_BOOKS)
