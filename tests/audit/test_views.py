"""The auditor's pages: what they show, where they lead, what they refuse; and who read them."""

import csv
import io
import re
from datetime import date

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.audit.forms import AsOfFilter
from fundapp.audit.statements.registry import KINDS
from fundapp.banking.operations import book_charge
from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import Payout
from fundapp.giving.models import Receipt
from fundapp.ledger import chart, queries
from fundapp.ledger.canonical import leaf_hash
from fundapp.ledger.drafts import entry_number
from fundapp.trail.models import AuditEvent
from tests.documents.pictures import pdf
from tests.factories.actors import OFFICER
from tests.factories.banking import import_moves, interest, make_bank_account
from tests.factories.books import (
    make_approval,
    make_fund,
    make_gift,
    make_payout,
    make_reversal,
)
from tests.factories.disbursements import make_approved, make_paid, make_team, prove
from tests.factories.giving import make_payment
from tests.factories.identity import make_user, open_session_of, sign_in

pytestmark = pytest.mark.sqlite

PAGES = ["journal", "general-ledger", "accounts/1121", *(kind.address for kind in KINDS)]
ALL_PAGES = [*PAGES, "statements", "checks", "exports"]
#: Those of a day and not of a range of days.
OF_A_DAY = {kind.address for kind in KINDS if kind.filter is AsOfFilter}


@pytest.fixture
def auditor(build_once, clock):
    return build_once("audit/auditor", lambda: make_user(Role.AUDITOR))


@pytest.fixture
def desk(auditor, build_once, client):
    token = build_once("session", lambda: open_session_of(client.application, auditor.email))
    client.set_cookie("sid", token)
    client.set_cookie("lang", "en")
    return client


@pytest.fixture
def books(build_once, clock):
    return build_once("audit/books", make_books)


def make_books():
    make_fund("GENERAL")
    gift = make_gift(150_050, on=date(2026, 10, 20), memo="Gift <b>of</b> a friend")
    make_approval(50_000)
    make_payout(20_000)
    return gift


def rows_of(answer):
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def not_answered(browser, status, addresses=ALL_PAGES):
    """The addresses that answer with another status, or with a page that has no heading."""
    return [
        (address, answer.status_code)
        for address in addresses
        for answer in [browser.get(f"/audit/{address}")]
        if answer.status_code != status or (status == 200 and "<h1>" not in answer.text)
    ]


def test_every_page_opens_on_empty_books(desk):
    in_each = [f"{page}?lang={lang}" for page in ALL_PAGES for lang in ("th", "en", "ms")]
    assert not_answered(desk, 200, in_each) == []


def test_every_page_opens_on_books_with_entries(desk, books):
    assert not_answered(desk, 200) == []


def test_nobody_reads_without_the_right_role(client, session):
    assert not_answered(client, 302) == []
    sign_in(client, make_user(Role.CASE_MANAGER, districts=("9501",)))
    assert not_answered(client, 403) == []


