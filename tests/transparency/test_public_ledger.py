"""The public ledger, and checking a receipt by its code."""

import csv
from datetime import UTC, date, datetime

import pytest

from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import DisbursementRequest
from fundapp.giving.models import Receipt
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft, entry_number
from fundapp.ledger.log.operations import seal_entries, sign_checkpoint
from fundapp.ledger.models import EntryKind
from fundapp.transparency.operations import publish_months
from fundapp.transparency.queries.public_ledger import LineKey
from fundapp.transparency.rises import K
from tests.factories.actors import WORKER
from tests.factories.books import make_entry, make_fund, make_gift, make_reversal
from tests.factories.disbursements import THOUSAND, help_children, make_team, prove
from tests.factories.giving import make_payment
from tests.transparency.test_became import text_of

ADDRESS = "/ledger/public"


@pytest.fixture
def team(build_once, clock):
    return build_once("poor team", lambda: make_team(available_satang=0))


def publish(clock):
    clock.move_to(datetime(2026, 12, 2, tzinfo=UTC))
    unit_of_work(publish_months, actor=WORKER)
    db.session.rollback()


def test_what_came_in_is_listed_and_help_as_it_was_published(team, clock, client):
    client.set_cookie("lang", "en")
    gift = make_payment(50 * THOUSAND, payer_name="Somchai Generous")
    help_children(team, K)
    month = f"{ADDRESS}?fund=GENERAL&month=2026-11"
    page = text_of(client.get(month))
    assert entry_number(gift.journal_entry_id) in page
    assert "50,000.00" in page
    assert "Somchai" not in page
    assert "This month is published after its end" in page
    publish(clock)  # ten children: too few
    page = text_of(client.get(month))
    assert "Nothing of this month is shown by itself" in page
    assert "10,000" not in page
    clock.move_to(datetime(2026, 12, 3, tzinfo=UTC))
    help_children(team, 1)
    clock.move_to(datetime(2027, 1, 2, tzinfo=UTC))
    unit_of_work(publish_months, actor=WORKER)
    db.session.rollback()
    december = f"{ADDRESS}?fund=GENERAL&month=2026-12"
    page = text_of(client.get(december))
    assert "Help paid Raman covered; for more than ten children 11,000.00" in page
    document = client.get(december.replace("public?", "public.json?")).get_json()
    assert document["published_as_spent"] == [
        {"kind": "help_paid", "district": "9506", "satang": 11 * THOUSAND},
    ]
    assert document["came_in"] == []
    assert "11,000" not in text_of(client.get(month))
    help_children(team, K + 1)
    clock.move_to(datetime(2027, 2, 2, tzinfo=UTC))
    unit_of_work(publish_months, actor=WORKER)
    db.session.rollback()
    january = client.get(f"{ADDRESS}.json?fund=GENERAL&month=2027-01").get_json()
    assert [line["satang"] for line in january["published_as_spent"]] == [11 * THOUSAND]


def test_pages_and_files_follow_each_other_to_the_last_line(app, client, clock):
    """Gifts, interest and a reversal add up to the income of the month, page by page."""
    with app.app_context():
        for code in ("GENERAL", "OTHER"):
            make_fund(code)
        make_gift(999, "OTHER")
        gifts = [make_gift(100 + n, on=date(2026, 11, 1 + n % 20)) for n in range(60)]
        make_reversal(gifts[0], on=date(2026, 11, 22))
        make_gift(5, on=date(2026, 10, 31))
        interest = PostingDraft("GENERAL", chart.BANK_MAIN, chart.BANK_INTEREST, 7)
        make_entry(interest, kind=EntryKind.BANK_INTEREST)
    url, found = f"{ADDRESS}?fund=GENERAL&month=2026-11", []
    for _each in range(2):
        page = client.get(url).get_data(as_text=True)
        found += page.count('scope="row" class="code"') * [1]
        following = page.partition("after=")[2].partition('"')[0]
        url = f"{ADDRESS}?fund=GENERAL&month=2026-11&after={following}"
    assert len(found) == 62
    document = client.get(f"{ADDRESS}.json?fund=GENERAL&month=2026-11").get_json()
    assert sum(line["satang"] for line in document["came_in"]) == sum(range(101, 160)) + 7
    assert document["next"] is None
    table = client.get(f"{ADDRESS}.csv?fund=GENERAL&month=2026-11")
    rows = list(csv.DictReader(table.get_data(as_text=True).removeprefix("\ufeff").splitlines()))
    assert [int(row["satang"]) for row in rows] == [line["satang"] for line in document["came_in"]]
    assert "Link" not in table.headers
    after = LineKey(date(2026, 11, 22), 1, 1)
    rest = client.get(f"{ADDRESS}.json?fund=GENERAL&month=2026-11&after={after}").get_json()
    assert [line["day"] for line in rest["came_in"]] == ["2026-11-22", "2026-11-24"]
    assert client.get(ADDRESS).status_code == 200
    for wrong in ("fund=NONE", "month=2026-13", "month=2027-01", "month=1999-12", "month=x"):
        assert client.get(f"{ADDRESS}?{wrong}").status_code == 404, wrong
        assert client.get(f"{ADDRESS}.csv?{wrong}").status_code == 404, wrong
    assert client.get(f"{ADDRESS}?after=x").status_code == 200


@pytest.mark.sqlite
def test_a_receipt_is_checked_by_its_code(team, clock, client):
    client.set_cookie("lang", "en")
    make_payment(20 * THOUSAND, payer_name="Somchai Generous")
    receipt = db.session.scalars(db.select(Receipt)).one()
    address = "/receipt-check"
    assert "Type the receipt code" in text_of(client.get(address))
    unknown = client.get(f"{address}?code=nothing")
    assert unknown.status_code == 404
    assert "issued no receipt with this code" in unknown.get_data(as_text=True)
    page = text_of(client.get(f"{address}?code={receipt.code}"))
    assert "Genuine" in page
    assert "the next signed checkpoint will have it" in page
    assert "Became help or costs 0.00" in page
    help_children(team, K + 1)
    publish(clock)
    unit_of_work(seal_entries, actor=WORKER)
    unit_of_work(sign_checkpoint, bytes(range(32)), actor=WORKER)
    page = text_of(client.get(f"{address}?code=https://fund.example/receipts/{receipt.code}?x=1"))
    assert "in the signed log of" in page
    assert "Key of the signed log" in text_of(client.get("/real-fund"))
    assert "Became help or costs 11,000.00" in page
    assert "Of this confirmed by those who got it 0.00" in page
    prove(db.session.scalars(db.select(DisbursementRequest)).one(), team)
    page = text_of(client.get(f"{address}?code={receipt.code}"))
    assert "Of this confirmed by those who got it 11,000.00" in page
    assert "Somchai" not in page
    assert "Raman" not in page
