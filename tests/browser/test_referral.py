"""A referral clicked in Chromium: the case manager sends it with consent, somebody of the agency,
on a phone, sees that and nothing else and tells what was given; the supervisor sees who looked.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from fundapp import clock
from tests.browser.visitor import NARROW
from tests.factories.agencies import let_in, make_agency
from tests.factories.children import RAMAN, every_consent, make_child
from tests.factories.identity import make_user


@pytest.fixture
def world(story_app):
    """An agency with a person, a child with every consent, and who works with it."""
    with story_app.app_context():
        manager = make_user("case_manager", (RAMAN,))
        child = make_child(manager, district_code=RAMAN, consents=every_consent())
        agency = make_agency(name="Hospital of the story")
        return {
            "child": child.public_id,
            "manager": manager.email,
            "agency": let_in(agency).email,
            "supervisor": make_user("supervisor", (RAMAN,)).email,
        }


def test_from_the_file_to_what_was_given(enter, world):
    page = enter("manager")
    page.goto(f"/children/{world['child']}")
    page.get_by_role("link", name="Refer to an agency").click()
    page.get_by_label("Agency", exact=True).select_option(label="Hospital of the story")
    page.get_by_label("Need", exact=True).select_option(label="Health")
    page.get_by_label("First name").check()
    page.get_by_label("What is needed").fill("Glasses, the old ones are broken")
    last = clock.today() + timedelta(days=20)
    page.get_by_label("The agency sees it until").fill(f"{last.day}/{last.month}/{last.year}")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("The agency gets a message without names.")).to_be_visible()

    phone = enter("agency", width=NARROW)
    phone.goto("/today")
    expect(phone.get_by_text("Referrals to your agency")).to_be_visible()
    phone.locator("a.stat-value").click()
    phone.locator("#list tbody a").click()
    expect(phone.get_by_text("Glasses, the old ones are broken")).to_be_visible()
    assert "Telephone of the guardian" not in phone.content()
    phone.get_by_role("button", name="Accept").click()
    phone.get_by_label("Goods").check()
    phone.get_by_label("How much").fill("1")
    today = clock.today()
    phone.get_by_label("Day of the help").fill(f"{today.day}/{today.month}/{today.year}")
    phone.get_by_role("button", name="Tell what was given").click()
    expect(phone.get_by_text("Thank you. The case manager is told.")).to_be_visible()
    for closed in ("/children", "/agencies", "/disbursements"):
        assert phone.request.get(closed).status == 403

    desk = enter("supervisor", "th")
    desk.goto(f"/children/{world['child']}")
    expect(desk.get_by_role("table").get_by_text("Person").first).to_be_visible()
    desk.goto("/referrals")
    desk.locator("#list tbody a").first.click()
    expect(desk.get_by_text("Hospital of the story")).to_be_visible()
