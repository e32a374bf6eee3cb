"""From a pledge to the proof of receipt, clicked in Chromium: the donor on a phone in Thai, without
and with JavaScript; the office on a wide screen.
"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from fundapp.audit.checks import run_checks
from fundapp.db import db
from tests.browser.visitor import NARROW
from tests.documents.pictures import picture_with_place
from tests.factories.banking import MONDAY, Move, fee, make_bank_account, statement_file
from tests.factories.books import make_fund
from tests.factories.children import RAMAN, thai_pin
from tests.factories.identity import make_user

STAFF = {
    "officer": ("fund_officer", ()),
    "payer": ("fund_officer", ()),
    "manager": ("case_manager", (RAMAN,)),
    "supervisor": ("supervisor", (RAMAN,)),
    "approver": ("approver", ()),
    "auditor": ("auditor", ()),
}


@pytest.fixture
def world(story_app):
    """A fund, a bank account and people; their e-mail addresses by what they do."""
    with story_app.app_context():
        make_fund("GENERAL")
        make_bank_account()
        return {
            name: make_user(role, districts, name=name.title(), email=f"{name}@example.org").email
            for name, (role, districts) in STAFF.items()
        }


def press(page, text):
    """Press the button of this name in the main part."""
    page.locator("main").get_by_role("button", name=text, exact=True).click()


def expect_text(page, text):
    expect(page.locator("main")).to_contain_text(text)


@pytest.mark.parametrize("scripts", [False, True], ids=["without a script", "with scripts"])
@pytest.mark.long
def test_the_whole_story(story_app, enter, scripts):
    donor = enter(language="th", width=NARROW, java_script_enabled=scripts)
    reference = donor_pledges(donor)
    if not scripts:
        return
    officer = enter("officer")
    officer_imports_and_matches(officer, reference)
    donor_sees_the_receipt(donor)
    request = manager_asks_for_help(enter("manager"))
    officer_verifies_the_account(officer, request)
    approver_approves(enter("approver"), request)
    payer_pays(enter("payer"), request)
    supervisor_files_the_proof_of_receipt(enter("supervisor"), request)
    auditor_follows_the_money(enter("auditor"))
    with story_app.app_context():
        assert [result.check.name for result in run_checks() if not result.is_green] == []
        db.session.rollback()


def donor_pledges(page):
    """1,000 baht in three parts, in Thai on a phone."""
    page.goto("/")
    page.locator("main a[href='/give']").first.click()
    page.fill("#amount", "๑,๐๐๐")
    page.locator("input[name=frequency][value=monthly]").check()
    if not page.locator("#instalments").is_visible():
        page.locator("details:has(#instalments) > summary").click()
    page.fill("#instalments", "3")
    page.locator("input[name=amount_is][value=total]").check()
    page.fill("#name", "อามีนะห์ สาเมาะ")
    page.fill("#email", "aminah@example.org")
    page.locator("main button[type=submit]").click()
    expect_text(page, "333.34 × 1 งวด + 333.33 × 2 งวด = 1,000 บาท")
    page.locator("main button[value=make]").click()
    page.wait_for_url(re.compile(r"/pledges/[\w-]{20,}$"))
    expect_text(page, "333.34")
    picture = page.locator("img.qr")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box["width"] == box["height"] >= 200, "large enough to be scanned"
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW
    return page.locator(".big-number.code").inner_text().strip()


def officer_imports_and_matches(page, reference):
    """The file is checked, then imported, then matched by the reason that the page shows."""
    data = statement_file(
        [
            Move(333_34, f"REF {reference}"),
            Move(5_000_00, "นายฮาซัน", time="11:00"),
            fee(time="12:00"),
        ],
        from_on=MONDAY,
        encoding="cp874",
    )  # fmt: skip
    file = {"name": "november.csv", "mimeType": "text/csv", "buffer": data}
    page.get_by_role("link", name="Import a bank statement").click()
    page.set_input_files("#file", file)
    page.select_option("#profile", "ktb")
    press(page, "Check only")
    expect_text(page, "Nothing has been written yet.")
    page.set_input_files("#file", file)
    page.select_option("#profile", "ktb")
    press(page, "Import")
    expect_text(page, "3 new lines")
    expect_text(page, f"The text names reference {reference}.")
    press(page, "Match all certain (1)")
    expect_text(page, "1 line is matched.")
    page.goto("/bank/lines")
    page.locator("main a[href^='/bank/lines/']").first.click()
    page.select_option("#fund", "GENERAL")
    press(page, "Record as a gift")
    expect_text(page, "its receipt is issued")
    page.goto("/outbox")
    expect_text(page, "aminah@example.org")


def donor_sees_the_receipt(page):
    page.reload()
    link = page.locator("a[href^='/receipts/']")
    expect(link).to_be_visible()
    link.click()
    expect_text(page, "สามร้อยสามสิบสามบาทสามสิบสี่สตางค์")
    expect_text(page, "อามีนะห์ สาเมาะ")
    expect(page.locator("[data-print]")).to_be_visible()


def manager_asks_for_help(page):
    """Registers a child of the district and asks for shoes and books."""
    page.get_by_role("link", name="Register a child").click()
    for name, text in {
        "given_name": "นูรี", "family_name": "สมมุติ", "birth_on": "29/2/2559",
        "id_number": thai_pin(5), "guardian_name": "รอฮานา สมมุติ", "guardian_phone": "0812345678",
        "signer_name": "รอฮานา สมมุติ", "signed_on": "1/11/2569",
    }.items():  # fmt: skip
        page.fill(f"#{name}", text)
    for name, value in {
        "id_kind": "thai_pin", "relation": "mother", "target_group": "at_risk",
        "signer_relation": "mother", "subdistrict": "950601",
    }.items():  # fmt: skip
        page.select_option(f"#{name}", value)
    page.check("#keep_file")
    press(page, "Register the child")
    expect_text(page, "นูรี สมมุติ")
    page.goto("/disbursements/new")
    page.check("#child-1")
    page.fill("#amount-1", "1,500.50")
    chosen = {"fund": "GENERAL", "payee_kind": "guardian", "payout_method": "transfer"}
    for name, value in chosen.items():
        page.locator(f"input[name={name}][value={value}]").check()
    page.select_option("#need", "education")
    page.select_option("#bank", "006")
    page.fill("#payee_name", "รอฮานา สมมุติ")
    page.fill("#account_number", "123-4-56789-0")
    page.fill("#reason", "Shoes and books for the new term")
    press(page, "Send the request")
    expect_text(page, "Next somebody verifies the bank details")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    return page.url


def officer_verifies_the_account(page, request):
    page.goto(request)
    page.get_by_text("The account belongs to the payee", exact=True).click()
    page.select_option("#check-checked_by", "book")
    press(page, "Note what I found")
    expect_text(page, "Noted. It stays with the request.")


def approver_approves(page, request):
    page.get_by_role("link", name=re.compile("^1$")).first.click()
    page.locator(f"a[href='{urlsplit(request).path}']").click()
    expect_text(page, "Shoes and books")
    press(page, "Approve")
    expect_text(page, "Approved. It can be paid now.")
    expect(page.get_by_role("button", name="Record the payment")).to_have_count(0)


def payer_pays(page, request):
    page.goto(request)
    page.fill("#bank_reference", "KTB-1")
    press(page, "Record the payment")
    expect_text(page, "The payment is recorded.")
    page.get_by_role("link", name="Receipt voucher").click()
    expect_text(page, "หนึ่งพันห้าร้อยบาทห้าสิบสตางค์")


def supervisor_files_the_proof_of_receipt(page, request):
    page.goto(request)
    page.locator("input[name=outcome][value=received]").check()
    page.fill("#confirmed_by", "รอฮานา สมมุติ")
    photograph = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture_with_place()}
    page.set_input_files("#document", photograph)
    press(page, "File the proof of receipt")
    expect_text(page, "The proof of receipt is filed.")
    with page.expect_download() as started:
        page.get_by_role("link", name="Signed paper").click()
    assert b"CANARY" not in started.value.path().read_bytes()


def auditor_follows_the_money(page):
    """From the trial balance to an account, to an entry, to the statement's line."""
    page.goto("/audit/trial-balance")
    expect_text(page, "5,333.34")
    page.locator("a[href*='/audit/accounts/4110']").first.click()
    expect_text(page, "333.34")
    page.locator("a[href^='/audit/entries/']").first.click()
    expect_text(page, "Never changed: the check code fits")
    expect_text(page, "On the bank statement")
    page.goto("/audit/trial-balance")
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    assert "5333.34" in started.value.path().read_text(encoding="utf-8-sig")
    page.goto("/audit/exports")
    with page.expect_download() as started:
        page.locator("a[href$='/hledger']").click()
    assert started.value.suggested_filename.endswith(".journal")
