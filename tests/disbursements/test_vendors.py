"""The register of vendors: two people agree on each, help is paid to one that is open, of the
district, and as the request says; and the database keeps all of it.
"""

from dataclasses import replace

import pytest

from fundapp.audit.checks import run_checks
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.errors import (
    PayeeLeftFileError,
    PaymentStoppedError,
    VendorKnownError,
    VendorMethodError,
    VendorNotOnFileError,
    VendorTaxIdStaysError,
)
from fundapp.disbursements.models import (
    Decision,
    PayoutMethod,
    RequestStatus,
    StopReason,
    VendorEnd,
)
from fundapp.disbursements.queries.vendors import get_vendor_version
from fundapp.disbursements.vendor_reader import details_of
from fundapp.errors import ForbiddenError
from fundapp.ids import new_id
from fundapp.proposals.errors import NothingProposedError, OwnProposalError
from fundapp.proposals.operations import confirm_proposal
from tests.audit.tampering import tamper
from tests.disbursements.test_tables import execute, insert, payout_values, refused
from tests.disbursements.views.pages import request_form, stored, url
from tests.disbursements.views.pages import text as page_text
from tests.factories.children import MUEANG, RAMAN
from tests.factories.disbursements import (
    decide,
    make_approved,
    make_paid,
    make_request,
    pay,
    read,
    request_draft,
    send_request,
    verify,
)
from tests.factories.identity import make_user, sign_in
from tests.factories.vendors import change, make_vendor, tax_id, to_vendor, vendor_draft

AS_NOW = "the vendor is closed, was changed, or is of other districts"
AGREED = "a vendor is as two people agreed"
FORM = {
    "name": "ร้านชุดนักเรียนตัวอย่าง", "kind": "shop", "tax_id": tax_id(900_001),
    "address": "1 ถนนตัวอย่าง ตำบลตัวอย่าง", "phone": "073-123-456", "bank": "004",
    "account_number": "123-4-56789-0", "account_name": "ร้านชุดนักเรียนตัวอย่าง",
    "districts": [RAMAN], "ended": "",
}  # fmt: skip


def test_a_vendor_is_proposed_confirmed_and_paid_through_the_pages(team, english, client):
    officer, administrator = make_user("fund_officer"), make_user("administrator")
    sign_in(english, officer)
    wrong = english.post("/disbursements/vendors/new", data={**FORM, "tax_id": "1", "name": ""})
    assert wrong.status_code == 422
    assert "This tax number is not right" in wrong.text
    assert "Write the name of the vendor." in wrong.text
    proposed = english.post("/disbursements/vendors/new", data=FORM)
    page = english.get(proposed.location).text
    assert "•••7890" in page
    assert "123456789" not in page
    assert "No vendor is in the register yet" in english.get("/disbursements/vendors").text
    alone = english.post(f"{proposed.location}/confirm")
    assert "You proposed this yourself" in page_text(alone) or alone.status_code == 403

    sign_in(english, administrator)
    [compare] = [
        line.split('"')[1]
        for line in english.get(proposed.location).text.split("<a href=")
        if "Compare all numbers" in line
    ]
    assert "1234567890" in english.get(compare).text
    assert english.post(f"{proposed.location}/confirm").status_code == 303
    assert FORM["name"] in english.get("/disbursements/vendors").text

    sign_in(english, team.asker)
    listed = english.get("/disbursements/vendors").text
    assert FORM["name"] in listed
    new = english.get("/disbursements/new")
    assert FORM["name"] in new.text
    asked = request_form(
        team, payee_kind="vendor", payee_name="", bank="", account_number="", vendor=""
    )
    unchosen = english.post("/disbursements/new", data=asked)
    assert "Choose the vendor." in unchosen.text
    [vendor] = [
        option.split('"')[0]
        for option in new.text.split('<option value="')
        if FORM["name"] in option.split("</option>")[0]
    ]
    sent = english.post("/disbursements/new", data={**asked, "vendor": vendor})
    assert sent.status_code == 303, page_text(sent)
    [request] = stored()
    file = read(request, team)
    assert (file.payee_name, file.account) == (FORM["name"], PayeeAccount("004", "1234567890"))
    assert (file.payee_id_number, file.payee_address) == (FORM["tax_id"], FORM["address"])

    sign_in(english, team.verifier)
    to_verify = english.get("/disbursements/accounts").text
    assert "073123456" in to_verify
    verify(request, team)
    sign_in(english, team.approver)
    beside = english.get(url(request)).text
    assert "A vendor, as the register has it now" in beside
    assert "Two approvers decide" not in beside
    english.post(url(request, "approve"), data={"version": str(request.version)})
    db.session.expire_all()
    assert request.status is RequestStatus.APPROVED
    sign_in(english, team.payer)
    voucher = page_text(english.get(url(request, "voucher")))
    assert FORM["address"] in voucher
    assert "Position of the signer" in voucher
    pay(request, team)
    assert request.status is RequestStatus.PAID


