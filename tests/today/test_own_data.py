"""One's own data as a file: everything of oneself, nothing of anybody else."""

import io
import json
import zipfile

import pytest

from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.giving import operations
from fundapp.giving.models import RefundWay
from fundapp.trail.queries import list_events
from tests.factories.actors import OFFICER, VISITOR
from tests.factories.books import make_fund
from tests.factories.campaigns import make_gift_in_kind
from tests.factories.giving import connect_donor, make_paid_refund, make_payment, make_pledge
from tests.factories.identity import make_user, sign_in
from tests.factories.line import link_line
from tests.factories.slips import make_slip


@pytest.fixture
def aminah(session, clock):
    """Her account and her donor, who gave and asked for a refund; somebody else typed her address
    and name.
    """
    make_fund("GENERAL")
    account = make_user(Role.DONOR, email="aminah@example.org")
    pledge = make_pledge(name="อามีนะห์ สมมุติ", email="aminah@example.org", locale="th")
    connect_donor(pledge, account)
    unit_of_work(operations.confirm_pledge, pledge.confirmation_code, actor=account.as_actor())
    payment = make_payment(40_000, pledge.instalments[0])
    unit_of_work(operations.ask_for_refund, payment.public_id, 5_000, RefundWay.CASH, actor=VISITOR)
    typed = make_pledge(
        name="อามีนะห์ สมมุติ", email="aminah@example.org", amount_satang=77_700, is_anonymous=False
    )
    make_payment(66_600, typed.instalments[0])
    make_payment(12_300, make_pledge(name="Somebody Else").instalments[0])
    return account, pledge.donor.public_id


def opened(answer):
    """The JSON and the page of a file."""
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        return json.loads(file.read("data.json")), file.read("data.html").decode()


def test_a_donor_gets_everything_of_herself_and_nothing_that_others_typed(aminah, client):
    account, donor = aminah
    client.set_cookie("lang", "en")
    sign_in(client, account)
    assert "/my-giving/data" in client.get("/my-giving").text
    data, page = opened(client.post("/my-giving/data"))
    assert [each["amount_satang"] for each in data["pledges"]] == [100_000]
    assert [each["amount_satang"] for each in data["payments"]] == [40_000]
    (receipt,) = data["receipts"]
    assert receipt["name"] == "อามีนะห์ สมมุติ"
    assert receipt["content"]["number"] == receipt["number"]
    assert [each["amount_satang"] for each in data["refunds"]] == [5_000]
    assert data["consents"][0]["reminders_wanted"] is True
    subjects = [each["subject"] for each in data["messages"]]
    assert len(subjects) >= 2
    assert {"Payment recorded", "Refund asked for by the giver"} <= {
        each["what"] for each in data["history"]
    }
    for text in (json.dumps(data, ensure_ascii=False), page):
        assert "อามีนะห์ สมมุติ" in text
        assert "77700" not in text
        assert "66600" not in text
        assert "Somebody Else" not in text
    assert list_events("donor", donor)[0].action == "giving:donor:copy"


@pytest.mark.sqlite
def test_an_officer_makes_the_file_for_a_letter_and_the_trail_says_so(aminah, client):
    donor = aminah[1]
    client.set_cookie("lang", "en")
    sign_in(client, make_user(Role.FUND_OFFICER))
    address = f"/donors/{donor}/data"
    assert "It is written to the trail" in client.get(address).text
    assert client.post(address, data={"asked_on": "1/1/2600"}).status_code == 422
    data, _page = opened(client.post(address, data={"asked_on": "20/11/2569"}))
    assert sorted(each["amount_satang"] for each in data["payments"]) == [40_000, 66_600]
    event = list_events("donor", donor)[0]
    assert (event.action, event.note) == ("giving:donor:copy", "2026-11-20")


def test_what_she_said_and_sent_is_in_it(aminah, client):
    account, ref = aminah
    told = {"in_honour_of": "Her mother", "payer_name": "Her brother"}
    pledge = make_pledge(name="อามีนะห์ สมมุติ", email="aminah@example.org", **told)
    unit_of_work(operations.confirm_pledge, pledge.confirmation_code, actor=account.as_actor())
    make_slip(pledge)
    make_paid_refund(make_payment(33_334, pledge.instalments[0]), 33_334)
    make_gift_in_kind(donor_id=pledge.donor_id, description="Twenty sacks of rice")
    tags = {"kind": pledge.donor.kind, "phone": "", "tags": ["teacher"], "actor": OFFICER}
    unit_of_work(operations.describe_donor, ref, **tags)
    link_line(pledge.donor)
    client.set_cookie("lang", "en")
    sign_in(client, account)
    data, page = opened(client.post("/my-giving/data"))
    said = data["pledges"][1]
    assert (said["in_honour_of"], said["who_pays"]) == ("Her mother", "Her brother")
    assert said["funds"] == {"GENERAL": 100_000}
    assert [each["state"] for each in data["slips"]] == ["confirmed"]
    assert [each["what"] for each in data["gifts_in_kind"]] == ["Twenty sacks of rice"]
    assert data["refunds"][-1]["accounts"][0]["number"] == "9876543210"
    assert data["donors"][0]["tags"] == ["teacher"]
    assert data["donors"][0]["line_linked"]
    by = {each["what"]: each["by"] for each in data["history"]}
    assert by["Pledge confirmed from the mailbox"] == "the giver"
    for text in ("Her mother", "0002123123121200011", "rice", "9876543210", "teacher"):
        assert text in page, text


@pytest.mark.sqlite
def test_who_gave_nothing_and_who_may_not(aminah, client):
    sign_in(client, make_user(Role.DONOR))
    assert client.post("/my-giving/data").status_code == 404
    sign_in(client, make_user(Role.AUDITOR))
    assert client.get(f"/donors/{aminah[1]}/data").status_code == 403
