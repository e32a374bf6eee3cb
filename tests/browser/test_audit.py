"""An auditor in Chromium: a sample of 25 by monetary unit with one exception, its finding, the
answer of its owner and the retest; and the names of a request, for a reason.
"""

from datetime import date

import pytest
from playwright.sync_api import expect

from fundapp.audit.samples.drafts import PaperDraft
from fundapp.audit.samples.models import PaperResult
from fundapp.audit.samples.operations import write_paper
from fundapp.db import unit_of_work
from tests.browser.test_story import expect_text, press
from tests.browser.visitor import Visitor
from tests.factories.actors import AUDITOR
from tests.factories.books import make_approval
from tests.factories.disbursements import make_paid, make_team, prove

ITEMS = 25


@pytest.fixture
def team(story_app):
    """Thirty approvals of a hundred baht, and a request that is proved."""
    with story_app.app_context():
        team = make_team()
        for _number in range(30):
            make_approval(10_000, on=date(2026, 11, 23))
        prove(make_paid(team), team)
        people = {"auditor": team.auditor, "approver": team.approver}
        return {name: (user.email, user.public_id) for name, user in people.items()}


@pytest.fixture
def enter(chromium, story_app, story_site, team):
    """Signs one of the team in: `enter("auditor")`."""
    visitors = []

    def begin(name):
        visitor = Visitor(chromium, story_site, "en")
        visitors.append(visitor)
        visitor.sign_in(story_app, team[name][0])
        return visitor.page

    yield begin
    complaints = [text for visitor in visitors for text in visitor.complaints]
    for visitor in visitors:
        visitor.close()
    assert complaints == []


def test_a_sample_leads_to_a_finding_and_its_retest(story_app, enter, team):
    page = enter("auditor")
    number = freeze_and_draw(page)
    exception_in_the_first(page, number)
    with story_app.app_context():
        for position in range(2, ITEMS + 1):
            paper = PaperDraft(PaperResult.IN_ORDER)
            unit_of_work(write_paper, number, position, paper, actor=AUDITOR)
    page.goto(f"/audit/samples/{number}")
    press(page, "Close the sample")
    expect_text(page, "Closed")
    finding = write_the_finding(page, number, team)
    owner = enter("approver")
    owner.goto(finding)
    owner.fill("#words", "Vouchers are dated on the day of the signature")
    press(owner, "Store the response")
    expect_text(owner, "Vouchers are dated")
    page.goto(finding)
    page.locator("input[name=result][value=pass]").check()
    page.locator("form[action$=retest] textarea").fill("Ten later vouchers are in order")
    press(page, "Store the retest")
    expect_text(page, "Ten later vouchers are in order")
    page.locator("form[action$=release] textarea").fill("One voucher was dated wrongly")
    press(page, "Publish")
    page.goto("/audit/published")
    expect_text(page, "One voucher was dated wrongly")
    page.goto(f"/audit/samples/{number}/again")
    expect_text(page, "same")


def freeze_and_draw(page):
    page.goto("/audit/samples/new")
    page.fill("#from_on", "1/11/2026")
    page.fill("#to_on", "23/11/2026")
    page.select_option("#kind", "assistance_approved")
    page.fill("#materiality", "360")
    press(page, "Freeze the population")
    expect_text(page, f"{ITEMS} entries")
    page.fill("#seed", "481516")
    press(page, "Draw")
    expect(page.locator("#list tbody tr")).to_have_count(ITEMS)
    return page.url.rpartition("/")[2]


def exception_in_the_first(page, number):
    page.goto(f"/audit/samples/{number}/items/1")
    page.locator("input[name=result][value=exception]").check()
    page.fill("#error", "1")
    page.fill("#note", "The voucher is dated a day early")
    press(page, "Store the working paper")
    page.goto(f"/audit/samples/{number}/items/1")
    page.get_by_role("link", name="Write a finding about it").wait_for()


def write_the_finding(page, number, team):
    page.goto(f"/audit/samples/{number}/items/1")
    page.get_by_role("link", name="Write a finding about it").click()
    page.locator("input[name=severity][value=low]").check()
    for field in ("title", "criteria", "condition", "cause", "effect"):
        page.fill(f"#{field}", f"The {field} of a voucher dated early")
    page.select_option("#owner", team["approver"][1])
    page.fill("#due_on", "24/12/2026")
    press(page, "Save")
    expect_text(page, f"{number}/1")
    return page.url


def test_an_auditor_opens_names_with_a_reason(enter):
    page = enter("auditor")
    page.goto("/disbursements")
    page.locator("main a[href^='/disbursements/']").filter(has_text="RQ").first.click()
    page.get_by_role("link", name="Receipt voucher").click()
    expect_text(page, "Covered: codes stand in place of names")
    page.go_back()
    expect(page.locator("main")).not_to_contain_text("Aminah")
    page.get_by_text("Show them, with a reason").click()
    page.fill("#opening-reason", "Voucher and account are compared")
    press(page, "Show for seven days")
    expect_text(page, "Aminah Invented")
    page.set_viewport_size({"width": 360, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
