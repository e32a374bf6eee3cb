"""The bench runs by hand, and would break unseen: each part of it is tried here for a moment."""

import pytest

from bench import driver, fund, posting, raw
from bench.figures import Figures
from bench.options import Options

TINY = Options(writers=(2,), where=("spread",), rounds=1, seconds=0.2)


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


def test_contenders_post_in_processes_of_their_own(empty_pair, capsys):
    urls = dict(zip(("fund", "raw"), empty_pair, strict=True))
    kind = driver.kind_of(urls["raw"])
    posting.measure(kind, urls, TINY, Figures())
    printed = capsys.readouterr().out
    assert f"posting {kind} 2 writer(s) spread: fund to raw" in printed
    assert count(urls["fund"], "journal_entries") > 0
    assert count(urls["raw"], "entry") > 0


@pytest.mark.parametrize(("ours", "status"), [((60, 70, 80), 0), ((60, 64, 80), 1)])
def test_a_missed_aim_is_printed_and_ends_with_an_error(capsys, ours, status):
    figures = Figures()
    figures.ratio("to raw", ours, (100, 100, 100), aim=0.65)
    assert figures.conclude() == status
    assert ("MISSED" in capsys.readouterr().out) == bool(status)
