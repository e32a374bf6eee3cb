"""Yearly statements, letters of thanks and the picture to share."""

import io
from datetime import UTC, date, datetime

import pytest
from PIL import Image
from sqlalchemy import text

from fundapp.access.permissions import Role
from fundapp.db import db
from fundapp.giving.queries import find_receipt_of
from fundapp.giving.receipts.keys import owner_key
from fundapp.giving.receipts.statements import get_donor_statement
from fundapp.money import format_baht
from tests.factories.giving import (
    connect_donor,
    make_donor,
    make_payment,
    make_pledge,
    make_reversal,
)
from tests.factories.identity import make_user, sign_in
from tests.giving.receipts.copied_text import copied_text, needs_pdftotext
from tests.giving.receipts.test_replacing import replace

pytestmark = pytest.mark.sqlite


@pytest.fixture
def donor(funds, clock):
    """Three gifts that count in 2569, one that was reversed, and one of the year after."""
    donor = make_donor("Somchai Jaidee")

    def give(satang, on):
        return make_payment(satang, donor_id=donor.id, fund_code="GENERAL", received_on=on)

    give(10_050, date(2026, 1, 1))
    replace(find_receipt_of(give(20_000, date(2026, 5, 5)).id))
    make_reversal(give(99_900, date(2026, 5, 6)))
    clock.move_to(datetime(2027, 1, 4, 3, tzinfo=UTC))
    give(30_000, date(2026, 12, 31))
    give(70_000, date(2027, 1, 1))
    return donor


def test_the_total_is_the_sum_of_the_receipts(client, donor):
    statement = get_donor_statement(donor.public_id, 2569)
    by_hand = db.session.scalar(
        text(
            "SELECT sum(r.amount_satang) FROM receipts r JOIN payments p ON p.id = r.payment_id"
            " WHERE p.donor_id = :donor AND r.voided_at IS NULL"
            " AND p.received_on BETWEEN '2026-01-01' AND '2026-12-31'"
        ),
        {"donor": donor.id},
    )
    assert statement.total_satang == by_hand == 60_050
    sign_in(client, make_user(Role.FUND_OFFICER))
    url = f"/donors/{donor.public_id}/statements"
    page = client.get(f"{url}/2569?lang=en").text
    assert format_baht(by_hand) in page
    for label in (row.label for row in statement.receipts):
        assert label in page
    assert "700.00" in client.get(f"{url}/2570").text
    assert f"{url}/2568" not in page
    assert f"{url}/2570" in page
    far = client.get(f"{url}/2600")
    assert (far.status_code, f"{url}/2570" in far.text) == (200, True)
    assert client.get(f"{url}/99").status_code == 404
    assert client.get("/donors/nobody/statements/2569").status_code == 404


@needs_pdftotext
@pytest.mark.parametrize(("lang", "year"), [("th", "2569"), ("en", "2026(B.E.2569)")])
def test_the_statement_as_pdf(client, donor, tmp_path, lang, year):
    sign_in(client, make_user(Role.AUDITOR))
    pdf = client.get(f"/donors/{donor.public_id}/statements/2569.pdf?lang={lang}")
    said = copied_text(pdf.data, tmp_path)
    for meant in ("SomchaiJaidee", "600.50", "2570-000001", "หกร้อยบาทห้าสิบสตางค์", year):
        assert meant in said


def test_a_donor_sees_the_own_statement_only(client, funds):
    user = make_user(Role.DONOR)
    pledge = make_pledge(name="Aminah Sani", email=user.email)
    make_payment(33_334, pledge.instalments[0])
    sign_in(client, user)
    assert client.get("/my-giving/statements/2569").status_code == 404
    connect_donor(pledge, user)
    typed_by_anybody = make_pledge(name="Aminah Sani", email=user.email)
    make_payment(44_444, typed_by_anybody.instalments[0])
    page = client.get("/my-giving/statements/2569").text
    assert "333.34" in page
    assert "444.44" not in page
    pdf = client.get("/my-giving/statements/2569.pdf")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert client.get(f"/donors/{pledge.donor.public_id}/statements/2569").status_code == 403


@needs_pdftotext
def test_the_letter_of_thanks_names_no_religion(client, funds, tmp_path):
    receipt = find_receipt_of(make_payment(10_100, payer_name="สมชาย ใจดี").id)
    key = f"?key={owner_key(receipt.code)}"
    assert client.get(f"/receipts/{receipt.code}/thanks.pdf").status_code == 404
    for lang, amount in (("en", "101.00baht"), ("th", "101.00บาท(หนึ่งร้อยเอ็ดบาทถ้วน)")):
        pdf = client.get(f"/receipts/{receipt.code}/thanks.pdf{key}&lang={lang}").data
        said = copied_text(pdf, tmp_path)
        for meant in ("สมชายใจดี", receipt.label, amount):
            assert meant in said
        assert not any(word in said.lower() for word in ("บุญ", "อนุโมทนา", "merit", "zakat"))
    make_reversal(receipt.payment)
    assert client.get(f"/receipts/{receipt.code}/thanks.pdf{key}").status_code == 404


def test_the_picture_to_share(client, funds):
    receipt = find_receipt_of(make_payment(10_100, payer_name="สมชาย ใจดี").id)
    url = f"/receipts/{receipt.code}/share.png"
    assert client.get(url).status_code == 404
    key = f"?key={owner_key(receipt.code)}"
    bare, named = client.get(f"{url}{key}").data, client.get(f"{url}{key}&name=1").data
    assert Image.open(io.BytesIO(bare)).size == (1080, 1080)
    assert bare != named
    other = find_receipt_of(make_payment(99_900, payer_name="Ni Aminah").id)
    shared = client.get(f"/receipts/{other.code}/share.png?key={owner_key(other.code)}").data
    assert shared == bare  # neither the name nor the amount is in it
