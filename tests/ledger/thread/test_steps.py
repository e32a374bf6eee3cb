"""The stored thread is what the journal says, whatever happens in whatever order."""

import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks.thread import thread_kept
from fundapp.db import db, unit_of_work
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft, entry_number
from fundapp.ledger.errors import FundShortError, InsufficientFundsError
from fundapp.ledger.models import EntryKind
from fundapp.ledger.operations import fold_balances, post_entries, post_entry
from fundapp.ledger.thread import stored
from fundapp.ledger.thread.models import ThreadHead, ThreadLate, ThreadMove, ThreadRest
from fundapp.ledger.thread.queries import read_threads
from tests.audit.tampering import tampered
from tests.factories.actors import BOOKKEEPER, WORKER
from tests.factories.books import (
    make_approval,
    make_entry,
    make_fund,
    make_gift,
    make_return,
    make_reversal,
)
from tests.factories.ledger import gift, spending


@pytest.fixture(autouse=True)
def funds(session):
    make_fund("GENERAL")
    make_fund("OTHER")


def thread(entry, fund="GENERAL"):
    """Parts by entry, and what is open."""
    found = {each.fund_code: each for each in read_threads(entry.id)}[fund]
    assert found.own_satang + sum(s for _, s in found.parts) + found.open_satang == (
        found.amount_satang
    )
    return dict(found.parts), found.open_satang


def wrong():
    db.session.rollback()
    return [f"{each.ref} {each.problem}" for each in thread_kept()]


def fee(satang):
    line = PostingDraft("GENERAL", chart.BANK_FEES, chart.BANK_MAIN, satang)
    return make_entry(line, kind=EntryKind.BANK_FEE)


def rows(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_the_oldest_money_goes_first_and_comes_back_to_its_place():
    """Design of the rule, step by step, from both ends."""
    first, second = make_gift(300), make_gift(500)
    assert rows(ThreadMove) == rows(ThreadRest) == rows(ThreadHead) == 0  # giving writes nothing
    help_one = make_approval(400)
    assert thread(help_one) == ({first.id: 300, second.id: 100}, 0)
    assert thread(second) == ({help_one.id: 100}, 400)
    help_two = make_approval(200)
    cancelled = make_reversal(help_one)
    assert thread(help_one) == ({cancelled.id: 400}, 0)
    assert thread(cancelled) == ({help_one.id: 400}, 0)
    help_three = make_approval(350)
    assert thread(help_three) == ({first.id: 300, second.id: 50}, 0)
    assert thread(second) == ({help_two.id: 200, help_three.id: 50}, 250)
    returned = make_return(first)  # 300 of help three are taken over, 50 of them by nothing
    assert thread(first) == ({returned.id: 300}, 0)
    assert thread(help_three) == ({second.id: 300}, 50)
    assert wrong() == []
    next_gift = make_gift(80)  # what covers a shortage is seen at once, and written by who spends
    assert thread(help_three) == ({second.id: 300, next_gift.id: 50}, 0)
    assert thread(next_gift) == ({help_three.id: 50}, 30)
    assert wrong() == []
    assert thread(fee(30)) == ({next_gift.id: 30}, 0)
    assert wrong() == []


def test_an_entry_of_two_funds_is_followed_in_each_and_carries_its_own_cost():
    """A payment split between two funds, less a fee; and money moved from one fund to another."""
    split = make_entry(
        PostingDraft("GENERAL", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 500),
        PostingDraft("GENERAL", chart.BANK_FEES, chart.BANK_MAIN, 20),
        PostingDraft("OTHER", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 300),
    )
    moved = make_entry(
        PostingDraft("GENERAL", chart.NET_ASSETS, chart.BANK_MAIN, 100),
        PostingDraft("OTHER", chart.BANK_MAIN, chart.NET_ASSETS, 100),
        kind=EntryKind.TRANSFER,
    )
    spent = make_approval(350, "OTHER")
    assert thread(split) == ({moved.id: 100}, 380)
    assert thread(split, "OTHER") == ({spent.id: 300}, 0)
    assert thread(moved) == ({split.id: 100}, 0)
    assert thread(moved, "OTHER") == ({spent.id: 50}, 50)
    back = make_reversal(make_approval(30, "OTHER"))
    assert thread(moved, "OTHER") == ({spent.id: 50}, 50)
    again = make_reversal(back)  # what undoes an undoing takes from the front
    assert thread(again, "OTHER") == ({moved.id: 30}, 0)
    assert wrong() == []


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_what_happens_is_kept_as_the_journal_says(seed, monkeypatch):
    """Gifts, approvals, fees, cancellations, reversals and returns, one by one and together."""
    rng, live = random.Random(seed), []  # noqa: S311 - an invented history
    for _ in range(70):
        act, satang = rng.choice("gggaaafuurb"), rng.randrange(1, 300)
        try:
            if act == "g":
                live.append(make_gift(satang))
            elif act == "a":
                live.append(make_approval(satang))
            elif act == "f":
                live.append(fee(satang))
            elif act == "b":
                drafts = [gift(satang, "GENERAL"), spending(satang // 2 + 1, "GENERAL")] * 1
                live += unit_of_work(post_entries, drafts, actor=BOOKKEEPER)
            elif live:
                undone = live.pop(rng.randrange(len(live)))
                is_gift = dict_kind(undone) is EntryKind.DONATION
                (make_return if act == "r" and is_gift else make_reversal)(undone)
        except (InsufficientFundsError, FundShortError):
            continue
    assert wrong() == []
    for posted in live:
        thread(posted)


def dict_kind(posted):
    return EntryKind(
        db.session.scalar(text("SELECT kind FROM journal_entries WHERE id = :id"), {"id": posted.id})
    )


def test_a_small_fund_finds_its_money_among_many_entries(monkeypatch):
    """With windows of a few postings, the index of the fund is read; the parts are the same."""
    for name, rows_at_once in (("_WINDOW", 3), ("_FEW", 2), ("_PAGE", 2)):
        monkeypatch.setattr(stored, name, rows_at_once)
    own = []
    for number in range(4):
        own.append(make_gift(10 + number, "OTHER"))
        for _ in range(5):
            make_gift(100)
    spent = make_approval(40, "OTHER")
    assert thread(spent, "OTHER")[0] == {each.id: 10 + at for at, each in enumerate(own[:3])} | {
        own[3].id: 7
    }
    make_reversal(spent)
    assert thread(make_approval(46, "OTHER"), "OTHER")[1] == 0
    assert wrong() == []