class TestJournal:
    """The page /audit/journal."""

    def test_shows_entries_and_escapes_them(self, desk, books):
        page = desk.get("/audit/journal").text
        assert entry_number(books.id) in page
        assert "1,500.50" in page
        assert "Gift &lt;b&gt;of&lt;/b&gt; a friend" in page

    def test_names_the_fund_beside_its_code(self, desk, books):
        for page in ("journal", f"accounts/{chart.BANK_MAIN}"):
            text = desk.get(f"/audit/{page}?lang=en").text
            assert '<abbr class="code" title="Fund GENERAL">GENERAL</abbr>' in text

    def test_filters(self, desk, books):
        page = desk.get("/audit/journal?kind=assistance_approved").text
        assert "500.00" in page
        assert entry_number(books.id) not in page
        assert entry_number(books.id) in desk.get("/audit/journal?to_on=20/10/2569").text
        assert entry_number(books.id) not in desk.get("/audit/journal?from_on=21 ต.ค. 2569").text

    def test_pages_by_key_to_the_last_entry(self, desk, session):
        make_fund("GENERAL")
        numbers = {entry_number(make_gift(100 + n).id) for n in range(120)}
        seen, url = [], "/audit/journal"
        while url:
            page = desk.get(url).text
            seen += re.findall(r"/audit/entries/(JE\w{13})", page)
            found = re.search(r'rel="next" href="([^"]+)"', page)
            url = found[1].replace("&amp;", "&") if found else None
        assert len(seen) == len(set(seen)) == 120
        assert set(seen) == numbers

    def test_as_csv(self, desk, books):
        answer = desk.get("/audit/journal?format=csv")
        assert "attachment" in answer.headers["Content-Disposition"]
        assert {row["amount_baht"] for row in rows_of(answer)} == {"1500.50", "500.00", "200.00"}

    def test_csv_runs_nothing(self, desk, session):
        make_fund("GENERAL")
        make_gift(100, memo="=HYPERLINK(1)")
        (row,) = rows_of(desk.get("/audit/journal?format=csv"))
        assert row["memo"] == "'=HYPERLINK(1)"


class TestEntry:
    """The page /audit/entries/<number>."""

    def test_shows_postings_and_proof(self, desk, books):
        page = desk.get(f"/audit/entries/{entry_number(books.id)}").text
        entry = queries.get_entry(entry_number(books.id)).row.entry
        assert leaf_hash(entry.canonical).hex() in page
        assert "Never changed: the check code fits" in page
        assert "Same as when it was posted" in page
        assert "/audit/accounts/1121" in page

    def test_names_people(self, desk, session):
        make_fund("GENERAL")
        maker = make_user(Role.CASE_MANAGER, name="Asking Person")
        checker = make_user(Role.APPROVER, name="Deciding Person")
        make_gift(1_000)
        posted = make_approval(900, maker=maker.public_id, checker=checker.public_id)
        page = desk.get(f"/audit/entries/{entry_number(posted.id)}").text
        assert "Asking Person" in page
        assert "Deciding Person" in page

    def test_an_entry_and_its_reversal_lead_to_each_other(self, desk, session):
        make_fund("GENERAL")
        gift = make_gift(1_000)
        numbers = [entry_number(gift.id), entry_number(make_reversal(gift).id)]
        for here, there in (numbers, numbers[::-1]):
            assert f"/audit/entries/{there}" in desk.get(f"/audit/entries/{here}").text

    def test_links_to_its_source(self, desk, session):
        make_fund("GENERAL")
        posted = make_gift(1_000, source_type="payment", source_ref="abc")
        assert 'href="/payments/abc"' in desk.get(f"/audit/entries/{entry_number(posted.id)}").text

    def test_names_its_source_as_people_do(self, desk, session):
        request = make_approved(make_team())
        payment = make_payment(1_000)
        make_bank_account()
        (line,) = import_moves(interest())
        tied = unit_of_work(book_charge, line.public_id, actor=OFFICER)
        receipt = session.scalars(select(Receipt).where(Receipt.payment_id == payment.id)).one()
        for entry_id, url, name in (
            (request.approval_entry_id, f"/disbursements/{request.public_id}", request.number),
            (
                payment.journal_entry_id,
                f"/payments/{payment.public_id}",
                f"Receipt {receipt.label}",
            ),
            (tied.journal_entry_id, f"/bank/lines/{line.public_id}", "KTB-MAIN · "),
        ):
            page = desk.get(f"/audit/entries/{entry_number(entry_id)}").text
            link = page.partition(f'<a href="{url}">')[2].partition("</a>")[0]
            assert name in re.sub("<[^>]+>", "", link), page
            assert url.rpartition("/")[2] not in link
        assert "Line of a statement: " in page
        assert f"Row {line.row_number}" in link

    def test_an_entry_and_all_that_belongs_to_it_lead_to_each_other(self, desk, session):
        """Source, receipt, line of the bank, proof of receipt and papers."""
        team = make_team()
        paid = make_paid(team)
        prove(paid, team, document=pdf())
        payment = make_payment(1_000)
        make_bank_account()
        (line,) = import_moves(interest())
        tied = unit_of_work(book_charge, line.public_id, actor=OFFICER)
        receipt = session.scalars(select(Receipt).where(Receipt.payment_id == payment.id)).one()
        payout = session.scalars(select(Payout).where(Payout.request_id == paid.id)).one()
        for entry_id, urls in (
            (payout.journal_entry_id, [f"/disbursements/{paid.public_id}"]),
            (paid.approval_entry_id, [f"/disbursements/{paid.public_id}"]),
            (payment.journal_entry_id, [f"/payments/{payment.public_id}"]),
            (payment.journal_entry_id, [f"/receipts/{receipt.code}"]),
            (tied.journal_entry_id, [f"/bank/lines/{line.public_id}"]),
        ):
            number = entry_number(entry_id)
            here = desk.get(f"/audit/entries/{number}").text
            for url in urls:
                assert f'href="{url}"' in here, url
                assert f'href="/audit/entries/{number}"' in desk.get(url).text, url
        assert (
            f'href="/receipts/{receipt.code}/proof"'
            in desk.get(f"/audit/entries/{entry_number(payment.journal_entry_id)}").text
        )
        proved = desk.get(f"/audit/entries/{entry_number(payout.journal_entry_id)}").text
        assert "Proof of receipt: " in proved
        assert "Paper filed on " in proved
        assert "Aminah Invented" not in proved

    @pytest.mark.parametrize("number", ["JE0000000000000", "x", "JE", "JE" + "Z" * 13])
    def test_unknown(self, desk, number):
        assert desk.get(f"/audit/entries/{number}").status_code == 404


