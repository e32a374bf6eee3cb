"""A batch of payouts clicked in Chromium: one officer makes it, an approver who decided on nothing
in it releases it, another officer takes its file to the bank and brings the result; the line that
failed goes back to who asked, and its next approval gives it another voucher.
"""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fundapp import clock
from tests.browser.visitor import NARROW
from tests.factories.payouts import make_hands


@pytest.fixture
def world(story_app):
    """Two approved requests, and who works on them."""
    with story_app.app_context():
        hands = make_hands(2)
        people = {"maker": hands.maker, "releaser": hands.releaser, "taker": hands.taker}
        people |= {"asker": hands.team.asker, "approver": hands.team.approver}
        requests = [each.public_id for each in hands.requests]
        return {"requests": requests, **{name: each.email for name, each in people.items()}}


def test_one_of_two_fails_and_is_approved_again(enter, world):
    page = enter("maker")
    page.goto("/payouts/new")
    today = clock.today()
    page.get_by_label("Day of payment").fill(f"{today.day}/{today.month}/{today.year}")
    page.get_by_label("All that wait and can be paid from this account").check()
    page.get_by_role("button", name="Make the batch").click()
    expect(page.get_by_text("The batch is made. Somebody else releases it.")).to_be_visible()
    batch = page.url

    phone = enter("releaser", width=NARROW)
    phone.goto(batch)
    phone.get_by_role("button", name="Release the batch").click()
    expect(phone.get_by_text("Somebody else takes the file to the bank.")).to_be_visible()

    desk = enter("taker")
    desk.goto(batch)
    desk.get_by_label("CSV file").check()
    with desk.expect_download() as taken:
        desk.get_by_role("button", name="Take the file").click()
    lines = list(csv.DictReader(io.StringIO(Path(taken.value.path()).read_text("utf-8-sig"))))
    assert len(lines) == 2
    paid, failed = (line["voucher"] for line in lines)
    told = f"voucher,state,reason\n{paid},paid,\n{failed},failed,Account closed\n"
    desk.goto("/payouts")
    result = {"name": "result.csv", "mimeType": "text/csv", "buffer": told.encode()}
    desk.get_by_label("Result file of the bank").set_input_files(result)
    desk.get_by_role("button", name="Take in").click()
    expect(desk.get_by_text("2 results are new")).to_be_visible()
    back = desk.get_by_role("row", name=failed)
    expect(back.get_by_text("Returned for changes")).to_be_visible()

    asker = enter("asker", "th")
    asker.goto(f"/disbursements/{world['requests'][1]}/edit")
    asker.locator("form button.btn-primary").last.click()
    expect(asker).to_have_url(re.compile(f"/disbursements/{world['requests'][1]}$"))

    approver = enter("approver")
    approver.goto(f"/disbursements/{world['requests'][1]}")
    approver.get_by_role("button", name="Approve", exact=True).click()
    page.goto("/payouts/new")
    expect(page.get_by_role("checkbox")).to_have_count(2)
    page.goto(f"/disbursements/{world['requests'][1]}/voucher")
    assert failed not in page.content()
