"""The sum of a pledge, while one types and before it is pledged; with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import NARROW

PLEDGE = re.compile(r"/pledges/[\w-]{20,}$")
TYPED = [
    ("500", "12", "each", "500 × 12 months = 6,000 baht"),
    ("๕๐๐.๕๐", "๒", "each", "500.50 × 2 months = 1,001 baht"),
    ("1,000", "3", "total", "333.34 × 1 + 333.33 × 2 = 1,000 baht"),
    ("900", "3", "total", "300 × 3 months = 900 baht"),
    ("500", "", "each", "500 baht every month until you stop: 6,000 in a year"),
    ("500", "1", "each", ""),
    ("1e3", "12", "each", ""),
    ("", "12", "each", ""),
    ("500", "x", "each", ""),
]


@pytest.fixture
def open_form(visitor):
    """Opens the form for every month, in English on a phone."""

    def begin(**options):
        page = visitor(None, "en", width=NARROW, **options).open("/give")
        page.locator("input[name=frequency][value=monthly]").check()
        if not page.locator("#instalments").is_visible():
            page.locator("details:has(#instalments) > summary").click()
        page.fill("#name", "Aminah Sani")
        return page

    return begin


def fill(page, amount, times, unit="each"):
    page.fill("#amount", amount)
    page.fill("#instalments", times)
    page.locator(f"input[name=amount_is][value={unit}]").check()


def test_the_sum_is_shown_while_one_types(open_form):
    page = open_form()
    shown = page.locator(".form-sum")
    expect(shown).to_be_hidden()
    for amount, times, unit, sentence in TYPED:
        fill(page, amount, times, unit)
        expect(shown).to_have_text(sentence)
    fill(page, "500", "12")
    expect(shown).to_be_visible()
    page.locator("input[name=frequency][value=once]").check()
    expect(shown).to_be_hidden()
    page.locator("input[name=frequency][value=term]").check()
    expect(shown).to_have_text("500 × 12 school terms = 6,000 baht")


@pytest.mark.parametrize("scripts", [False, True], ids=["without a script", "with scripts"])
def test_a_wrong_sum_is_changed_and_the_right_one_pledged(open_form, scripts):
    page = open_form(java_script_enabled=scripts)
    fill(page, "6,000", "12")
    main = page.locator("main")
    main.get_by_role("button", name="Go on to payment").click()
    expect(main).to_contain_text("Is this what you mean?")
    expect(main).to_contain_text("6,000 × 12 months = 72,000 baht")
    main.get_by_role("button", name="Change something").click()
    assert page.input_value("#amount") == "6,000"
    assert page.input_value("#name") == "Aminah Sani"
    page.fill("#amount", "500")
    main.get_by_role("button", name="Go on to payment").click()
    expect(main).to_contain_text("500 × 12 months = 6,000 baht")
    main.get_by_role("button", name="Yes, I pledge this").click()
    page.wait_for_url(PLEDGE)
    expect(main).to_contain_text("Pay 500.00 baht")
    expect(main).to_contain_text("500 × 12 months = 6,000 baht")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_typed_stays_in_another_language_and_on_the_way_back(open_form, scripts):
    page = open_form(java_script_enabled=scripts)
    fill(page, "500", "12")
    page.get_by_role("button", name="Melayu").click()
    expect(page.locator("html")).to_have_attribute("lang", "ms")
    expect(page.locator("#amount")).to_have_value("500")
    expect(page.locator("#name")).to_have_value("Aminah Sani")
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Go on to payment").click()
    page.get_by_role("button", name="Yes, I pledge this").click()
    expect(page).to_have_url(PLEDGE)
    page.go_back()
    expect(page.get_by_role("heading", name="Is this what you mean?")).to_be_visible()