def test_one_person_alone_and_the_same_number_twice_are_refused(team):
    officer, administrator = (
        make_user("fund_officer").as_actor(),
        make_user("administrator").as_actor(),
    )
    vendor = make_vendor()
    details = details_of(vendor.version)
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.propose_vendor, vendor_draft(), actor=team.asker.as_actor())
    own = unit_of_work(operations.propose_vendor, vendor_draft(), actor=administrator)
    with pytest.raises(OwnProposalError):
        unit_of_work(confirm_proposal, own.public_id, actor=administrator)
    with pytest.raises(ForbiddenError):
        unit_of_work(confirm_proposal, own.public_id, actor=officer)
    with pytest.raises(VendorKnownError):
        twice = vendor_draft(tax_id=details.tax_id)
        unit_of_work(operations.propose_vendor, twice, actor=officer)
    with pytest.raises(VendorTaxIdStaysError):
        other = replace(details, tax_id=tax_id(77))
        unit_of_work(operations.propose_vendor, other, vendor=vendor, actor=officer)
    with pytest.raises(NothingProposedError):
        unit_of_work(operations.propose_vendor, details, vendor=vendor, actor=officer)


def test_only_an_open_vendor_of_the_district_is_paid(team):
    vendor, elsewhere = make_vendor(), make_vendor(districts=(MUEANG,))
    closed = change(make_vendor(), ended=VendorEnd.DOUBTED)
    promptpay = make_vendor(account=PayeeAccount("promptpay", "0812345678"), districts=())
    for refused_vendor in (elsewhere, closed):
        with pytest.raises(VendorNotOnFileError):
            send_request(team, **to_vendor(refused_vendor))
    with pytest.raises(VendorNotOnFileError):
        send_request(team, **to_vendor(vendor, vendor="unknown"))
    with pytest.raises(VendorMethodError):
        send_request(team, **to_vendor(promptpay))
    sent = send_request(team, **to_vendor(promptpay, payout_method=PayoutMethod.PROMPTPAY))
    assert read(sent, team).account == PayeeAccount("promptpay", "0812345678")
    cash = send_request(team, **to_vendor(vendor, payout_method=PayoutMethod.CASH))
    assert read(cash, team).account is None

    waiting = make_request(team, **to_vendor(vendor))
    change(vendor, account=PayeeAccount("014", "5555555555"))
    with pytest.raises(PayeeLeftFileError):
        decide(waiting, team)
    decide(waiting, team, Decision.RETURN, actor=team.approver.as_actor())
    unit_of_work(
        operations.resubmit_request, waiting.public_id, request_draft(team, **to_vendor(vendor)),
        version=waiting.version, actor=team.asker.as_actor(),
    )  # fmt: skip
    assert read(waiting, team).account == PayeeAccount("014", "5555555555")
    decide(waiting, team)
    assert waiting.status is RequestStatus.APPROVED


def test_a_change_after_the_approval_stops_the_payment(team):
    vendor = make_vendor()
    first = make_paid(team, **to_vendor(vendor))
    approved, second = (make_approved(team, **to_vendor(vendor)) for _each in range(2))
    assert [each.account_checks[0].earlier_id is None for each in (first, approved)] == [
        True,
        False,
    ]
    change(vendor, ended=VendorEnd.STOPPED)
    with pytest.raises(PaymentStoppedError):
        pay(approved, team)
    with refused("the payment is stopped"):
        insert("payouts", payout_values(approved, team.payer))
    values = {"version": approved.version, "actor": team.approver.as_actor()}
    stops = unit_of_work(operations.read_stops, approved, actor=values["actor"])
    assert [stop.reason for stop in stops] == [StopReason.GUARDIAN]
    assert second.status is RequestStatus.APPROVED


