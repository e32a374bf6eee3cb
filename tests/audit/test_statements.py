"""Statements: each figure is the sum of the entries that it opens, on screen and in every file; and
what was so on a past day stays so.
"""

import csv
import html
import io
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pikepdf
import pytest
from python_calamine import CalamineWorkbook

from fundapp.access.permissions import Role
from fundapp.audit.statements.registry import KINDS
from fundapp.db import unit_of_work
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.models import EntryKind, Restriction
from fundapp.ledger.operations import close_period
from tests.factories.actors import COMMAND_LINE
from tests.factories.books import (
    close_month,
    make_approval,
    make_entry,
    make_fund,
    make_gift,
    make_payout,
    make_reversal,
)
from tests.factories.identity import make_user, open_session_of
from tests.giving.receipts.copied_text import copied_text, needs_pdftotext

ADDRESSES = [kind.address for kind in KINDS]
#: Figures that are computed, not booked: of a budget what is left, and sums of kinds of expenses.
COMPUTED = ("Left, ", "Of that paid, Total", "Of that waiting to be paid, Total")
_FIGURE = re.compile(
    r'<td class="num[^>]*>(?:<a href="([^"]+)" aria-label="([^"]+)">)?\s*([−\d.,]+)'
)


@pytest.fixture
def desk(build_once, client, clock):
    def make():
        make_books()
        auditor = make_user(Role.AUDITOR, name="Anan Prepares")
        return open_session_of(client.application, auditor.email)

    client.set_cookie("sid", build_once("audit/statements", make))
    client.set_cookie("lang", "en")
    return client


def make_books():
    """Two funds over two years, with all that statements tell apart."""
    make_fund("GENERAL")
    make_fund("ZAKAT", Restriction.ZAKAT, position=1)
    opening = PostingDraft("GENERAL", chart.BANK_MAIN, chart.NET_ASSETS_BROUGHT_FORWARD, 70_000)
    make_entry(opening, kind=EntryKind.OPENING, entry_on=date(2025, 10, 1))
    make_gift(30_003, on=date(2025, 11, 3))
    make_approval(9_000, on=date(2026, 1, 15))
    make_payout(9_000, on=date(2026, 2, 2))
    make_gift(150_050, on=date(2026, 10, 20), memo="=HYPERLINK(1)")
    make_entry(
        PostingDraft("ZAKAT", chart.BANK_ZAKAT, chart.ZAKAT_RECEIVED, 40_000),
        PostingDraft("ZAKAT", chart.BANK_FEES, chart.BANK_ZAKAT, 1_500),
        entry_on=date(2026, 10, 21),
    )
    make_gift(12_000, on=date(2026, 10, 22), bank=chart.CASH_ON_HAND)
    make_entry(
        PostingDraft("GENERAL", chart.BANK_MAIN, chart.CASH_ON_HAND, 5_000),
        kind=EntryKind.TRANSFER,
        entry_on=date(2026, 10, 23),
    )
    make_entry(
        PostingDraft("GENERAL", chart.BANK_MAIN, chart.NOT_IDENTIFIED, 2_222),
        kind=EntryKind.SUSPENSE,
        entry_on=date(2026, 10, 24),
    )
    make_approval(50_000, on=date(2026, 10, 26))
    make_payout(20_000, on=date(2026, 11, 2))
    make_reversal(make_gift(777, on=date(2026, 10, 27)), on=date(2026, 11, 3))


def satang(text):
    sign = -1 if text.startswith("−") else 1
    return sign * round(float(text.lstrip("−").replace(",", "")) * 100)


def figures_of(page):
    """(address or "", what a screen reader says, satang) of each figure."""
    return [
        (html.unescape(url), html.unescape(name), satang(text))
        for url, name, text in _FIGURE.findall(page)
    ]


