"""Cards in Chromium: a decline first, PromptPay by a guest, a refund in the processor's dashboard,
a dispute that is lost; the donor on a phone, in Thai and in English, with the practice processor.
"""

import pytest
from playwright.sync_api import expect

from fundapp.giving.gateways.stripe import StripeGateway
from fundapp.giving.gateways.values import GATEWAY
from tests.browser.visitor import NARROW, Visitor
from tests.factories.books import make_fund
from tests.factories.giving import make_pledge
from tests.factories.identity import make_user
from tests.fakes.stripe import FakeStripe

SECRET = "whsec_of_the_tests"


@pytest.fixture
def processor(story_app, story_site):
    """The practice processor, whose notices reach the site when they are delivered."""
    with story_app.app_context():
        make_fund("GENERAL")
    story_app.config["PUBLIC_URL"] = story_site
    with FakeStripe() as fake:
        story_app.config["STRIPE_API_BASE"] = fake.url
        story_app.extensions[GATEWAY] = StripeGateway(fake.key, SECRET, fake.url)
        fake.deliveries.way, fake.deliveries.secret = "held", SECRET
        fake.deliveries.url = f"{story_site}/webhooks/stripe"
        yield fake


@pytest.fixture
def enter(chromium, story_app, story_site):
    """Opens a page on a phone or, signed in, on a wide screen."""
    visitors = []

    def begin(language, email=None):
        width = {} if email else {"width": NARROW}
        visitor = Visitor(chromium, story_site, language, **width)
        visitors.append(visitor)
        if email:
            visitor.sign_in(story_app, email)
        return visitor.page

    yield begin
    for visitor in visitors:
        visitor.close()


def pledged(app, locale):
    with app.app_context():
        return f"/pledges/{make_pledge(locale=locale).token}"


def to_the_processor(page, address):
    page.goto(address)
    page.locator("form[action$='/card'] button").first.click()
    expect(page.locator("h1")).to_have_text("Practice card processor")


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def expect_text(page, text):
    expect(page.locator("body")).to_contain_text(text)


def test_a_card_that_is_declined_first_and_then_refunded_in_the_dashboard(
    story_app, processor, enter
):
    address = pledged(story_app, "en")
    donor = enter("en")
    to_the_processor(donor, address)
    press(donor, "Card is declined")
    assert set(processor.deliveries.deliver()) == {200}
    press(donor, "Pay by card")
    expect_text(donor, "Your payment has arrived")
    assert set(processor.deliveries.deliver()) == {200}

    donor.goto(f"{processor.url}/control")
    press(donor, "Refund 10 THB")
    assert set(processor.deliveries.deliver()) == {200}
    with story_app.app_context():
        email = make_user("fund_officer").email
    officer = enter("en", email)
    officer.goto("/payments")
    expect_text(officer, "323.34")
    donor.goto(address)
    expect_text(donor, "323.34")


def test_promptpay_by_a_guest_and_a_dispute_that_is_lost(story_app, processor, enter):
    address = pledged(story_app, "th")
    guest = enter("th")
    to_the_processor(guest, address)
    press(guest, "Pay by PromptPay, delayed")
    expect_text(guest, "ยังไม่แจ้งการชำระเงิน")
    guest.goto(f"{processor.url}/control")
    press(guest, "paid")
    assert set(processor.deliveries.deliver()) == {200}
    guest.goto(address)
    expect_text(guest, "333.34")

    other = pledged(story_app, "th")
    to_the_processor(guest, other)
    press(guest, "Pay by card")
    processor.deliveries.deliver()
    guest.goto(f"{processor.url}/control")
    guest.get_by_role("button", name="Dispute", exact=True).first.click()
    processor.deliveries.deliver()
    guest.goto(f"{processor.url}/control")
    press(guest, "lost")
    processor.deliveries.deliver()
    with story_app.app_context():
        email = make_user("fund_officer").email
    officer = enter("th", email)
    officer.goto("/payments?method=card")
    expect_text(officer, "ธนาคารเรียกคืน")