class TestStatements:
    """Trial balance, accounts, funds, activities."""

    def test_a_filter_says_in_one_line_what_is_chosen(self, desk, books):
        def said(query):
            page = desk.get(f"/audit/{query}").text.partition('"filter-fold"')[2]
            return " ".join(
                re.findall(r"<summary>.*?<span>(.*?)</span>", page, re.DOTALL)[0].split()
            )

        assert said("journal?order=newest") == "Filter: nothing chosen"
        chosen = said("journal?from_on=1/10/2569&fund=GENERAL&order=oldest")
        assert chosen == "Filter: From the day 1/10/2569, Fund Fund GENERAL, Order Oldest first"
        # What a link names has a sentence of its own on the page.
        assert said("trail?subject=fund&ref=GENERAL") == "Filter: Thing Fund"

    def test_trial_balance_as_of_a_day_in_either_era(self, desk, books):
        for day in ("20/10/2569", "2026-10-20", "20 October 2026", "๒๐/๑๐/๒๕๖๙"):
            page = desk.get("/audit/trial-balance", query_string={"as_of": day}).text
            assert page.count("1,500.50") == 8, day
        assert "1,500.50" not in desk.get("/audit/trial-balance?as_of=19/10/2569").text

    def test_trial_balance_as_csv_balances(self, desk, books):
        rows = rows_of(desk.get("/audit/trial-balance?format=csv"))
        debits, credits_ = (
            sum(round(float(row[side]) * 100) for row in rows)
            for side in ("debit_baht", "credit_baht")
        )
        assert debits == credits_ == 180_050
        assert {row["code"] for row in rows} == {"1121", "2110", "4110", "5120"}

    def test_one_fund(self, desk, books):
        make_fund("OTHER")
        assert "1,500.50" not in desk.get("/audit/trial-balance?fund=OTHER").text
        assert "1,500.50" in desk.get("/audit/trial-balance?fund=GENERAL").text

    def test_accounts_come_as_accountants_write_them(self, desk, books):
        groups = re.findall(r'<tr id="(\w+)"', desk.get("/audit/accounts").text)
        assert groups == ["asset", "liability", "net_assets", "income", "expense"]

    def test_account_shows_the_running_balance(self, desk, books):
        page = desk.get(f"/audit/accounts/{chart.BANK_MAIN}").text
        assert "1,500.50" in page
        assert "1,300.50" in page
        assert desk.get("/audit/accounts/9999").status_code == 404

    def test_account_as_csv(self, desk, books):
        rows = rows_of(desk.get(f"/audit/accounts/{chart.BANK_MAIN}?format=csv"))
        assert [row["balance_baht"] for row in rows] == ["0.00", "1500.50", "1300.50"]

    def test_funds(self, desk, books):
        assert "1,000.50" in desk.get("/audit/funds").text
        (row,) = rows_of(desk.get("/audit/funds?format=csv"))
        assert (row["net_assets_baht"], row["liabilities_baht"]) == ("1000.50", "300.00")

    def test_the_balances_of_one_fund_and_a_day(self, desk, books):
        make_fund("OTHER", position=1)
        make_gift(7_700, "OTHER", on=date(2026, 10, 22))
        page = desk.get("/audit/funds?as_of=21/10/2569").text
        assert "1,500.50" in page
        assert "77.00" not in page
        assert "77.00" in desk.get("/audit/funds").text

    def test_activities(self, desk, books):
        rows = rows_of(desk.get("/audit/activities?from_on=1/11/2569&format=csv"))
        assert [(row["code"], row["total_baht"]) for row in rows] == [("5120", "500.00")]


