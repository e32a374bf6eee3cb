"""Balances, account pages and the journal agree with a plain sum over all postings."""

import itertools
import random
from collections import defaultdict
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select, text

from fundapp.db import db, unit_of_work
from fundapp.errors import NotFoundError
from fundapp.ledger import chart, queries
from fundapp.ledger.drafts import PostingDraft, entry_number
from fundapp.ledger.models import EntryKind, JournalEntry, Posting
from fundapp.ledger.operations import fold_balances
from tests.factories.actors import WORKER
from tests.factories.books import make_approval, make_entry, make_fund, make_gift, make_reversal

FUNDS = ("GENERAL", "SCHOOL")
FIRST, LAST = date(2026, 9, 20), date(2026, 12, 10)
WHOLE = {"from_on": date(2026, 1, 1), "to_on": date(2027, 12, 31)}


@pytest.fixture
def books(build_once, clock):
    """Three months of entries of two funds, seeded; the clock stands at 24 November 2026."""
    build_once("ledger/books", make_books)


def make_books():
    for position, code in enumerate(FUNDS):
        make_fund(code, position=position)
    source = random.Random(7)  # noqa: S311 - the same books every time
    for _ in range(60):
        on = FIRST + timedelta(days=source.randrange((LAST - FIRST).days + 1))
        fund = source.choice(FUNDS)
        lines = [
            PostingDraft(
                fund, chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, source.randrange(100, 90_000)
            )
        ]
        if source.random() < 0.3:
            lines.append(PostingDraft(fund, chart.BANK_FEES, chart.BANK_MAIN, 15))
        make_entry(*lines, entry_on=on)
    make_approval(1_234, fund="SCHOOL", on=LAST)


def plain_sums(as_of, fund=None):
    sums = defaultdict(lambda: [0, 0])
    for posting in db.session.scalars(select(Posting).where(Posting.entry_on <= as_of)):
        if fund in (None, posting.fund_code):
            sums[posting.debit_account_code][0] += posting.amount_satang
            sums[posting.credit_account_code][1] += posting.amount_satang
    return {code: tuple(pair) for code, pair in sums.items()}


def trial_sums(as_of, fund=None):
    rows = queries.trial_balance(as_of, fund)
    return {r.account.code: (r.movement.debit_satang, r.movement.credit_satang) for r in rows}


@pytest.mark.one_case
@pytest.mark.parametrize("fund", [None, *FUNDS])
def test_trial_balance_of_every_day_equals_the_plain_sum(books, fund):
    for offset in range((LAST - FIRST).days + 3):
        day = FIRST + timedelta(days=offset - 1)
        assert trial_sums(day, fund) == plain_sums(day, fund), day


def test_trial_balance_balances_and_names_the_side(books):
    rows = queries.trial_balance(date(2026, 11, 5))
    assert sum(row.debit_satang for row in rows) == sum(row.credit_satang for row in rows) > 0
    assert all(row.debit_satang == 0 or row.credit_satang == 0 for row in rows)
    assert [row.account.code for row in rows] == sorted(row.account.code for row in rows)


def test_trial_balance_before_and_far_after_everything(books):
    assert queries.trial_balance(date(1, 1, 1)) == []
    assert trial_sums(date(9999, 12, 31)) == trial_sums(LAST)


def test_folded_and_waiting_balances_read_alike(books):
    before = trial_sums(LAST)
    unit_of_work(fold_balances, actor=WORKER)
    assert trial_sums(LAST) == before


def test_fund_balances_equal_what_is_available(books):
    positions = {p.fund.code: p for p in queries.fund_balances(date(2026, 12, 31))}
    for code in FUNDS:
        assert positions[code].net_assets_satang == queries.fund_available(code)
        position = positions[code]
        assert position.assets_satang - position.liabilities_satang == position.net_assets_satang
    assert positions["SCHOOL"].liabilities_satang == 1_234


def test_fund_available_of_nothing(session):
    with pytest.raises(NotFoundError):
        queries.fund_available("NONE")


