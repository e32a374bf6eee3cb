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


#: What scrolled sideways on a tablet before, and the other lists of many columns.
LISTS = {
    "fund_officer": (
        "/bank/statements", "/bank/profiles", "/disbursements", "/payments", "/donors",
        "/settings/months", "/today/overdue",
    ),
    "auditor": (
        "/audit/journal", "/audit/accounts/1121", "/audit/funds", "/audit/activities",
        "/audit/trail", "/audit/checks",
    ),
    "supervisor": ("/children", "/children/reads"),
    "administrator": ("/users", "/outbox"),
}  # fmt: skip
_SCROLLING = """
async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  return [...document.querySelectorAll(".table-region, html")]
    .filter((region) => region.scrollWidth > region.clientWidth)
    .map((region) => `${region.ariaLabel ?? "page"} ${region.scrollWidth} > ${region.clientWidth}`);
}
"""


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("language", ["th", "en"])
def test_no_list_scrolls_sideways_between_a_phone_and_a_desk(visitor, name, language):
    guest, found = visitor(name, language), []
    for url in LISTS[name]:
        guest.open(url)
        for width in (580, 768, 1024, 1180):
            guest.page.set_viewport_size({"width": width, "height": 900})
            found += [f"{url} at {width}: {each}" for each in guest.page.evaluate(_SCROLLING)]
    assert "\n".join(found) == ""


def test_what_a_way_of_payment_does_not_need_is_hidden_without_a_script(visitor):
    guest = visitor("case_manager", "en", java_script_enabled=False)
    page = guest.open("/disbursements/new")
    bank, number = page.locator("[name=bank]"), page.locator("[name=account_number]")
    assert bank.is_visible()
    assert number.is_visible()
    page.check("[name=payout_method][value=cash]")
    assert not bank.is_visible()
    assert not number.is_visible()
    page.check("[name=payout_method][value=promptpay]")
    assert not bank.is_visible()
    assert number.is_visible()
    page.check("[name=payout_method][value=transfer]")
    assert bank.is_visible()
