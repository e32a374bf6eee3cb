"""What was given per fund, per donor and per method is the same on screens, in exports, and in SQL
that is written here by hand.
"""

import csv
import io
import re
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import text

from fundapp.access.permissions import Role
from fundapp.db import db
from fundapp.giving.models import Method, RefundWay, ReturnReason
from fundapp.giving.operations.payments import MEMOS
from fundapp.giving.shares import ShareTerms
from fundapp.ledger import chart
from tests.factories.books import make_fund
from tests.factories.giving import (
    make_donor,
    make_office_refund,
    make_payment,
    make_pledge,
    make_return,
    make_reversal,
)
from tests.factories.identity import make_user, sign_in

METHODS = (Method.CASH, Method.TRANSFER, Method.PROMPTPAY, Method.CHEQUE)
DAYS = "from_on=2026-10-01&to_on=2026-11-30"
BY_HAND = {
    "fund": """
        SELECT d.fund_code, sum(d.amount_satang) FROM designations d
        JOIN payments p ON p.id = d.payment_id WHERE p.status = 'received' GROUP BY d.fund_code
    """,
    "donor": """
        SELECT o.public_id, sum(p.amount_satang) FROM payments p
        JOIN donors o ON o.id = p.donor_id WHERE p.status = 'received' GROUP BY o.public_id
    """,
    "method": """
        SELECT method, sum(amount_satang) FROM payments WHERE status = 'received' GROUP BY method
    """,
}


@pytest.fixture
def given(build_once, funds, clock):
    """Gifts of three donors to three funds by four methods; one reversed, one taken back by the
    bank, one given back in part, one split between funds.
    """
    build_once("giving/sums", give)


def give():
    make_fund("SECOND", position=4)
    donors = [make_donor(name) for name in ("Aminah", "Bunga", "Chai")]
    for number, donor in enumerate(donors):
        for place, method in enumerate(METHODS):
            fund = ("GENERAL", "SCHOLARSHIP", "ZAKAT")[(number + place) % 3]
            bank = chart.BANK_ZAKAT if fund == "ZAKAT" else chart.BANK_MAIN
            make_payment(
                10_001 * (number + 1) + 7 * place,
                donor_id=donor.id,
                method=method,
                fund_code=fund,
                asset_account_code=chart.CASH_ON_HAND if method is Method.CASH else bank,
                received_on=date(2026, 11, 1 + number + place),
            )
    one = {"donor_id": donors[0].id, "fund_code": "GENERAL"}
    make_reversal(make_payment(55_555, method=Method.CASH, **one))
    make_return(make_payment(44_444, method=Method.CHEQUE, **one), reason=ReturnReason.CHEQUE)
    make_office_refund(make_payment(90_000, method=Method.TRANSFER, **one), 12_345, RefundWay.CASH)
    halves = (ShareTerms("GENERAL", 3_333), ShareTerms("SECOND", 6_667))
    make_payment(10_000, make_pledge(name="Dara", shares=halves).instalments[0])


def by_hand(what):
    db.session.rollback()
    return {key: int(satang) for key, satang in db.session.execute(text(BY_HAND[what]))}


def satang(text):
    return int(text.replace(",", "").replace(".", "").replace("−", "-"))


def journal_of(client):
    """The postings of gifts in the journal as CSV: what they added to income, by payment."""
    answer = client.get(f"/audit/journal?{DAYS}&format=csv&lang=en")
    assert answer.mimetype == "text/csv"
    return [
        (row, satang(row["amount_baht"]) * (1 if row["credit_account"] >= "4" else -1))
        for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
        if row["source_type"] == "payment"
    ]


def added(client, name):
    sums = Counter()
    for row, change in journal_of(client):
        sums[name(row)] += change
    return {key: change for key, change in sums.items() if change}


def test_per_fund(client, given):
    wanted = by_hand("fund")
    assert len(wanted) == 4
    sign_in(client, make_user(Role.FUND_OFFICER))
    assert added(client, lambda row: row["fund"]) == wanted
    answer = client.get(f"/audit/activities?{DAYS}&format=csv&lang=en")
    shown = Counter()
    for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))):
        if row["code"].startswith("4"):
            shown.update({fund: satang(row[f"{fund}_baht"]) for fund in wanted})
    assert shown == wanted
    page = client.get("/audit/funds?lang=en").text
    for each in wanted.values():
        assert f"{each // 100:,}.{each % 100:02}" in page


def test_per_donor(client, given):
    wanted = by_hand("donor")
    assert len(wanted) == 4
    sign_in(client, make_user(Role.FUND_OFFICER))
    listed = client.get("/donors?lang=en").text
    for public_id, each in wanted.items():
        amount = f"{each // 100:,}.{each % 100:02}"
        assert amount in listed
        file = client.get(f"/donors/{public_id}?lang=en").text
        assert re.search(rf"Given so far</dt><dd>[^<]*(<[^>]*>)*{re.escape(amount)}", file), amount
        paper = client.get(f"/donors/{public_id}/statements/2569?lang=en").text
        assert amount in paper
    query = "SELECT p.public_id, o.public_id FROM payments p JOIN donors o ON o.id = p.donor_id"
    owners = {row[0]: row[1] for row in db.session.execute(text(query))}
    assert added(client, lambda row: owners[row["source_ref"]]) == wanted


def test_per_method(client, given):
    wanted = by_hand("method")
    assert len(wanted) == 4
    sign_in(client, make_user(Role.FUND_OFFICER))
    methods = {memo: str(method) for method, memo in MEMOS.items()}
    of_payment = {
        row["source_ref"]: methods[row["memo"]]
        for row, _change in journal_of(client)
        if row["kind"] == "donation"
    }
    assert added(client, lambda row: of_payment[row["source_ref"]]) == wanted
    for method, each in wanted.items():
        page = client.get(f"/payments?method={method}&lang=en").text
        rows = re.findall(r"<tr>.*?</tr>", page.partition("<tbody>")[2], re.DOTALL)
        counted = [
            satang(re.search(r'class="num[^"]*"[^>]*>\s*(?:<[^>]+>)*([\d,]+\.\d\d)', row)[1])
            for row in rows
            if "Received" in row
        ]
        assert sum(counted) == each, method
