"""Campaigns: opened by the office, given to on their pages, counted by what arrived."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp import clock
from fundapp.db import db, unit_of_work
from fundapp.giving.campaigns.operations import close_campaign, make_campaign_pledge
from fundapp.giving.campaigns.queries import get_campaign_row
from fundapp.giving.models import CampaignPledge, CountKind, Frequency
from fundapp.giving.queries import get_pledge
from tests.factories.actors import OFFICER, VISITOR
from tests.factories.campaigns import (
    campaign_draft,
    confirm,
    make_campaign,
    make_count,
    make_event,
)
from tests.factories.giving import make_payment, make_return, make_reversal, terms
from tests.factories.identity import make_user, sign_in

FORM = {
    "slug": "new-shoes",
    "fund": "GENERAL",
    "name_th": "รองเท้าคู่ใหม่",
    "name_en": "New shoes",
    "name_ms": "Kasut baharu",
    "story_th": "เด็กเดินไปโรงเรียน",
    "story_en": "They walk to school.",
    "story_ms": "Mereka berjalan.",
    "goal": "10,000",
    "starts_on": "1/11/2569",
    "ends_on": "31/12/2569",
}


def pledge_for(slug, **overrides):
    made = {
        "amount_satang": 50_000,
        "instalment_count": 1,
        "frequency": Frequency.ONCE,
        **overrides,
    }
    token = unit_of_work(make_campaign_pledge, terms(**made), slug, actor=VISITOR)
    return get_pledge(token)


def raised():
    db.session.expire_all()
    return get_campaign_row("new-shoes").raised


@pytest.mark.sqlite
def test_an_officer_opens_changes_and_closes_a_campaign(officer):
    missing = officer.post("/fundraising/new", data={**FORM, "name_ms": "", "slug": "New Shoes"})
    assert missing.status_code == 422
    assert "Write it in all three languages." in missing.text
    assert (
        "small letters" in officer.post("/fundraising/new", data={**FORM, "slug": "New Shoes"}).text
    )
    backwards = officer.post("/fundraising/new", data={**FORM, "ends_on": "1/10/2569"})
    assert "does not end before it begins" in backwards.text
    assert officer.post("/fundraising/new", data=FORM).location == "/fundraising/new-shoes"
    assert "has this address" in officer.post("/fundraising/new", data=FORM).text
    assert "New shoes" in officer.get("/fundraising").text

    page = officer.get("/fundraising/new-shoes/edit").text
    assert 'value="1"' in page
    changed = {**FORM, "goal": "20,000", "version": "1"}
    assert officer.post("/fundraising/new-shoes/edit", data=changed).status_code == 303
    assert officer.post("/fundraising/new-shoes/edit", data=changed).status_code == 409
    event = {"name": "Walk", "place": "Park", "held_on": "30/11/2569", "form_id": "one"}
    for _twice in range(2):
        assert officer.post("/fundraising/new-shoes/events", data=event).status_code == 303
    other = officer.post("/fundraising/new-shoes/events", data={**event, "place": "School"})
    assert "with other content" in other.text
    page = officer.get("/fundraising/new-shoes").text
    assert page.count("Walk</th>") == 1
    assert "20,000.00 baht" in page
    assert officer.get("/campaigns/new-shoes/poster.pdf").data.startswith(b"%PDF")

    assert officer.post("/fundraising/new-shoes/close").status_code == 303
    assert officer.post("/fundraising/new-shoes/close").status_code == 409
    assert "is over" in officer.get("/campaigns/new-shoes").text


def test_only_what_arrived_for_it_counts(funds, client):
    campaign = make_campaign()
    pledge, other = pledge_for("new-shoes"), pledge_for("")
    assert raised().satang == 0
    first = make_payment(30_000, pledge.instalments[0])
    second = make_payment(20_000, pledge.instalments[0])
    make_payment(50_000, other.instalments[0])
    one, two = (make_user("fund_officer").as_actor() for _each in range(2))
    count = make_count(one, kind=CountKind.EVENT, subject=make_event(campaign).public_id)
    assert raised().satang == 50_000
    counted = confirm(count, two)
    sign_in(client, make_user("fund_officer"))
    assert "1,620.00" in client.get("/fundraising/new-shoes").text
    client.delete_cookie("sid")
    assert (raised().satang, raised().cash_satang) == (212_000, 162_000)
    make_return(first)
    make_reversal(second)
    make_reversal(counted.payment)
    assert raised().satang == 0

    client.set_cookie("lang", "en")
    assert "0.00 baht" in client.get("/campaigns/new-shoes").text
    make_payment(12_300, pledge.instalments[0])
    assert "123.00 baht" in client.get("/campaigns/new-shoes").text


def test_a_gift_keeps_its_campaign_while_it_runs_and_goes_to_its_fund(funds):
    make_campaign()
    make_campaign("past", ends_on=clock.today(), starts_on=clock.today() - timedelta(days=3))
    make_campaign("closed")
    unit_of_work(close_campaign, "closed", actor=OFFICER)
    kept = pledge_for("new-shoes").id
    assert db.session.get(CampaignPledge, kept) is not None
    for slug, fund in (("new-shoes", "SCHOLARSHIP"), ("closed", "GENERAL"), ("no", "GENERAL")):
        assert db.session.get(CampaignPledge, pledge_for(slug, fund_code=fund).id) is None
    again = terms(idempotency_key="same", email="same@example.org")
    tokens = {
        unit_of_work(make_campaign_pledge, again, "new-shoes", actor=VISITOR) for _each in range(2)
    }
    assert len(tokens) == 1


@pytest.mark.sqlite
def test_the_page_to_give_names_the_campaign_and_sends_it(funds, client):
    make_campaign(fund="SCHOLARSHIP")
    client.set_cookie("lang", "en")
    page = client.get("/campaigns/new-shoes").text
    assert "/give?campaign=new-shoes&amp;fund=SCHOLARSHIP" in page
    assert "New shoes" in client.get("/campaigns").text
    form = client.get("/give?campaign=new-shoes").text
    assert 'name="campaign" type="hidden" value="new-shoes"' in form
    assert "counts for this campaign" in form
    assert "counts for this campaign" not in client.get("/give").text
    assert "counts for this campaign" not in client.get("/give?campaign=unknown").text
    sent = {
        "amount": "500",
        "fund": "SCHOLARSHIP",
        "frequency": Frequency.ONCE,
        "name": "Nuri",
        "method": "promptpay",
        "campaign": "new-shoes",
    }
    pledge = get_pledge(client.post("/give", data=sent).location.rpartition("/")[2])
    assert db.session.get(CampaignPledge, pledge.id) is not None
    assert client.get("/campaigns/unknown").status_code == 404


@pytest.mark.sqlite  # permissions are alike on both
def test_others_keep_no_campaigns(funds, client):
    make_campaign()
    sign_in(client, make_user("auditor"))
    assert client.get("/fundraising/new-shoes").status_code == 200
    assert client.post("/fundraising/new-shoes/close").status_code == 403
    sign_in(client, make_user("case_manager"))
    assert client.get("/fundraising").status_code == 403


REFUSED = [
    ("UPDATE campaigns SET slug = 'other'", "stay"),
    ("UPDATE campaigns SET goal_satang = 0", "goal_positive"),
    ("UPDATE campaigns SET ends_on = '2020-01-01'", "ends_after_start"),
    ("UPDATE campaigns SET name_ms = ''", "has_names"),
    ("UPDATE campaigns SET closed_at = created_at", "closed_at_when_closed"),
    ("DELETE FROM campaign_pledges", "append-only"),
    ("UPDATE campaign_events SET name = 'x'", "append-only"),
    ("DELETE FROM campaigns", "kept for ever"),
]


def test_the_tables_refuse(funds):
    make_event(make_campaign(goal_satang=campaign_draft().goal_satang))
    pledge_for("new-shoes")
    for statement, refusal in REFUSED:
        with pytest.raises(DBAPIError, match=refusal):
            unit_of_work(lambda each: db.session.execute(text(each)), statement)
    unit_of_work(close_campaign, "new-shoes", actor=OFFICER)
    reopen = "UPDATE campaigns SET status = 'open', closed_at = NULL"
    with pytest.raises(DBAPIError, match="stay"):
        unit_of_work(lambda: db.session.execute(text(reopen)))