def rows_of(answer):
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sum_of_lines(desk, url):
    """What the lines add up to that a figure opens, from the file with all of them."""
    added = parse_qs(urlsplit(url).query).get("sum", [""])[0]
    code = re.search(r"/accounts/(\d)", url)
    if not added:
        added = "debit" if code[1] in "15" else "credit"
    lines = [row for row in rows_of(desk.get(f"{url}&format=csv")) if row["entry"]]
    debit, credit = (
        sum(round(float(row[side] or 0) * 100) for row in lines)
        for side in ("debit_baht", "credit_baht")
    )
    return {
        "debit": debit - credit, "credit": credit - debit, "debits": debit, "credits": credit,
    }[added]  # fmt: skip


@pytest.mark.parametrize("query", ["", "?fund=GENERAL&as_of=2026-10-26&to_on=2026-10-26"])
def test_every_figure_of_every_statement_is_the_sum_of_the_entries_it_opens(desk, query):
    """Totals too; what is computed opens nothing."""
    check_figures(desk, query)


def test_the_closing_of_a_year_is_left_out_of_what_the_year_brought(desk):
    """And it is told in the balances."""
    make_gift(1_500, on=date(2026, 9, 10))
    query = "?from_on=2025-10-01&to_on=2026-09-30&as_of=2026-09-30&year=2569"
    of_the_year = ("activities", "net-assets", "receipts-and-payments", "budget", "funds")

    def figures():
        return {name: desk.get(f"/audit/{name}{query}&format=csv").text for name in of_the_year}

    before = figures()
    seal_everything(actor=COMMAND_LINE)
    for year, month in [(2025, 10), (2025, 11), (2026, 1), (2026, 2), (2026, 9)]:
        unit_of_work(close_period, date(year, month, 1), actor=COMMAND_LINE)
    assert figures() == before
    rows = rows_of(desk.get(f"/audit/trial-balance{query}&format=csv"))
    assert not [row for row in rows if row["code"][0] in "45" and float(row["credit_baht"] or 0)]
    check_figures(desk, query)


def check_figures(desk, query):
    """Each figure of each statement is what the page shows that it opens, and what its file has."""
    known, seen = {}, 0
    for address in ADDRESSES:
        answer = desk.get(f"/audit/{address}{query}")
        assert answer.status_code == 200, address
        page = answer.text.partition('id="list"')[2]
        for url, name, amount in figures_of(page):
            if not url:
                assert name == "" or amount == 0 or name.startswith(COMPUTED), (address, amount)
                continue
            if "/budgets" in url:
                assert desk.get(url).status_code == 200, url
                continue
            if url not in known:
                opened = desk.get(url)
                assert opened.status_code == 200, url
                shown = re.search(r'id="sum"><span[^>]*>([^<]+)<', opened.text)
                known[url] = satang(shown[1]), sum_of_lines(desk, url)
            assert known[url] == (amount, amount), (address, name, url)
            seen += 1
        assert "HYPERLINK" not in page
    assert seen > 60


@pytest.mark.sqlite
def test_statements_without_links_are_none(desk):
    """Each figure that is not zero opens something, but for those that are computed."""
    for address in ADDRESSES:
        page = desk.get(f"/audit/{address}").text.partition('id="list"')[2].partition("</table>")[0]
        cells = re.findall(r'<tr( class="total")?>(.*?)</tr>', page, re.DOTALL)
        bare = [
            text
            for _total, row in cells
            for text in re.findall(r'<td class="num[^>]*>\s*([−\d.,]+\d)', row)
        ]
        assert bare == [] or address == "budget", (address, bare)


