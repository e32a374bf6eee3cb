"""The office's register of receipts, and its list of gifts to enter in e-Donation."""

import csv
import io
import zipfile

import pytest

from fundapp.access.permissions import Role
from fundapp.db import db, unit_of_work
from fundapp.giving.models import EDonationEntry
from fundapp.giving.queries import find_receipt_of
from fundapp.giving.receipts import operations
from fundapp.ledger.operations import set_tax_wording
from tests.factories.actors import HOUSE, OFFICER
from tests.factories.giving import make_donor, make_payment, make_return, make_reversal
from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite

TEXTS = ("ลดหย่อนได้", "Deductible.", "Boleh ditolak.")


@pytest.fixture
def officer(client, funds):
    """The client, signed in as a fund officer."""
    sign_in(client, make_user(Role.FUND_OFFICER))
    client.get("/give?lang=en")
    return client


@pytest.fixture
def registered(funds):
    """The fund GENERAL, whose gifts are deductible from now on."""
    unit_of_work(set_tax_wording, "GENERAL", TEXTS, is_deductible=True, actor=HOUSE)


def gift(satang, name="สมชาย ใจดี", **overrides):
    return find_receipt_of(make_payment(satang, payer_name=name, **overrides).id)


def rows_of(page):
    return [line for line in page.splitlines() if "<a href=" in line and ">2570-" in line]


def test_the_register_of_a_year(officer):
    first, void, last = gift(10_000, "Ni Aminah"), gift(20_000), gift(30_000)
    make_reversal(void.payment)
    page = officer.get("/receipts").text
    for text in ("2570-000001 to 2570-000003", "Ni", "Aminah", "300.00", "Void", "none"):
        assert text in page
    assert [line.split("2570-")[1][:6] for line in rows_of(page)] == ["000003", "000002", "000001"]
    assert void.code in officer.get("/receipts?year=2570&status=void").text
    assert void.code not in officer.get("/receipts?year=2570&status=valid").text
    assert first.code in officer.get("/receipts?after=2").text
    assert last.code not in officer.get("/receipts?after=2").text
    assert officer.get("/receipts?year=1999").status_code == 422
    assert officer.get("/receipts?after=x").status_code == 200


@pytest.mark.parametrize("url", ["/receipts", "/e-donations", "/e-donations.csv"])
def test_who_may_not_read_it(client, funds, url):
    sign_in(client, make_user(Role.APPROVER))
    assert client.get(url).status_code == 403


def test_gifts_that_are_not_deductible_need_no_entry(officer):
    receipt = gift(10_000)
    assert "No gifts here" in officer.get("/e-donations").text
    assert officer.get(f"/e-donations/{receipt.code}").status_code == 404


def test_a_gift_is_entered_with_its_number_and_who_did_it(officer, registered):
    receipt = gift(10_000)
    gift(20_000, is_anonymous=True)
    assert rows_of(officer.get("/e-donations").text)[0].count(receipt.label) == 1
    assert len(rows_of(officer.get("/e-donations").text)) == 1
    answer = officer.post(f"/e-donations/{receipt.code}", data={"number": ""})
    assert answer.status_code == 422
    answer = officer.post(f"/e-donations/{receipt.code}", data={"number": "ED-69-1"})
    assert answer.status_code == 303
    assert "No gifts here" in officer.get("/e-donations").text
    entered = officer.get("/e-donations?status=entered").text
    assert "ED-69-1" in entered
    entry = db.session.get(EDonationEntry, receipt.id)
    assert entry.marked_by != OFFICER.ref
    officer.post(f"/e-donations/{receipt.code}/leave-out")
    assert receipt.label in officer.get("/e-donations?status=not_needed").text


def test_what_becomes_void_is_no_longer_to_be_entered(officer, registered):
    receipt = gift(10_000)
    make_return(receipt.payment)
    assert "No gifts here" in officer.get("/e-donations").text
    assert officer.post(f"/e-donations/{receipt.code}", data={"number": "1"}).status_code == 409


def test_the_files_hold_no_formula(officer, registered):
    donor = make_donor('=HYPERLINK("http://x.example","ก")')
    unit_of_work(
        operations.set_tax_details,
        donor.public_id,
        address="-1 ถนน",
        tax_id="1234545678781",
        actor=OFFICER,
    )
    receipt = find_receipt_of(make_payment(10_050, donor_id=donor.id, fund_code="GENERAL").id)
    text = officer.get("/e-donations.csv").data.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["donor_name"] == "'" + donor.name
    assert (row["receipt"], row["tax_id"], row["amount_baht"], row["received_on"]) == (
        receipt.label, "1-2345-45678-78-1", "100.50", "2026-11-24",
    )  # fmt: skip
    sheet = zipfile.ZipFile(io.BytesIO(officer.get("/e-donations.xlsx").data))
    cells = sheet.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in cells
    assert "<v>100.5</v>" in cells
    assert "=HYPERLINK" in sheet.read("xl/sharedStrings.xml").decode()


def test_the_office_writes_down_what_a_donor_wants_on_receipts(officer):
    donor = make_donor("Somchai Jaidee")
    url = f"/donors/{donor.public_id}/tax-details"
    assert officer.post(url, data={"tax_id": "123"}).status_code == 422
    data = {"address": "1 ถนนสุขยางค์", "tax_id": "๑-๒๓๔๕-๔๕๖๗๘-๗๘-๑"}
    assert officer.post(url, data=data).status_code == 303
    form = officer.get(url).text
    assert 'value="1234545678781"' in form
    assert "1 ถนนสุขยางค์" in form
    assert officer.get("/donors/nobody/tax-details").status_code == 404


def test_a_folded_filter_says_what_is_chosen(officer):
    page = " ".join(officer.get("/receipts?status=void").text.split())
    assert "Filter: State Void" in page
