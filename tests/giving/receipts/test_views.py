"""The page of a receipt: what it says, and the limit on guessing its code."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from fundapp.db import db
from fundapp.giving.models import Method, ReceiptPdf
from fundapp.giving.queries import find_receipt_of
from fundapp.giving.receipts.keys import owner_key
from tests.factories.giving import make_payment, make_pledge, make_reversal

pytestmark = pytest.mark.sqlite


def link_of(receipt, ending=""):
    """The link that its donor gets by mail."""
    return f"/receipts/{receipt.code}{ending}?key={owner_key(receipt.code)}"


def test_the_receipt_in_three_languages(client, funds):
    pledge = make_pledge(name="สมชาย <ใจดี>", amount_satang=10_100, instalment_count=1)
    payment = make_payment(10_100, pledge.instalments[0], method=Method.PROMPTPAY)
    url = link_of(find_receipt_of(payment.id))
    english = client.get(f"{url}&lang=en")
    assert english.headers["Cache-Control"] == "no-store"
    for text in (
        "2570-000001",
        "สมชาย &lt;ใจดี&gt;",
        "101.00",
        "หนึ่งร้อยเอ็ดบาทถ้วน",
        "24 November 2026",
    ):
        assert text in english.text
    assert "24 พฤศจิกายน 2569" in client.get(f"{url}&lang=th").text
    assert client.get(f"{url}&lang=ms").status_code == 200


def test_a_void_receipt_shows_its_reason(client, funds):
    payment = make_payment(500)
    make_reversal(payment, "Counted twice")
    page = client.get(f"/receipts/{find_receipt_of(payment.id).code}?lang=en").text
    assert "Another reason" in page
    assert "Counted twice" not in page  # what an officer wrote is for the office
    assert "Void" in page


def test_an_anonymous_receipt_names_nobody(client, funds):
    pledge = make_pledge(name="Aminah Sani", is_anonymous=True)
    payment = make_payment(33_334, pledge.instalments[0])
    page = client.get(f"{link_of(find_receipt_of(payment.id))}&lang=en").text
    assert "Aminah" not in page
    assert "A donor who gives no name" in page


def test_guessing_codes_is_limited_and_reading_is_not(app, client, funds):
    app.config["LIMIT_RECEIPT"] = "2 per hour"
    own = find_receipt_of(make_payment(500).id).code
    assert [client.get(f"/receipts/{own}").status_code for _ in range(4)] == [200] * 4
    guesses = [client.get(f"/receipts/guess{number}").status_code for number in range(3)]
    assert guesses == [404, 404, 429]


def test_the_limit_on_guesses_holds_for_many_at_once(app, funds):
    app.config["LIMIT_RECEIPT"] = "3 per hour"
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda n: app.test_client().get(f"/receipts/x{n}"), range(16))
    assert sorted(answer.status_code for answer in answers) == [404] * 3 + [429] * 13


def test_a_stranger_with_the_code_sees_that_it_is_genuine_and_not_whose(client, funds):
    pledge = make_pledge(name="Aminah Sani", amount_satang=10_100, instalment_count=1)
    receipt = find_receipt_of(make_payment(10_100, pledge.instalments[0]).id)
    for key in ("", "?key=guess", f"?key={owner_key('another')}", "?key=ก"):
        page = client.get(f"/receipts/{receipt.code}{key}")
        assert page.status_code == 200
        assert "Aminah" not in page.text
        assert client.get(f"/receipts/{receipt.code}.pdf{key}").status_code == 404
    page = client.get(f"/receipts/{receipt.code}?lang=en").text
    for text in ("Genuine", "101.00", "24 November 2026", "Gift to the fund", receipt.label):
        assert text in page


def test_the_donor_loads_down_the_same_file_every_time(client, funds):
    receipt = find_receipt_of(make_payment(10_100, payer_name="สมชาย ใจดี").id)
    first, second = (client.get(link_of(receipt, ".pdf")) for _ in range(2))
    assert first.mimetype == "application/pdf"
    assert first.headers["Content-Disposition"] == 'attachment; filename="receipt-2570-000001.pdf"'
    assert first.data == second.data
    kept = db.session.get(ReceiptPdf, receipt.id)
    assert kept.sha256 == hashlib.sha256(first.data).digest()