@pytest.mark.one_case
@pytest.mark.parametrize("fund", [None, "SCHOOL"])
@pytest.mark.parametrize("code", [chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS])
@pytest.mark.parametrize("limit", [1, 7, 500])
def test_account_pages_chain_without_gap_or_double(books, code, fund, limit):
    pages, after = [], None
    while True:
        page = queries.account_page(
            code, from_on=date(2026, 10, 15), to_on=LAST, fund_code=fund, after=after, limit=limit
        )
        pages.append(page)
        if page.next_key is None:
            break
        after = queries.PageKey.parse(str(page.next_key))
    lines = [line for page in pages for line in page.lines]
    assert [line.key for line in lines] == sorted({line.key for line in lines})
    for earlier, later in itertools.pairwise(pages):
        assert earlier.closing_satang == later.opening_satang
    sign = 1 if code == chart.BANK_MAIN else -1
    assert pages[0].opening_satang == sign * balance(code, date(2026, 10, 14), fund)
    assert pages[-1].closing_satang == sign * balance(code, LAST, fund)


def balance(code, as_of, fund):
    debit, credit = plain_sums(as_of, fund).get(code, (0, 0))
    return debit - credit


def test_account_page_shows_each_posting_from_its_side(session):
    make_fund()
    entry = make_gift(50_000)
    (line,) = queries.account_page(chart.BANK_MAIN, **WHOLE).lines
    assert (line.number, line.debit_satang, line.credit_satang) == (
        entry_number(entry.id),
        50_000,
        0,
    )
    assert line.other_account_code == chart.DONATIONS_INDIVIDUALS
    (line,) = queries.account_page(chart.DONATIONS_INDIVIDUALS, **WHOLE).lines
    assert (line.debit_satang, line.credit_satang, line.balance_satang) == (0, 50_000, 50_000)


def test_a_page_has_fifty_lines_unless_another_number_is_asked_for(session):
    make_fund()
    for number in range(51):
        make_gift(100 + number)
    page = queries.account_page(chart.BANK_MAIN, **WHOLE)
    assert len(page.lines) == len(queries.journal_page(**WHOLE)) == 50
    assert page.next_key == page.lines[-1].key
    rest = queries.account_page(chart.BANK_MAIN, **WHOLE, after=page.next_key)
    assert (len(rest.lines), rest.next_key) == (1, None)
    exact = queries.account_page(chart.BANK_MAIN, **WHOLE, limit=51)
    assert (len(exact.lines), exact.next_key) == (51, None)


def test_the_first_and_the_last_day_are_in_the_page(session):
    make_fund()
    for day in (22, 23, 24, 25):
        make_gift(day, on=date(2026, 11, day))
    days = {"from_on": date(2026, 11, 23), "to_on": date(2026, 11, 24)}
    page = queries.account_page(chart.BANK_MAIN, **days)
    assert [line.debit_satang for line in page.lines] == [23, 24]
    assert (page.opening_satang, page.closing_satang) == (22, 69)
    assert [row.entry.total_satang for row in queries.journal_page(**days)] == [24, 23]
    earlier = queries.PageKey(date(2026, 11, 1), 1)
    assert queries.account_page(chart.BANK_MAIN, **days, after=earlier).lines == page.lines


def test_funds_are_listed_by_position_and_code(session):
    for code, position in (("C", 0), ("B", 1), ("A", 1)):
        make_fund(code, position=position)
    assert [fund.code for fund in queries.list_funds()] == ["C", "A", "B"]
    assert queries.get_fund("B").code == "B"
    with pytest.raises(NotFoundError):
        queries.get_fund("D")


def test_the_chart_of_accounts_is_listed_by_code(session):
    codes = [account.code for account in queries.list_accounts()]
    assert codes == sorted(codes)
    assert queries.get_account(codes[0]).code == codes[0]


def test_account_page_of_an_unknown_account(session):
    with pytest.raises(NotFoundError):
        queries.account_page("9999", **WHOLE)