@pytest.mark.parametrize("day", ["31/2/2569", "yesterday", "29/2/2570", "1/1/69", "2026-99-99"])
def test_a_day_that_is_none_is_told_at_the_field(desk, books, day):
    pages = [page for page in PAGES if page != "budget"]
    assert [page for page in pages if not is_told(desk, page, day)] == []


def is_told(desk, page, day):
    """Whether the page refuses the day beside its field, and keeps what was typed."""
    name = "as_of" if page in OF_A_DAY else "from_on"
    answer = desk.get(f"/audit/{page}", query_string={name: day})
    shown = f'id="{name}-error"' in answer.text and f'value="{day}"' in answer.text
    return answer.status_code == 422 and shown


@pytest.mark.parametrize(
    "query", ["fund=NONE", "kind=nonsense", "order=x", "from_on=2/1/2569&to_on=1/1/2569"]
)
def test_a_filter_that_is_none_is_refused(desk, books, query):
    assert desk.get(f"/audit/journal?{query}").status_code == 422


@pytest.mark.parametrize("after", ["x", "2026-11-24.1.1", "9999-12-31.1.1", "' OR 1=1"])
def test_a_place_in_the_address_that_is_none_does_no_harm(desk, books, after):
    assert desk.get("/audit/journal", query_string={"after": after}).status_code == 200
    assert desk.get("/audit/accounts/1121", query_string={"after": after}).status_code == 200


@pytest.mark.parametrize("format_name", ["hledger", "beancount", "csv", "jsonl"])
def test_exports_download(desk, books, format_name):
    answer = desk.get(f"/audit/exports/{format_name}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    assert entry_number(books.id) in answer.text


def test_exports_are_limited(app, desk, books):
    app.config["LIMIT_EXPORT"] = "2 per hour"
    codes = [desk.get("/audit/exports/csv").status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_an_unknown_export(desk):
    assert desk.get("/audit/exports/xml").status_code == 404


def test_reading_leaves_a_line_with_what_was_read(desk, auditor, books):
    number = entry_number(books.id)
    desk.get("/audit/journal?kind=donation&to_on=30%2F11%2F2026&format=csv&name=%E0%B8%81&after=x")
    desk.get(f"/audit/entries/{number}")
    desk.get("/audit/trial-balance?as_of=nonsense")
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "audit:journal:read").order_by(AuditEvent.id)
    ).all()
    assert [(event.actor, event.subject_ref) for event in events] == [
        (auditor.public_id, "journal"),
        (auditor.public_id, number),
    ]
    # What the page does not know, or did not understand, may be anything: it is not kept.
    assert events[0].note == "to_on=2026-11-30 kind=donation order=newest format=csv"
