"""Six ways in which money and people come to the fund, each through the pages from its beginning to
what the giver holds: a guest by PromptPay, a payment over two parts of a pledge, cash of an event,
the list of an agency, a link that was lost, and the statement of a year.
"""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from fundapp.db import db
from fundapp.giving.models import CountKind, Receipt
from fundapp.mail.models import MailMessage
from tests.browser.visitor import NARROW, Visitor
from tests.factories.banking import Move, import_moves, make_bank_account, statement_file
from tests.factories.books import make_fund
from tests.factories.campaigns import make_campaign, make_event
from tests.factories.giving import connect_donor, make_payment, make_pledge
from tests.factories.identity import make_user

STAFF = ("officer", "colleague")
#: Chromium reports the answer to a form that is sent back.
REFUSED = "status of 422"


@pytest.fixture
def enter(chromium, story_app, story_site):
    """Opens a phone, or for a person of the office a wide screen: `enter("th", "officer")`."""
    with story_app.app_context():
        make_fund("GENERAL")
        make_bank_account()
        for name in STAFF:
            make_user("fund_officer", name=name.title(), email=f"{name}@example.org")
    visitors = []

    def begin(language, name=None):
        visitor = Visitor(chromium, story_site, language, **({} if name else {"width": NARROW}))
        visitors.append(visitor)
        if name:
            visitor.sign_in(story_app, f"{name}@example.org")
        return visitor.page

    yield begin
    complaints = [text for visitor in visitors for text in visitor.complaints]
    for visitor in visitors:
        visitor.close()
    assert [text for text in complaints if REFUSED not in text] == []


def send(page):
    page.locator("main .form-actions button[type=submit]").first.click()


def expect_text(page, text):
    expect(page.locator("main")).to_contain_text(text)


def import_and_match(page, move, how):
    """The officer uploads a statement of this line and presses what the page offers for it."""
    page.goto("/bank/statements/new")
    file = {"name": "n.csv", "mimeType": "text/csv", "buffer": statement_file([move])}
    page.set_input_files("#file", file)
    page.select_option("#profile", "ktb")
    send(page)
    page.locator(f"form[action$='/{how}'] button").first.click()
    expect(page.locator("main .notice-good").first).to_be_visible()


def test_a_guest_gives_by_promptpay_and_holds_the_receipt(enter):
    guest = enter("th")
    guest.goto("/give")
    guest.locator(".presets button[value='500']").click()
    guest.fill("#name", "อามีนะห์ สาเมาะ")
    send(guest)
    expect(guest.locator("img.qr")).to_be_visible()
    reference = guest.locator(".big-number.code").inner_text().strip()
    import_and_match(enter("th", "officer"), Move(500_00, f"REF {reference}"), "match-certain")
    guest.reload()
    guest.locator("a[href^='/receipts/']").first.click()
    expect_text(guest, "อามีนะห์ สาเมาะ")
    expect_text(guest, "ห้าร้อยบาทถ้วน")


def test_700_baht_pay_two_parts_of_three_and_leave_33_33_on_the_last(story_app, enter):
    with story_app.app_context():
        pledge = make_pledge()
        token, reference = pledge.token, pledge.instalments[0].reference
    import_and_match(enter("en", "officer"), Move(700_00, f"REF {reference}"), "match")
    donor = enter("en")
    donor.goto(f"/pledges/{token}")
    rows = donor.locator("main table tbody tr:has(th[scope=row])").filter(has_text="333.3")
    expect(rows.nth(0)).to_contain_text("Paid")
    expect(rows.nth(1)).to_contain_text("Paid")
    expect(rows.nth(2)).to_contain_text("33.33")
    expect(donor.locator("h1")).to_contain_text("300.00")


def test_two_people_count_the_cash_of_an_event(story_app, enter):
    with story_app.app_context():
        campaign = make_campaign()
        event = make_event(campaign)
        slug, counted = campaign.slug, f"{CountKind.EVENT}={event.public_id}"
    officer, colleague = enter("th", "officer"), enter("th", "colleague")
    officer.goto(f"/fundraising/{slug}")
    officer.locator(f"a[href='/cash/counts/new?{counted}']").click()
    officer.fill("#bag_number", "YL-0001")
    officer.fill("#total", "1,620")
    for value, pieces in ((100_000, 1), (10_000, 6), (1_000, 2)):
        officer.fill(f"#pieces_{value}", str(pieces))
    send(officer)
    colleague.goto(officer.url)
    expect(colleague.locator("main")).not_to_contain_text("1,620")
    colleague.fill("#total", "1620")
    send(colleague)
    expect_text(colleague, "1,620.00")
    guest = enter("th")
    guest.goto(f"/campaigns/{slug}")
    expect_text(guest, "1,620.00")


def test_each_giver_of_an_agencys_list_has_a_receipt(story_app, enter):
    with story_app.app_context():
        [line] = import_moves(Move(750_00, "อบจ.ยะลา"))
        path = f"/bank/lines/{line.public_id}"
    officer = enter("en", "officer")
    officer.goto(path)
    officer.locator(f"a[href='{path}/givers']").click()
    officer.select_option("#fund", "GENERAL")
    officer.fill("#givers", "Aminah Sani, 500, aminah@example.org\nฮาซัน ดอเลาะ, 200")
    send(officer)
    expect(officer.locator("#error-summary")).to_contain_text("700.00")
    officer.fill("#givers", "Aminah Sani, 500, aminah@example.org\nฮาซัน ดอเลาะ, 250")
    send(officer)
    officer.goto("/receipts")
    expect_text(officer, "Aminah Sani")
    expect_text(officer, "ฮาซัน ดอเลาะ")
    with story_app.app_context():
        receipts = db.session.scalars(select(Receipt)).all()
        assert sorted(receipt.amount_satang for receipt in receipts) == [250_00, 500_00]
        db.session.rollback()


def test_a_lost_link_comes_back_to_the_mailbox(story_app, enter):
    with story_app.app_context():
        pledge = make_pledge(email="aminah@example.org")
        reference, token = pledge.instalments[0].reference, pledge.token
    donor = enter("th")
    donor.goto("/")
    donor.locator("footer a[href='/find-my-pledge']").click()
    donor.fill("#reference", reference)
    send(donor)
    expect(donor.locator("main .notice, main [role=status]").first).to_be_visible()
    assert token not in donor.content()
    with story_app.app_context():
        sent = db.session.scalars(select(MailMessage).order_by(MailMessage.id.desc())).first()
        address = re.search(r"/pledges/[\w-]+", sent.body)[0]
        assert sent.to_address == "aminah@example.org"
        db.session.rollback()
    donor.goto(address)
    expect_text(donor, reference)


def test_the_statement_of_a_year_is_the_sum_of_its_receipts(story_app, enter):
    with story_app.app_context():
        pledge = make_pledge()
        connect_donor(pledge, make_user("donor", name="นูรีดา มะแซ", email="donor@example.org"))
        for instalment in pledge.instalments[:2]:
            make_payment(instalment.amount_satang, instalment)
    donor = enter("en", "donor")
    donor.goto("/my-giving")
    donor.locator("main a[href^='/my-giving/statements/']").first.click()
    expect(donor.locator("main tbody tr")).to_have_count(2)
    expect(donor.locator("main tfoot")).to_contain_text("666.67")
    with donor.expect_download() as started:
        donor.locator("main a[href$='.pdf']").click()
    assert started.value.path().read_bytes().startswith(b"%PDF-")