@pytest.mark.one_case
@pytest.mark.parametrize("newest_first", [True, False])
def test_journal_pages_chain_in_both_orders(books, newest_first):
    keys, after = [], None
    while rows := queries.journal_page(**WHOLE, after=after, newest_first=newest_first, limit=9):
        keys += [row.key for row in rows]
        after = rows[-1].key
    assert keys == sorted(set(keys), reverse=newest_first)
    assert len(keys) == db.session.scalar(select(func.count()).select_from(JournalEntry))


@pytest.mark.one_case
@pytest.mark.parametrize("newest_first", [True, False])
def test_journal_pages_of_a_fund_chain_in_both_orders(books, newest_first):
    whole = queries.journal_page(**WHOLE, newest_first=newest_first, limit=500)
    wanted = [row.number for row in whole if row.postings[0].fund_code == "SCHOOL"]
    seen, after = [], None
    while page := queries.journal_page(
        **WHOLE, fund_code="SCHOOL", after=after, newest_first=newest_first, limit=7
    ):
        seen += [row.number for row in page]
        after = page[-1].key
    assert seen == wanted


def test_journal_filters(books):
    rows = queries.journal_page(**WHOLE, kind=EntryKind.ASSISTANCE_APPROVED)
    assert [row.entry.total_satang for row in rows] == [1_234]
    rows = queries.journal_page(**WHOLE, fund_code="SCHOOL", limit=500)
    assert rows
    assert {p.fund_code for row in rows for p in row.postings} == {"SCHOOL"}
    assert queries.journal_page(from_on=date(2027, 1, 1), to_on=date(2027, 2, 1)) == []


def test_an_entry_knows_its_reversal(session):
    make_fund()
    gift = make_gift(500)
    reversal = make_reversal(gift)
    undone, undoing = (queries.get_entry(entry_number(one.id)) for one in (gift, reversal))
    assert undone.reversed_by.id == reversal.id
    assert undoing.reverses.id == gift.id
    assert [
        row.entry.id for row in queries.list_entries_of_source("test", undone.row.entry.source_ref)
    ] == [
        gift.id,
        reversal.id,
    ]


def test_the_entries_of_a_thing_are_its_own_in_the_order_of_posting(session):
    make_fund()
    own = [make_gift(100 + n, source_type="payment", source_ref="p-1").id for n in range(3)]
    make_gift(1, source_type="payment", source_ref="p-2")
    make_gift(1, source_type="request", source_ref="p-1")
    rows = queries.list_entries_of_source("payment", "p-1")
    assert [row.entry.id for row in rows] == own
    assert [[p.amount_satang for p in row.postings] for row in rows] == [[100], [101], [102]]
    assert [r.entry.id for r in queries.list_entries_of_source("payment", "p-1", 2)] == own[:2]


@pytest.mark.one_case
@pytest.mark.parametrize("number", ["", "JE", "JE0000000000000", "JE000000000000U", "nonsense"])
def test_unknown_entries(session, number):
    with pytest.raises(NotFoundError):
        queries.get_entry(number)


def test_iter_entries_gives_all_in_the_order_of_ids(books):
    ids = [row.entry.id for row in queries.iter_entries(batch=7)]
    assert ids == list(db.session.scalars(select(JournalEntry.id).order_by(JournalEntry.id)))
    assert all(
        len(row.postings) == row.entry.posting_count for row in queries.iter_entries(batch=50)
    )


def test_iter_entries_gives_each_entry_its_own_postings_in_order(session):
    make_fund()
    for number in range(3):
        make_entry(
            PostingDraft("GENERAL", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 100 + number),
            PostingDraft("GENERAL", chart.BANK_FEES, chart.BANK_MAIN, 1 + number),
        )
    for batch in (1, 2, 3, 1000):
        amounts = [
            [posting.amount_satang for posting in row.postings]
            for row in queries.iter_entries(batch=batch)
        ]
        assert amounts == [[100, 1], [101, 2], [102, 3]]


