"""What an official sees while hundreds of children are being recorded; with and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import NARROW

LINES = "\n".join(f"C-7K3M9QX {amount}" for amount in range(1, 1_001))
#: The two presses, of which nothing is sent; whether each would have been.
PRESS_TWICE = """
(form) => [1, 2].map(() =>
  form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true })))
"""
BEFORE = "1,000 children: this takes up to about 2 seconds, for all of them or for none."


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without a script"])
def test_a_bar_moves_while_the_answer_is_awaited(visitor, scripts):
    page = visitor("case_manager", "en", width=NARROW, java_script_enabled=scripts).open(
        "/disbursements/new"
    )
    page.locator("#more_lines").evaluate("(box, text) => { box.value = text; }", LINES)
    page.get_by_role("button", name="Show children").click()
    main, bar = page.locator("main"), page.locator("[data-under-way]")
    expect(main).to_contain_text(BEFORE)
    expect(bar).to_be_hidden()
    if scripts:
        first, second = page.locator("form:has(#more_lines)").evaluate(PRESS_TWICE)
        assert (first, second) == (True, False)
        expect(bar).to_be_visible()
        expect(bar).to_contain_text("Under way for 1,000 children")
