"""The stored thread is what the journal says, whatever happens in whatever order."""

import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks.thread import thread_kept
from fundapp.audit.checks.thread_since import find_since
from fundapp.db import db, unit_of_work
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft, entry_number
from fundapp.ledger.errors import (
    FundShortError,
    InsufficientFundsError,
    MoreCameBackError,
    PartCameBackError,
)
from fundapp.ledger.models import EntryKind, JournalEntry
from fundapp.ledger.operations import fold_balances, post_entries, post_entry
from fundapp.ledger.thread.models import ThreadHead, ThreadLate, ThreadMove, ThreadRest
from fundapp.ledger.thread.queries import read_threads
from tests.audit.tampering import tampered
from tests.factories.actors import BOOKKEEPER, WORKER
from tests.factories.books import (
    make_approval,
    make_entry,
    make_fund,
    make_gift,
    make_part_back,
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
    parts = found.own_satang + sum(s for _, s in found.parts)
    assert parts + found.returned_satang + found.open_satang == found.amount_satang
    return dict(found.parts), found.open_satang


def wrong():
    """What the whole check finds, and what it finds after any of some marks."""
    db.session.rollback()
    whole = [f"{each.ref} {each.problem}" for each in thread_kept()]
    return whole + [problem for mark in some_marks() for problem in wrong_since(mark)]


def some_marks():
    """Eight entries and the last ones, unless money came late: then all is followed anew."""
    ids = list(db.session.scalars(select(JournalEntry.id).order_by(JournalEntry.id)))
    return [] if rows(ThreadLate) else [-1, *ids[:: len(ids) // 8 + 1], *ids[-3:]]


def wrong_since(mark):
    return [f"after {mark}: {each.ref} {each.problem}" for each in find_since(mark)]


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


def test_a_part_of_help_that_came_back_is_with_its_newest_gifts_again():
    """As if the help had been that much smaller; at the ends of both it adds up."""
    first, second = make_gift(300), make_gift(300)
    helped = make_approval(500, source_ref="class")
    back = make_part_back(120, "class")
    assert thread(helped) == ({first.id: 300, second.id: 80}, 0)
    assert thread(back) == ({helped.id: 120}, 0)
    assert thread(second) == ({helped.id: 80}, 220)
    assert wrong() == []
    other = make_approval(220)
    assert thread(second) == ({helped.id: 80, other.id: 220}, 0)
    make_return(second)
    assert thread(helped) == ({first.id: 300}, 80)
    make_part_back(100, "class")  # 80 of it was covered by nothing
    assert thread(helped) == ({first.id: 280}, 0)
    assert thread(other) == ({first.id: 20}, 200)
    assert read_threads(helped.id)[0].returned_satang == 220
    assert wrong() == []
    for satang, ref in ((281, "class"), (1, "unknown")):
        with pytest.raises(MoreCameBackError):
            make_part_back(satang, ref)
    with pytest.raises(MoreCameBackError):
        make_part_back(1, "class", "OTHER")
    for undone in (helped, back):
        with pytest.raises(PartCameBackError):
            make_reversal(undone)
    make_gift(10, "OTHER")
    make_reversal(make_approval(10, "OTHER", source_ref="cancelled"))
    with pytest.raises(MoreCameBackError):
        make_part_back(10, "cancelled", "OTHER")
    assert wrong() == []


def test_an_entry_of_two_funds_is_followed_in_each_and_carries_its_own_cost():
    """A payment split between two funds, less a fee; and money moved from one fund to another."""
    split = make_entry(
        PostingDraft("GENERAL", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 500),
        PostingDraft("GENERAL", chart.BANK_FEES, chart.BANK_MAIN, 20),
        PostingDraft("OTHER", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 300),
    )
    moved = make_entry(
        PostingDraft("GENERAL", chart.NET_ASSETS_BROUGHT_FORWARD, chart.BANK_MAIN, 100),
        PostingDraft("OTHER", chart.BANK_MAIN, chart.NET_ASSETS_BROUGHT_FORWARD, 100),
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


@pytest.mark.one_case
@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_what_happens_is_kept_as_the_journal_says(seed):
    """Gifts, approvals, fees, cancellations, reversals, returns and parts of help that came back,
    one by one and together.
    """
    rng, live, helps = random.Random(seed), [], {}  # noqa: S311 - an invented history
    for _ in range(70):
        act, satang = rng.choice("gggaaafuurbpp"), rng.randrange(1, 300)
        try:
            if act in "gf":
                live.append(make_gift(satang) if act == "g" else fee(satang))
            elif act == "a":
                live.append(make_approval(satang, source_ref=f"help-{len(helps)}"))
                helps[live[-1].id] = [f"help-{len(helps)}", satang, satang]
            elif act == "p" and helps:
                came_back(rng, live, helps)
            elif act == "b":
                drafts = [gift(satang, "GENERAL"), spending(satang // 2 + 1, "GENERAL")] * 1
                live += unit_of_work(post_entries, drafts, actor=BOOKKEEPER)
            elif live:
                undone = rng.choice(live)
                is_gift = dict_kind(undone) is EntryKind.DONATION
                live.remove(undone)
                (make_return if act == "r" and is_gift else make_reversal)(undone)
        except PartCameBackError:
            assert helps[undone.id][1] < helps[undone.id][2]
            live.append(undone)
        except (InsufficientFundsError, FundShortError):
            continue
    assert wrong() == []
    for posted in live:
        thread(posted)


def came_back(rng, live, helps):
    """A part of some help comes back, unless it was undone or less is left of it."""
    approved, (ref, left, _whole) = rng.choice(list(helps.items()))
    satang = rng.randrange(1, left + left // 4 + 2)
    if satang > left or approved not in {each.id for each in live}:
        with pytest.raises(MoreCameBackError):
            make_part_back(satang, ref)
        return
    make_part_back(satang, ref)
    helps[approved][1] -= satang


def dict_kind(posted):
    return EntryKind(
        db.session.scalar(
            text("SELECT kind FROM journal_entries WHERE id = :id"), {"id": posted.id}
        )
    )


def test_a_small_fund_finds_its_money_among_many_entries():
    """Past so many entries of others the index of the fund is read; the parts are the same."""
    first = make_gift(10, "OTHER")
    unit_of_work(post_entries, [gift(1, "GENERAL") for _ in range(4200)], actor=BOOKKEEPER)
    second, third = make_gift(20, "OTHER"), make_gift(30, "OTHER")
    make_return(second)
    spent = make_approval(35, "OTHER")
    assert thread(spent, "OTHER") == ({first.id: 10, third.id: 25}, 0)
    many = make_approval(4150)
    assert len(thread(many)[0]) == 4150
    make_reversal(many)
    assert thread(make_approval(4200))[1] == 0
    assert wrong() == []


def forge_gift(entry_id, satang, like):
    """A gift by raw SQL under an id of long ago."""
    db.session.execute(
        text(
            "INSERT INTO postings SELECT :id, position, posting_count, entry_on, fund_code,"
            " debit_account_code, credit_account_code, :satang FROM postings WHERE entry_id = :like"
        ),
        {"id": entry_id, "satang": satang, "like": like.id},
    )
    db.session.execute(
        text(
            "INSERT INTO journal_entries (id, kind, entry_on, posted_at, memo, source_type,"
            " source_ref, maker, checker, receipt, private, idempotency_key, content_hash,"
            " posting_count, total_satang, canonical, leaf_hash) SELECT :id, kind, entry_on,"
            " posted_at, memo, source_type, source_ref, maker, checker, receipt, private,"
            " CAST(:id AS text), content_hash, posting_count, :satang, canonical, leaf_hash"
            " FROM journal_entries WHERE id = :like"
        ),
        {"id": entry_id, "satang": satang, "like": like.id},
    )


def test_money_that_is_written_after_its_place_was_passed_takes_it_later():
    """Ids are taken before entries are written. Until somebody spends, the check leaves the late
    money out; then the fund is followed anew.
    """
    first = make_gift(100)
    second = make_gift(100)
    spent = make_approval(150)
    unit_of_work(forge_gift, first.id + 1, 70, first)
    unit_of_work(fold_balances, actor=WORKER)
    assert rows(ThreadLate) == 1
    assert wrong() == []
    assert thread(spent) == ({first.id: 100, second.id: 50}, 0)
    later = make_approval(60)
    assert rows(ThreadLate) == 0
    assert thread(spent) == ({first.id: 100, first.id + 1: 50}, 0)
    assert thread(later) == ({first.id + 1: 20, second.id: 40}, 0)
    make_return(first)
    unit_of_work(forge_gift, first.id + 2, 10, second)  # beside a shortage
    unit_of_work(forge_gift, first.id + 3, 500, second)
    unit_of_work(fold_balances, actor=WORKER)
    assert wrong() == []
    make_approval(1)
    assert wrong() == []
    assert thread(spent)[1] == 0


def test_a_key_that_comes_twice_is_followed_once():
    """The first of two equal drafts is written; and sent again later, nothing is."""
    make_gift(100)
    draft = spending(30, fund="GENERAL")
    for _ in range(2):
        posted = unit_of_work(post_entries, [draft, draft], actor=BOOKKEEPER)
        assert thread(posted[0])[1] == 0
    assert rows(ThreadMove) == 1
    assert wrong() == []


def test_many_spend_at_once(app):
    """Eight writers on two funds: whoever comes first, every part is whole."""
    for _ in range(30):
        make_gift(100)
        make_gift(50, "OTHER")

    def work(number):
        with app.app_context():
            fund = "GENERAL" if number % 2 else "OTHER"
            try:
                if number % 3:
                    posted = unit_of_work(
                        post_entry, spending(70 + number, fund=fund), actor=BOOKKEEPER
                    )
                    if number % 5 == 0:
                        make_reversal(posted)
                else:
                    make_gift(40, fund)
            except InsufficientFundsError:
                return
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(30)))
    unit_of_work(fold_balances, actor=WORKER)
    assert wrong() == []


def refused(*statements):
    def work():
        for statement in statements:
            db.session.execute(text(statement))

    try:
        unit_of_work(work)
    except DBAPIError as error:
        return str(error.orig)
    return ""


def test_raw_sql_is_refused_or_found():
    """What no journal can lead to is refused by the database, everything else by the check."""
    first, second = make_gift(300), make_gift(100)
    other = make_gift(500, "OTHER")
    spent, small = make_approval(200), make_approval(50)
    move = "INSERT INTO thread_moves VALUES ({cause}, '{fund}', {taker}, {source}, {satang})"
    good = {"cause": small.id, "fund": "GENERAL", "taker": spent.id, "source": second.id}
    for values, words in (
        ({"satang": 201}, "more than the entry moved"),
        ({"satang": -101}, "more than the entry moved"),
        ({"satang": 1, "source": other.id}, "more than the entry moved"),
        ({"satang": 1, "fund": "OTHER"}, "more than the entry moved"),
        ({"satang": 1, "source": small.id}, "more than the entry moved"),
        ({"satang": 1, "taker": first.id}, "more than the entry moved"),
        ({"satang": 0}, "ck_thread_moves_moves_something"),
        ({"satang": 1, "cause": first.id}, "ck_thread_moves_caused_last"),
        ({"satang": 1, "fund": "NONE"}, "thread"),
    ):
        assert words in refused(move.format(**{**good, **values}))
    rest = "INSERT INTO thread_rests VALUES ('GENERAL', {}, {})"
    for entry_id, satang in ((second.id, 101), (second.id, -1), (spent.id, 1), (spent.id, -201)):
        assert "more than the entry moved" in refused(rest.format(entry_id, satang))
    assert "ck_thread_rests" in refused(rest.format(second.id, 0))
    for table, column in (("thread_moves", "satang"), ("thread_rests", "rest_satang")):
        assert "not changed" in refused(f"UPDATE {table} SET {column} = {column}")
    assert "not changed" in refused("UPDATE thread_heads SET last_entry_id = last_entry_id")
    head = "INSERT INTO thread_heads VALUES ('{}', {}, {})"
    assert "no source of its fund" in refused(head.format("OTHER", second.id, other.id))
    assert "did not touch its fund" in refused(head.format("OTHER", -1, first.id))
    assert wrong() == []
    for statement in (
        move.format(**good, satang=7),
        f"DELETE FROM thread_moves WHERE taker_entry_id = {spent.id}",
        f"UPDATE thread_moves SET satang = 49 WHERE taker_entry_id = {small.id}",
        f"UPDATE thread_moves SET fund_code = 'OTHER' WHERE taker_entry_id = {small.id}",
        "DELETE FROM thread_rests",
        "UPDATE thread_rests SET rest_satang = 49",
        rest.format(second.id, 100),
        "DELETE FROM thread_heads",
        "UPDATE thread_heads SET head_entry_id = 0",
        f"UPDATE thread_heads SET head_entry_id = {second.id}",
        "UPDATE thread_heads SET last_entry_id = last_entry_id + 1",
    ):
        with tampered(statement):
            assert [f"{each.ref} {each.problem}" for each in thread_kept()], statement
            assert wrong_since(second.id), statement
    later = make_gift(400, "OTHER")
    make_approval(600, "OTHER")
    assert "ck_thread_heads_head_before_last" in refused(
        "DELETE FROM thread_heads WHERE fund_code = 'OTHER'",
        head.format("OTHER", later.id, other.id),
    )
    assert wrong() == []


@pytest.mark.sqlite
def test_the_command_prints_both_ends(runner):
    """With the keys that other programs ask for, and a word where there is nothing."""
    given = make_gift(500)
    spent = make_approval(320)
    printed = runner.invoke(args=["audit", "thread", entry_number(given.id), "--json"])
    assert json.loads(printed.output) == {
        "entry": entry_number(given.id),
        "fund": "GENERAL",
        "amount_satang": 500,
        "parts": [
            {
                "entry": entry_number(spent.id),
                "kind": "assistance_approved",
                "amount_satang": 320,
            }
        ],
        "returned_satang": 0,
        "open_satang": 180,
    }
    printed = runner.invoke(args=["audit", "thread", entry_number(spent.id)])
    assert entry_number(given.id) in printed.output
    assert runner.invoke(args=["audit", "thread", "JE0"]).exit_code == 1


def test_a_fund_followed_anew_is_as_it_was(runner):
    """The cache holds nothing that the journal does not say."""
    make_gift(300)
    make_gift(100)
    undone = make_approval(350)
    make_reversal(undone)
    make_approval(20)
    fee(390)
    before = [tuple(row) for row in db.session.execute(select(*ThreadMove.__table__.c))]
    unit_of_work(db.session.execute, text("DELETE FROM thread_moves"))
    assert wrong() != []
    assert runner.invoke(args=["ledger", "rebuild-thread"]).exit_code == 0
    assert [tuple(row) for row in db.session.execute(select(*ThreadMove.__table__.c))] == before
    assert wrong() == []