@pytest.mark.parametrize(
    "text_",
    [
        "",
        "x",
        "2026-11-24.1",
        "2026-13-01.1.1",
        "2026-11-24.-1.1",
        "2026-11-24.99999999999999999999.1",
        f"2026-11-24.{'9' * 5000}.1",
        f"2026-11-24.1.{'9' * 5000}",
    ],
)
def test_a_place_that_is_none(text_):
    assert queries.PageKey.parse(text_) is None


def test_a_key_fits_into_its_columns():
    day = date(2026, 11, 24)
    assert queries.PageKey.parse(f"2026-11-24.{2**63 - 1}.{2**31 - 1}") is not None
    assert queries.PageKey.parse(f"2026-11-24.{2**63}.0") is None
    assert queries.PageKey.parse(f"2026-11-24.1.{2**31}") is None
    assert queries.PageKey(day, 1) == queries.PageKey(day, 1, 0)


def test_a_place_survives_its_address():
    key = queries.PageKey(date(2026, 11, 24), 461168601842738790, 3)
    assert queries.PageKey.parse(str(key)) == key


@pytest.mark.sqlite
def test_pages_use_the_indexes(books):
    """No page of the books scans the postings or sorts the journal."""
    statements = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if statement.lstrip().startswith("SELECT"):
            statements.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    queries.account_page(chart.BANK_MAIN, **WHOLE)
    queries.journal_page(**WHOLE)
    queries.trial_balance(date(2026, 11, 10))
    event.remove(db.engine, "before_cursor_execute", note)
    connection = db.session.connection()
    plans = [
        row[3]
        for statement, parameters in statements
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]
    assert plans
    assert [plan for plan in plans if plan in {"SCAN postings", "SCAN journal_entries"}] == []


def test_the_view_is_there(session):
    assert session.scalar(text("SELECT count(*) FROM account_months")) == 0


def plain_lines(span):
    """The postings of a span in the order of the books, each with its debit and credit there."""
    wanted = set(span.codes)
    order = (Posting.entry_on, Posting.entry_id, Posting.position)
    for posting in db.session.scalars(select(Posting).order_by(*order)):
        sides = [
            posting.amount_satang if code in wanted and counts else 0
            for code, counts in (
                (posting.debit_account_code, span.sum.shows_debits),
                (posting.credit_account_code, span.sum.shows_credits),
            )
        ]
        in_days = span.from_on <= posting.entry_on <= span.to_on
        if any(sides) and in_days and span.fund_code in (None, posting.fund_code):
            yield (posting.entry_id, posting.position), *sides


def test_a_ledger_of_several_accounts_is_whole_and_adds_up(books):
    """Chained pages list exactly the postings of the accounts, and their sum is that of the
    balances, whatever is added up.
    """
    codes = [["1121"], ["1121", "5210"], ["2110", "5120"], ["1121", "4110", "5120", "5210"]]
    days = [(FIRST, LAST), (date(2026, 10, 9), date(2026, 11, 20))]
    for chosen, (from_on, to_on), fund, added in itertools.product(
        codes, days, (None, "SCHOOL"), queries.Sum
    ):
        span = queries.LedgerSpan(chosen, from_on, to_on, fund, added)
        after, lines = None, []
        while True:
            page = queries.ledger_page(span, after=after, limit=17)
            is_one_side = added in (queries.Sum.DEBITS, queries.Sum.CREDITS)
            if lines:
                assert page.opening_satang == lines[-1].balance_satang, span
            elif is_one_side:
                assert page.opening_satang == 0
            else:
                opening = page.opening_satang
            lines += page.lines
            after = page.next_key
            if after is None:
                break
        found = [
            ((one.key.entry_id, one.key.position), one.debit_satang, one.credit_satang)
            for one in lines
        ]
        assert found == list(plain_lines(span)), span
        total = page.total_satang
        moved = queries.Movement(sum(row[1] for row in found), sum(row[2] for row in found))
        assert total == added.of(moved), span
        if lines and not is_one_side:
            assert lines[-1].balance_satang == opening + total