def test_the_position_balances_and_receipts_and_payments_are_those_of_the_money(desk):
    """Added up anew from the lines of the files."""

    def lines(address, column="amount_baht"):
        rows = rows_of(desk.get(f"/audit/{address}?format=csv"))
        return {row["code"] or row["name"]: round(float(row[column]) * 100) for row in rows}

    position = lines("financial-position")
    by_digit = dict.fromkeys("123", 0)
    for code, amount in position.items():
        by_digit[code[0] if code[0] in by_digit else "3"] += amount
    assert by_digit["1"] == by_digit["2"] + by_digit["3"] == 273_775
    assert position["Income above or below expenses, earlier fiscal years"] == 21_003
    assert lines("financial-position", "last_year_baht")["1121"] == 100_003
    money = lines("receipts-and-payments")
    assert (money["4110"], money["4130"], money["Help paid"]) == (162_050, 40_000, 20_000)
    assert (money["5210"], money["2120"]) == (1_500, 2_222)
    ends = {code: amount for code, amount in money.items() if code.startswith("11")}
    assert ends == {code: amount for code, amount in position.items() if code.startswith("11")}
    (bank, *_rest) = [
        row for row in rows_of(desk.get("/audit/cash-book?format=csv")) if row["code"] == "1121"
    ]
    assert [bank[f"{name}_baht"] for name in ("opening", "in", "out", "closing")] == [
        "910.03", "1580.49", "207.77", "2282.75",
    ]  # fmt: skip


def test_what_was_so_on_a_past_day_stays_so(desk):
    """Later entries, a reversal among them, change no figure of a closed month."""

    def printed():
        return [
            desk.get(f"/audit/{address}?as_of=2026-10-31&to_on=2026-10-31&format=csv").data
            for address in ADDRESSES
            if address != "budget"
        ]

    before = printed()
    gift = make_gift(4_444, on=date(2026, 11, 20))
    make_reversal(gift, on=date(2026, 11, 21))
    close_month(date(2026, 10, 1))
    assert printed() == before
    make_gift(1, on=date(2026, 11, 1))
    assert printed() == before


@pytest.mark.sqlite
def test_a_spreadsheet_has_numbers_days_and_texts_and_runs_nothing(desk):
    """Files are drawn alike on both databases."""
    answer = desk.get("/audit/accounts/1121?format=xlsx")
    assert answer.headers["Content-Disposition"].endswith('"account-1121.xlsx"')
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0)
    rows = sheet.to_python()
    header = next(number for number, row in enumerate(rows) if "Balance (baht)" in row)
    gift = next(row for row in rows if row[0] and "=HYPERLINK(1)" in row)
    assert gift[0] == date(2026, 10, 20)
    assert gift[rows[header].index("Debit (baht)")] == 1500.5
    for language, title in (("en", "Statement of financial position"), ("th", None)):
        paper = desk.get(f"/audit/financial-position?format=pdf&language={language}")
        with pikepdf.open(io.BytesIO(paper.data)) as pdf:
            assert str(pdf.Root.Lang).startswith(language)
            assert title in (None, str(pdf.docinfo.get("/Title")))
    # The language of a file does not change that of the pages.
    assert "Trial balance" in desk.get("/audit/trial-balance").text


@pytest.mark.sqlite
@needs_pdftotext
def test_a_paper_says_who_made_it_when_and_where_to_sign(desk, tmp_path):
    """Drawn alike on both databases."""
    text = copied_text(desk.get("/audit/trial-balance?format=pdf&language=en").data, tmp_path)
    for said in ("Madeon24Nov2026", "byAnanPrepares", "Preparedby", "Checkedby", "Approvedby",
                 "1/1", "3,342.75", "Allfunds"):  # fmt: skip
        assert said in text, (said, text)


@pytest.mark.sqlite
def test_a_ledger_of_no_account_is_refused_at_its_field(desk):
    """The filter is alike on both databases."""
    answer = desk.get("/audit/general-ledger?accounts=9,x")
    assert (answer.status_code, 'id="accounts-error"' in answer.text) == (422, True)
    assert desk.get("/audit/general-ledger?sum=nonsense").status_code == 422
    assert desk.get("/audit/general-ledger?accounts=4,5&after=x&fund=GENERAL").status_code == 200
