"""The lines to match by keyboard: keys move, act, are explained and can be turned off."""

import pytest

_FOCUSED = "() => document.activeElement.id"


@pytest.fixture
def desk(visitor):
    """The list of lines to match, opened by a fund officer in English."""
    return visitor("fund_officer", "en").open("/bank/lines")


def ids(page):
    return page.eval_on_selector_all("[data-desk] > li", "lines => lines.map(line => line.id)")


def focused(page):
    return page.evaluate(_FOCUSED)


def test_keys_move_through_the_lines_and_act_on_one(desk):
    lines = ids(desk)
    desk.keyboard.press("j")
    assert focused(desk) == lines[0]
    desk.keyboard.press("j")
    assert focused(desk) == lines[1]
    desk.keyboard.press("k")
    assert focused(desk) == lines[0]
    sent = []
    desk.route("**/bank/lines/*/*", lambda route: (sent.append(route.request.url), route.fulfill()))
    line = desk.locator("[data-desk] > li:has(form .btn-primary)").first
    line.focus()
    desk.keyboard.press("m")
    desk.wait_for_url("**/bank/lines/*/*")
    assert sent[0].rpartition("/")[2] in ("match", "charge")


def test_hold_and_split_lead_to_the_forms_and_back_to_the_place(desk):
    line = desk.locator("[data-desk] > li[data-hold]").first
    name = line.get_attribute("id")
    line.focus()
    desk.keyboard.press("h")
    desk.wait_for_url("**#aside")
    assert desk.locator("#aside input[name=back]").input_value() == "lines"
    desk.go_back()
    assert name in ids(desk)
    desk.locator("[data-desk] > li[data-split]").first.focus()
    desk.keyboard.press("s")
    desk.wait_for_url("**/split")


def test_help_opens_and_the_keys_can_be_turned_off(desk):
    desk.keyboard.press("?")
    toggle = desk.locator("[data-desk-help] input")
    assert toggle.is_visible()
    desk.keyboard.press("j")
    assert focused(desk) == ids(desk)[0]
    toggle.focus()
    desk.keyboard.press("j")
    assert focused(desk) == toggle.evaluate("box => box.id")
    toggle.uncheck()
    desk.reload()
    desk.keyboard.press("j")
    assert not focused(desk).startswith("line-")


def test_other_keys_together_with_them_are_left_to_the_browser(desk):
    desk.keyboard.press("Control+j")
    assert not focused(desk).startswith("line-")
