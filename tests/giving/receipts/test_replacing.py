"""A receipt that says something wrong is void and replaced; the office prints originals once."""

import hashlib
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from fundapp.access.permissions import Role
from fundapp.audit.checks import CHECKS, Run
from fundapp.crypto import keyring
from fundapp.db import db, unit_of_work
from fundapp.giving.errors import ReceiptVoidError
from fundapp.giving.models import Receipt, ReceiptContent, ReceiptPdf, ReplaceReason
from fundapp.giving.queries import find_receipt_of
from fundapp.giving.receipts import operations
from fundapp.giving.receipts.content import Payer
from fundapp.giving.receipts.keys import owner_key
from fundapp.giving.receipts.reader import open_content
from tests.audit.tampering import tamper
from tests.factories.actors import OFFICER
from tests.factories.giving import make_donor, make_payment, make_reversal
from tests.factories.identity import make_user, sign_in
from tests.raw_sql import not_refused

WRONG = {"why": "name", "name": "บริษัท ถูกต้อง จำกัด", "address": "1 ถนนสุขยางค์ ยะลา"}


@pytest.fixture
def officer(client, funds):
    """The client, signed in as a fund officer."""
    sign_in(client, make_user(Role.FUND_OFFICER))
    client.get("/give?lang=en")
    return client


def replace(receipt, name="Right Name", **details):
    payer = Payer(name, **details)
    return unit_of_work(
        operations.replace_receipt,
        receipt.code,
        payer,
        reason=ReplaceReason.NAME,
        actor=OFFICER,
    )


def red():
    run = Run()
    return {check.name for check in CHECKS if any(run.find(check))}


@pytest.mark.sqlite
def test_both_are_kept_and_name_each_other(officer):
    old = find_receipt_of(make_payment(50_000, payer_name="Wrong Name").id)
    form = officer.get(f"/receipts/{old.code}/replace").text
    assert 'value="Wrong Name"' in form
    answer = officer.post(
        f"/receipts/{old.code}/replace", data={**WRONG, "tax_id": "๐๙๙๔๐๐๐๑๖๑๑๐๐"}
    )
    assert answer.status_code == 422
    assert "Compare all 13 digits" in answer.text
    tax_id = "1-2345-45678-78-1"
    answer = officer.post(f"/receipts/{old.code}/replace", data={**WRONG, "tax_id": tax_id})
    assert answer.status_code == 303, answer.text
    new = officer.get(answer.location).text
    for text in ("2570-000002", WRONG["name"], WRONG["address"], tax_id, "Replaces", old.label):
        assert text in new
    page = officer.get(f"/receipts/{old.code}").text
    for text in ("Wrong Name", "Replaced by", "2570-000002", "The name on it was wrong"):
        assert text in page
    again = officer.post(f"/receipts/{old.code}/replace", data=WRONG)
    assert again.status_code == 409


@pytest.mark.sqlite
def test_the_office_prints_the_receipt_once_and_then_copies(officer):
    receipt = find_receipt_of(make_payment(50_000).id)
    own = f"/receipts/{receipt.code}.pdf?key={owner_key(receipt.code)}"
    prints = [officer.post(f"/receipts/{receipt.code}/print").data for _ in range(3)]
    copy = officer.get(f"/receipts/{receipt.code}.pdf").data
    assert len({hashlib.sha256(one).digest() for one in (*prints, copy)}) == 4
    assert officer.get(own).data == prints[0]
    make_reversal(receipt.payment)
    assert officer.post(f"/receipts/{receipt.code}/print").data not in prints
    assert officer.get(own).data == prints[0]


@pytest.mark.sqlite
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.APPROVER, Role.DONOR])
def test_only_officers_replace_and_print(client, funds, role):
    receipt = find_receipt_of(make_payment(50_000).id)
    sign_in(client, make_user(role))
    for url in ("replace", "print"):
        assert client.post(f"/receipts/{receipt.code}/{url}", data=WRONG).status_code == 403
    assert find_receipt_of(receipt.payment_id).voided_at is None