def test_the_database_keeps_the_register_and_whom_a_request_names(team):
    vendor, other = make_vendor(), make_vendor(districts=(MUEANG,))
    closed = change(make_vendor(), ended=VendorEnd.POOR)
    old = vendor.version
    request = make_request(team, **to_vendor(vendor))
    guardian = make_request(team)
    for column, value in (
        ("districts", "''"), ("ended", "'poor'"), ("kind", "'person'"),
        ("account_lookup", "tax_lookup"),
    ):  # fmt: skip
        with refused("what was written of a vendor stays"):
            execute(f"UPDATE vendor_versions SET {column} = {value}")
    with refused("(?i)ck_vendor_versions_account_encrypted"):
        execute("UPDATE vendor_versions SET account_encrypted = :clear", clear=b"004:1234567890")
    for statement in ("DELETE FROM vendor_versions", "DELETE FROM vendors"):
        with refused("stays"):
            execute(statement)
    with refused(AGREED):
        execute("UPDATE vendors SET version_id = :id WHERE id = :row", id=old.id, row=closed.id)
    with refused(AGREED):
        execute(
            "UPDATE vendors SET proposal_id = :p WHERE id = :row",
            p=other.proposal_id, row=vendor.id,
        )  # fmt: skip
    officer = make_user("fund_officer").as_actor()
    alone = unit_of_work(operations.propose_vendor, vendor_draft(), actor=officer)
    written = get_vendor_version(alone.after["version"])
    row = {"public_id": alone.subject, "tax_lookup": written.tax_lookup, "version_id": written.id}
    with refused(AGREED):
        insert("vendors", {"id": new_id(), **row, "proposal_id": alone.id})
    for each in (other, closed):
        with refused(AS_NOW):
            insert("request_vendors", {"request_id": guardian.id, "version_id": each.version_id})
    with refused("the facts of the request are frozen"):
        execute("UPDATE request_vendors SET version_id = version_id")
    with refused("the facts of the request are frozen"):
        execute("DELETE FROM request_vendors")
    change(vendor, ended=VendorEnd.UNNEEDED)
    booked = make_approved(team)
    entry = booked.approval_entry_id
    execute("UPDATE disbursement_requests SET approval_entry_id = NULL, status = 'cancelled'"
            " WHERE id = :id", id=booked.id)  # fmt: skip
    with refused(AS_NOW):
        execute(
            "UPDATE disbursement_requests SET status = 'approved', approval_entry_id = :entry"
            " WHERE id = :id", entry=entry, id=request.id,
        )  # fmt: skip
    bad = "UPDATE disbursement_requests SET payee_kind = 'shop' WHERE id = :id"
    with refused("payee_kind_known|frozen"):
        execute(bad, id=request.id)


@pytest.mark.sqlite
def test_staff_and_shared_accounts_are_named(team, english):
    administrator = make_user("administrator")
    person = make_user("fund_officer")
    number = tax_id(4_711)
    note = {"actor": administrator.as_actor()}
    unit_of_work(
        operations.note_staff_account, person.public_id, PayeeAccount("promptpay", number), **note
    )
    make_request(team)
    staff = make_vendor(tax_id=number)
    shared = make_vendor(account=PayeeAccount("006", "1234567890"))
    clean = make_vendor()
    sign_in(english, administrator)
    pages = [
        english.get(f"/disbursements/vendors/{each.public_id}").text
        for each in (staff, shared, clean)
    ]
    assert "The account belongs to somebody who works for the fund" in pages[0]
    assert "The account was given for another payee too" in pages[1]
    assert "Warning" not in pages[2]
    details = details_of(clean.version)
    assert details.tax_id in pages[2]
    sign_in(english, team.auditor)
    masked = english.get(f"/disbursements/vendors/{clean.public_id}").text
    assert details.tax_id not in masked
    assert details.account.number not in masked
    assert details.name in masked


@pytest.mark.sqlite
def test_what_an_insider_does_to_the_register_turns_the_checks_red(team):
    vendor, other = make_vendor(), make_vendor(districts=(MUEANG,))
    old, row, elsewhere = vendor.version_id, vendor.id, other.version_id
    make_approved(team, **to_vendor(vendor))
    change(vendor, account=PayeeAccount("014", "5555555555"))
    assert broken() == set()
    tamper("vendors", f"UPDATE vendors SET version_id = {old} WHERE id = {row}")
    assert broken() == {"disbursements.vendors"}
    tamper("request_vendors", f"UPDATE request_vendors SET version_id = {elsewhere}")
    assert broken() >= {
        "disbursements.vendors",
        "disbursements.vendors-paid",
        "disbursements.facts",
    }


def broken():
    db.session.rollback()
    return {result.check.name for result in run_checks() if result.violations}
