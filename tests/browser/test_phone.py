"""On a phone: filters fold away, a list keeps its place; and what a statement of figures prints."""

import pytest

from tests.browser.visitor import NARROWEST, WIDE


def test_a_filter_folds_away_and_opens_without_a_script(visitor):
    guest = visitor("auditor", "en", width=NARROWEST, java_script_enabled=False)
    page = guest.open("/audit/journal?fund=GENERAL&from_on=1/10/2026")
    summary = page.locator(".filter-fold summary")
    assert "Fund General fund for poor" in summary.inner_text()
    assert "From the day 1/10/2026" in summary.inner_text()
    assert not page.is_visible("[name=fund]")
    summary.click()
    assert page.is_visible("[name=fund]")


def test_a_filter_is_open_where_there_is_room_and_where_it_was_refused(visitor):
    guest = visitor("auditor", "en", width=WIDE)
    page = guest.open("/audit/journal")
    assert page.is_visible("[name=fund]")
    assert not page.is_visible(".filter-fold")
    guest.page.set_viewport_size({"width": NARROWEST, "height": 900})
    assert "nothing chosen" in page.locator(".filter-fold summary").inner_text()
    guest.open("/audit/journal?from_on=never", 422)
    assert page.is_visible("[name=from_on]")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_list_goes_on_where_a_line_was_matched(visitor, scripts):
    """The focus is on the next line, and what was done is in sight, without a script too."""
    guest = visitor("fund_officer", "en", width=NARROWEST, java_script_enabled=scripts)
    page = guest.open("/bank/lines")
    button = page.locator("[action$='/hold'] button, .post-button button").first
    before = page.locator("main li[id^='line-']").count()
    button.click()
    page.wait_for_url("**/bank/lines?*#line-*")
    assert page.locator("main li[id^='line-']").count() == before - 1
    row = page.locator("li:target")
    assert row.bounding_box()["y"] < 900
    assert page.locator("li:focus").get_attribute("id") == row.get_attribute("id")
    notice = page.locator("main .notice-good").bounding_box()
    assert 0 <= notice["y"] < 900


def test_a_printed_statement_says_whose_it_is_and_is_signed(visitor):
    guest = visitor("auditor", "en")
    page = guest.open("/audit/trial-balance")
    assert not page.is_visible(".sign-off")
    page.emulate_media(media="print")
    assert "Made on 24 Nov 2026" in page.locator(".sign-off").inner_text()
    assert page.locator(".sign-lines p").count() == 3
    assert page.is_visible(".brand-full")
    assert page.is_visible(".sign-off")
    assert not page.is_visible(".filter-bar")