@pytest.mark.sqlite
def test_the_donors_address_and_tax_number_stand_on_later_receipts(funds):
    donor = make_donor("Somchai Jaidee")
    before = find_receipt_of(make_payment(500, donor_id=donor.id, fund_code="GENERAL").id)
    unit_of_work(
        operations.set_tax_details,
        donor.public_id,
        address="1 ถนนสุขยางค์",
        tax_id="1234545678781",
        actor=OFFICER,
    )
    after = find_receipt_of(make_payment(500, donor_id=donor.id, fund_code="GENERAL").id)
    payers = [open_content(each)["payer"] for each in (before, after)]
    assert [payer["tax_id"] for payer in payers] == ["", "1-2345-45678-78-1"]
    assert payers[1]["address"] == "1 ถนนสุขยางค์"
    stored = db.session.get(ReceiptContent, after.id).content_encrypted
    assert b"1-2345" not in stored
    assert keyring().is_newest(stored)


def test_a_chain_holds_on_the_database_too(funds, clock):
    first = find_receipt_of(make_payment(50_000).id)
    other = find_receipt_of(make_payment(60_000).id)
    second = replace(first)
    clock.move_to(datetime(2027, 10, 1, 3, tzinfo=UTC))
    third = replace(second, "")
    labels = [each.label for each in (first, second, third)]
    assert labels == ["2570-000001", "2570-000003", "2571-000001"]
    with pytest.raises(ReceiptVoidError):
        replace(first)
    assert red() == set()
    columns = [column.name for column in Receipt.__table__.columns]
    for change in (
        {"replaces_id": str(other.id), "payment_id": str(first.payment_id)},  # a valid one
        {"replaces_id": str(second.id), "payment_id": str(other.payment_id)},  # of other money
        {"payment_id": str(other.payment_id)},  # a second valid one
    ):
        values = {
            **{name: name for name in columns},
            "id": "9",
            "code": "'nine'",
            "number": "number + 1",
            "replaces_id": "NULL",
            **change,
        }
        insert = (
            f"INSERT INTO receipts ({', '.join(values)}) SELECT {', '.join(values.values())}"
            " FROM receipts WHERE fiscal_year = 2571"
        )
        with pytest.raises(DBAPIError, match=r"replaces a void one|uq_receipts|UNIQUE"):
            unit_of_work(lambda sql=insert: db.session.execute(db.text(sql)))
    make_reversal(third.payment)
    assert red() == set()


#: What raw SQL may not do to what a donor was given.
STAYS = [
    "UPDATE receipt_contents SET content_hash = content_hash, template = 'other'",
    "DELETE FROM receipt_contents",
    "UPDATE receipt_pdfs SET made_at = made_at",
    "DELETE FROM receipt_pdfs",
    "UPDATE receipt_prints SET number = 7",
    "DELETE FROM receipt_prints",
    "UPDATE receipts SET replaces_id = id",
]


def test_what_was_issued_made_and_printed_stays(funds):
    receipt = find_receipt_of(make_payment(500).id)
    unit_of_work(operations.count_print, receipt.code, actor=OFFICER)
    unit_of_work(operations.record_pdf, receipt.id, bytes(32), actor=OFFICER)
    assert not_refused(STAYS, "frozen|append-only|kept") == []


@pytest.mark.sqlite
def test_the_command_makes_what_is_missing_once(funds, runner, client):
    receipts = [find_receipt_of(make_payment(500 + n).id) for n in range(3)]
    (bare, _), (receipt_id, code), _ = [(each.id, each.code) for each in receipts]
    tamper("receipt_contents", f"DELETE FROM receipt_contents WHERE id = {bare}")
    assert red() == {"giving.receipt-contents"}
    first = runner.invoke(args=["giving", "issue-receipts"])
    assert "1 receipts of before are kept" in first.output
    assert "3 receipts were made as PDF" in first.output
    assert "0 receipts were made as PDF" in runner.invoke(args=["giving", "issue-receipts"]).output
    assert red() == set()
    kept = db.session.get(ReceiptPdf, receipt_id)
    pdf = client.get(f"/receipts/{code}.pdf?key={owner_key(code)}").data
    assert kept.sha256 == hashlib.sha256(pdf).digest()
