"""Giving on a phone of 360 by 640 pixels: the taps from the form to the QR code, the page to pay,
its slip, and that it says by itself when money has arrived.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import NARROW, Visitor
from tests.factories.banking import make_bank_account
from tests.factories.books import make_fund

SHORT = 640
#: What a donor does at the most to give without a name, and with one, from the form to the code.
MOST_TAPS, MOST_FIELDS, MOST_SECONDS = 3, 1, 20


@pytest.fixture
def phone(chromium, story_app, story_site):
    """Opens a phone: `phone(language)`; its pages complain of nothing."""
    with story_app.app_context():
        make_fund("GENERAL")
        make_bank_account()
    visitors = []

    def begin(language="th", **options):
        visitor = Visitor(chromium, story_site, language, width=NARROW, **options)
        visitor.page.set_viewport_size({"width": NARROW, "height": SHORT})
        visitors.append(visitor)
        return visitor.page

    yield begin
    complaints = [text for visitor in visitors for text in visitor.complaints]
    for visitor in visitors:
        visitor.close()
    assert complaints == []


class Counted:
    """A page whose taps and typed fields are counted."""

    def __init__(self, page):
        self.page, self.taps, self.fields = page, 0, 0

    def tap(self, selector):
        self.page.locator(selector).first.click()
        self.taps += 1

    def type(self, selector, text):
        self.page.locator(selector).fill(text)
        self.taps += 1
        self.fields += 1


@pytest.mark.parametrize("name", ["", "อามีนะห์ สาเมาะ"], ids=["without a name", "with a name"])
def test_from_the_form_to_the_code(phone, name):
    """The stopwatch: what is chosen already is right for most, so three taps are enough."""
    page = phone()
    page.goto("/give")
    opened = page.evaluate("performance.now()")
    counted = Counted(page)
    counted.tap(".presets button[value='500']")
    counted.type("#name", name) if name else counted.tap("#anonymous")
    counted.tap("main .form-actions button[type=submit]")
    code = page.locator("img.qr")
    expect(code).to_be_visible()
    assert page.evaluate("() => document.querySelector('img.qr').decode().then(() => true)")
    assert counted.taps <= MOST_TAPS
    assert counted.fields <= MOST_FIELDS
    assert opened < MOST_SECONDS * 1000
    box = code.bounding_box()
    assert page.evaluate("scrollY") == 0
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= SHORT, "the whole code is on the first screen"
    assert box["width"] == box["height"] >= 200
